import { resolve } from "node:path";
import type { PersonasFlags } from "../../config/flags.ts";
import { SHIPPED_PERSONAS, STANDARD_INPUT } from "../../config/run-settings.ts";
import { checkSource, selectForRun } from "../../generation/personas-of-run.ts";
import { counted } from "../../numbers.ts";
import { exists } from "../../runs/atomic-file.ts";
import { writePersonas } from "../../synthesis/keep-personas.ts";
import { asUsage, UsageError, unknownAction } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { tell } from "../terminal/text.ts";

const ACTION = "select";

/** `agentrefine personas select`: the personas that a run would take, as a file. */
export async function runPersonas(
  host: Host,
  flags: PersonasFlags,
  action: string,
  given: string = SHIPPED_PERSONAS,
): Promise<void> {
  if (action !== ACTION) throw unknownAction("personas", action, [ACTION]);
  const { out: named, seed = 1, strict = false, force = false, json, ...selection } = flags;
  const isPath = given !== SHIPPED_PERSONAS && given !== STANDARD_INPUT;
  const source = isPath ? resolve(host.directory, given) : given;
  const out = resolve(host.directory, named);
  await asUsage(() => checkSource(source));
  if (!force && (await exists(out)))
    throw new UsageError(`${out} exists already`, { fix: "Give another name, or --force to replace it." });
  using interruption = watchInterrupts(host);
  const input = { stdin: host.stdin, onNote: (note: string) => tell(host.stderr, note) };
  const settings = { personas: { source, ...selection }, seed };
  const selected = selectForRun(settings, input, { strict, stop: interruption.signal });
  const personas = await asUsage(() => writePersonas(out, selected));
  tell(host.stderr, `Wrote ${counted(personas, "persona")} to ${showPath(out, host.directory)}.`);
  if (json === true) host.stdout.write(`${JSON.stringify({ out, personas })}\n`);
}
