import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Format } from "../../dataset/formats/format.ts";
import { LOCK_FILE } from "../../runs/lock.ts";
import { ownerState, parseLockOwner } from "../../runs/lock-owner.ts";
import { readJournal } from "../../runs/read-journal.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { currentSyntheses } from "../current-syntheses.ts";
import { storedTrajectory } from "../stored-trajectory.ts";
import { exportWords } from "../words.ts";

/** How far an export has come. */
export interface ExportCounts {
  /** Personas that have ended, whatever came of them. */
  ended: number;
  rows: number;
}

/** The rows of a run's accepted trajectories, in the order in which they were accepted; counts while it reads. */
export async function* exportRows(
  { paths }: RunFolder,
  format: Format,
  counts: ExportCounts,
  stop: AbortSignal,
): AsyncGenerator<object, void, undefined> {
  for await (const record of currentSyntheses(paths)) {
    stop.throwIfAborted();
    counts.ended += 1;
    if (record.outcome !== "accepted") continue;
    const read = storedTrajectory(record);
    if (read === undefined) continue;
    const { id, persona, script, trajectory = [] } = record;
    const row = format.row({ stored: { id, persona, script, trajectory }, read });
    if (row === undefined) continue;
    counts.rows += 1;
    yield row;
  }
}

/** The process that is working on a run; undefined when there is none that can be seen. */
async function workingProcess(directory: string): Promise<number | undefined> {
  const text = await readFile(join(directory, LOCK_FILE), "utf8").catch(() => "");
  const owner = parseLockOwner(text);
  return owner !== undefined && (await ownerState(owner)) === "alive" ? owner.process : undefined;
}

/** Words for a run that is not finished; undefined for one that is. */
export async function unfinishedNote(run: RunFolder, ended: number): Promise<string | undefined> {
  let personas = 0;
  for await (const _persona of readJournal(run.paths.personas)) personas += 1;
  if (ended >= personas) return undefined;
  return exportWords.unfinished(ended, personas, await workingProcess(run.directory));
}
