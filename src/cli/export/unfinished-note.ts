import { folderOwner } from "../../runs/lock.ts";
import { readJournal } from "../../runs/read-journal.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { exportWords } from "../export-words.ts";

/** The process that is working on a run; undefined when there is none that can be seen. */
async function workingProcess(directory: string): Promise<number | undefined> {
  return (await folderOwner(directory).catch(() => undefined))?.process;
}

/** How far a run is that has not ended. */
export interface UnfinishedRun {
  /** Personas that have ended, whatever came of them. */
  readonly ended: number;
  /** All of its personas. */
  readonly personas: number;
}

/** How far a run is of which so many personas have ended; undefined when these are all. */
export async function unfinishedRun(run: RunFolder, ended: number): Promise<UnfinishedRun | undefined> {
  let personas = 0;
  for await (const _persona of readJournal(run.paths.personas)) personas += 1;
  return ended < personas ? { ended, personas } : undefined;
}

/** The same in words for the user; undefined when the run has ended. */
export async function unfinishedNote(run: RunFolder, ended: number): Promise<string | undefined> {
  const unfinished = await unfinishedRun(run, ended);
  if (unfinished === undefined) return undefined;
  return exportWords.unfinished(ended, unfinished.personas, await workingProcess(run.directory));
}

/** When a run began and, if it has not ended, how far it was: what a README says of where the data comes from. */
export async function runFacts(
  run: RunFolder,
  ended: number,
): Promise<readonly (readonly [string, string])[]> {
  const unfinished = await unfinishedRun(run, ended);
  const began = ["run started at", run.description.createdAt] as const;
  return unfinished === undefined
    ? [began]
    : [began, ["the run was not finished", `${ended} of ${unfinished.personas} personas had ended`]];
}
