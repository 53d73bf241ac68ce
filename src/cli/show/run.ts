import { resolve } from "node:path";
import type { ShowFlags } from "../../config/flags.ts";
import { openRunFolder } from "../../runs/run-folder.ts";
import type { TokenizeJob } from "../../tokens/tokenize-example.ts";
import { DEFAULT_MAX_TOKENS } from "../export/target.ts";
import { tokenWords } from "../export-words.ts";
import type { CliContext } from "../terminal/host.ts";
import { asUsage, UsageError } from "../usage-error.ts";
import { findRecord } from "./find-record.ts";
import { listRun } from "./list-run.ts";
import { recordLines } from "./record-lines.ts";

/** With what the tokens of a trajectory are to be shown; undefined when they are not. */
function jobOf(flags: ShowFlags, id: string | undefined, directory: string): TokenizeJob | undefined {
  const { tokenizer, template, maxTokens } = flags;
  if (tokenizer === undefined || template === undefined) {
    if (tokenizer !== template)
      throw new UsageError(tokenWords.noTemplate, { fix: tokenWords.noTemplateFix });
    if (maxTokens === undefined) return undefined;
    throw new UsageError(tokenWords.limitAlone, { fix: tokenWords.limitAloneFix });
  }
  if (id === undefined) throw new UsageError(tokenWords.noId, { fix: tokenWords.noIdFix });
  return { tokenizer: resolve(directory, tokenizer), template, maxTokens: maxTokens ?? DEFAULT_MAX_TOKENS };
}

/** `agentrefine show`: the ended personas of a run, or one of them in full. */
export async function runShow(
  this: CliContext,
  flags: ShowFlags,
  directory: string,
  id?: string,
): Promise<void> {
  const { host } = this;
  const { stdout } = host;
  const { run, job } = await asUsage(async () => ({
    job: jobOf(flags, id, host.directory),
    run: await openRunFolder(resolve(host.directory, directory)),
  }));
  if (id === undefined) return listRun(run, flags, host);
  const record = await asUsage(() => findRecord(run, id));
  if (job !== undefined) {
    // What tokenises takes a while to load, and most of what is shown has no need of it.
    const { tokensOf, writeTokens } = await import("./token-lines.ts");
    const shown = await asUsage(() => tokensOf(record, job));
    if (flags.json !== true) return writeTokens(shown, job.maxTokens, host);
    stdout.write(`${JSON.stringify(shown)}\n`);
  } else if (flags.json === true) stdout.write(`${JSON.stringify(record)}\n`);
  else stdout.write(`${recordLines(record, host).join("\n")}\n`);
  await stdout.drained();
}
