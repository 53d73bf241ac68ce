import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { storageError } from "../errors.ts";
import { exists, syncFolder, writeAtomically } from "./atomic-file.ts";
import { openJournal } from "./journal.ts";
import { openBytes, pack, packedPath } from "./journal-bytes.ts";
import { lockFolder } from "./lock.ts";
import type { RunFolder } from "./run-folder.ts";

/** What packing or unpacking came to, in bytes of journals. */
export interface Packed {
  readonly plain: number;
  readonly packed: number;
}

/** Removes files that hold nothing that is not elsewhere: what was written after an earlier packing, and so on. */
export async function removeTails(path: string): Promise<void> {
  const begins = `${basename(path, ".jsonl")}.after-`;
  for (const name of await readdir(dirname(path)))
    if (name.startsWith(begins) && name.endsWith(".jsonl")) await rm(join(dirname(path), name));
}

/** Packs a journal: it is written anew, and only when that is on the disk is the former removed. */
async function packJournal(path: string): Promise<Packed> {
  const to = packedPath(path);
  // Cuts what a kill has left half-written, as whoever resumed the run would.
  if ((await exists(path)) || (await exists(to))) await (await openJournal(path, { sync: true })).close();
  const plain = await openBytes(path);
  if (plain === undefined) return { plain: 0, packed: 0 };
  await using journal = plain;
  await writeAtomically(to, async (file) => {
    for await (const member of pack(journal.blocks(0))) await file.write(member);
  });
  await rm(path, { force: true });
  await removeTails(path);
  await syncFolder(dirname(path));
  return { plain: journal.size, packed: (await stat(to)).size };
}

async function unpackJournal(path: string): Promise<Packed> {
  const to = packedPath(path);
  const packed = (await exists(to)) ? (await stat(to)).size : 0;
  const found = await openBytes(path);
  if (found === undefined) return { plain: 0, packed: 0 };
  await using journal = found;
  if (!(await exists(path))) {
    await writeAtomically(path, async (file) => {
      for await (const block of journal.blocks(0)) await file.write(block);
    });
  }
  await rm(to, { force: true });
  await removeTails(path);
  await syncFolder(dirname(path));
  return { plain: journal.size, packed };
}

async function both(
  { directory, paths }: RunFolder,
  work: (path: string) => Promise<Packed>,
): Promise<Packed> {
  await using _lock = await lockFolder(directory);
  try {
    const [calls, syntheses] = [await work(paths.calls), await work(paths.syntheses)];
    return { plain: calls.plain + syntheses.plain, packed: calls.packed + syntheses.packed };
  } catch (error) {
    throw storageError(error, "write", directory);
  }
}

/**
 * Packs the journals of a run that nobody drives, so that they take a fraction of the disk and are read as before. At
 * any moment of it a kill loses nothing. Packing again packs what was written since. Throws AgentRefineError.
 */
export function packRun(run: RunFolder): Promise<Packed> {
  return both(run, packJournal);
}

/** Makes the journals of a run plain again. Throws AgentRefineError. */
export function unpackRun(run: RunFolder): Promise<Packed> {
  return both(run, unpackJournal);
}
