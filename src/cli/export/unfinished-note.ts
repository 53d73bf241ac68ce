import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LOCK_FILE } from "../../runs/lock.ts";
import { ownerState, parseLockOwner } from "../../runs/lock-owner.ts";
import { readJournal } from "../../runs/read-journal.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { exportWords } from "../export-words.ts";

/** The process that is working on a run; undefined when there is none that can be seen. */
async function workingProcess(directory: string): Promise<number | undefined> {
  const text = await readFile(join(directory, LOCK_FILE), "utf8").catch(() => "");
  const owner = parseLockOwner(text);
  return owner !== undefined && (await ownerState(owner)) === "alive" ? owner.process : undefined;
}

/** Words for a run of which so many personas have ended; undefined when these are all. */
export async function unfinishedNote(run: RunFolder, ended: number): Promise<string | undefined> {
  let personas = 0;
  for await (const _persona of readJournal(run.paths.personas)) personas += 1;
  if (ended >= personas) return undefined;
  return exportWords.unfinished(ended, personas, await workingProcess(run.directory));
}
