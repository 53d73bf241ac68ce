import { resolve } from "node:path";
import { openRunFolder } from "../../runs/run-folder.ts";
import type { OutcomeKind } from "../../synthesis/record.ts";
import { asUsage } from "../usage-error.ts";
import type { CliContext } from "../world.ts";
import { findRecord } from "./find-record.ts";
import { listRun } from "./list-run.ts";
import { recordLines } from "./record-lines.ts";

/** The flags of `show`. */
export interface ShowFlags {
  readonly limit?: number | undefined;
  readonly outcome?: OutcomeKind | undefined;
  readonly json?: boolean | undefined;
}

/** `agentrefine show`: the ended personas of a run, or one of them in full. */
export async function runShow(
  this: CliContext,
  flags: ShowFlags,
  directory: string,
  id?: string,
): Promise<void> {
  const { world } = this;
  const { stdout } = world;
  const run = await asUsage(() => openRunFolder(resolve(world.directory, directory)));
  if (id === undefined) return listRun(run, flags, world);
  const record = await asUsage(() => findRecord(run, id));
  if (flags.json === true) stdout.write(`${JSON.stringify(record)}\n`);
  else stdout.write(`${recordLines(record, world).join("\n")}\n`);
  await stdout.drained();
}
