import { resolve } from "node:path";
import type { ShowFlags } from "../../config/flags.ts";
import { DEFAULT_MAX_TOKENS } from "../../publish/target.ts";
import { openRunFolder } from "../../runs/run-folder.ts";
import type { AnsweredCall } from "../../synthesis/persona-calls.ts";
import type { SynthesisRecord } from "../../synthesis/record.ts";
import type { TokenizeJob } from "../../tokens/tokenize-example.ts";
import { asUsage, EXIT_CODE, type ExitCode, UsageError } from "../failure.ts";
import { openIndexed } from "../run/indexed.ts";
import type { Host } from "../terminal/host.ts";
import { listRun } from "./list-run.ts";
import { showEvaluation } from "./show-evaluation.ts";
import { annotationLines, callsOf, findPersona, promptLines, recordLines, recordOf } from "./show-record.ts";

/** With what the tokens of a trajectory are to be shown; undefined when they are not. */
function jobOf(flags: ShowFlags, id: string | undefined, directory: string): TokenizeJob | undefined {
  const { tokenizer, template, maxTokens } = flags;
  if (tokenizer === undefined || template === undefined) {
    if (tokenizer !== template)
      throw new UsageError("--tokenizer and --template belong together", { fix: "Give both." });
    if (maxTokens === undefined) return undefined;
    throw new UsageError("--max-tokens is for --tokenizer only", { fix: "Leave it out." });
  }
  if (id === undefined)
    throw new UsageError("--tokenizer is for one trajectory only", { fix: "Give its id after the run." });
  return { tokenizer: resolve(directory, tokenizer), template, maxTokens: maxTokens ?? DEFAULT_MAX_TOKENS };
}

/** One call of a persona: its prompt and its reply. Throws UsageError when there is none of that number. */
function callText(
  record: SynthesisRecord,
  calls: readonly AnsweredCall[],
  { call: number, json }: ShowFlags,
  host: Host,
): string {
  const call = calls.find((each) => each.call === number);
  if (call === undefined) {
    throw new UsageError(`${record.id} has no answered call ${number}`, {
      fix: `It has ${calls.map((each) => each.call).join(", ") || "none"}.`,
    });
  }
  return `${json === true ? JSON.stringify(call) : promptLines(call, host).join("\n")}\n`;
}

/** `agentrefine show`: the ended personas of a run or the episodes of an evaluation, or one of them in full. */
export async function runShow(
  host: Host,
  flags: ShowFlags,
  directory: string,
  id?: string,
): Promise<ExitCode | undefined> {
  const { stdout } = host;
  const { run, job } = await asUsage(async () => ({
    job: jobOf(flags, id, host.directory),
    run: await openRunFolder(resolve(host.directory, directory)),
  }));
  if (run.description.settings.kind === "evaluation") {
    await asUsage(() => showEvaluation(run.directory, id, flags, host));
    return;
  }
  if (id === undefined) {
    if (flags.call !== undefined)
      throw new UsageError("--call is for one persona only", { fix: "Give its ID too." });
    return (await listRun(run, flags, host)) ? EXIT_CODE.belowThreshold : EXIT_CODE.done;
  }
  const entry = await asUsage(async () => findPersona(await openIndexed(run, host), id));
  const record = await recordOf(run, entry);
  if (job !== undefined) {
    // What tokenises takes a while to load, and most of what is shown has no need of it.
    const { tokensOf, writeTokens } = await import("./token-lines.ts");
    const shown = await asUsage(() => tokensOf(record, job));
    if (flags.json === true) stdout.write(`${JSON.stringify(shown)}\n`);
    else await writeTokens(shown, job.maxTokens, host);
  } else if (flags.call !== undefined)
    stdout.write(callText(record, await callsOf(run, record, entry), flags, host));
  else if (flags.json === true) stdout.write(`${JSON.stringify(record)}\n`);
  else {
    const said = await annotationLines(run.directory, record.id, host);
    const lines = [...recordLines(record, await callsOf(run, record, entry), host), ...said];
    stdout.write(`${lines.join("\n")}\n`);
  }
  await stdout.drained();
}
