import { readFile, realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { defined } from "../../defined.ts";
import { AgentRefineError, systemErrorCode } from "../../errors.ts";
import { markOf } from "../../persona/persona.ts";
import {
  exists,
  writeAtomically,
  writeFileAtomically,
  writeFolderAtomically,
} from "../../runs/atomic-file.ts";
import { type FolderLock, lockFolder, requireUnlocked } from "../../runs/lock.ts";
import {
  descriptionText,
  openGeneratedRun,
  type RunDescription,
  type RunFolder,
  runPaths,
} from "../../runs/run-folder.ts";
import { type Shard, shardText } from "../../runs/shard.ts";
import { WholeListFold } from "../keep-personas.ts";
import { readPersonaLines } from "../persona-lines.ts";
import { type Agreement, agreementOf, missingShards } from "./agreement.ts";
import {
  type Merged,
  normalForm,
  otherFile,
  type Part,
  placesOf,
  RECORD_FILES,
  readPart,
} from "./normal-form.ts";

const NEWLINE = 0x0a;

/** How runs are merged. */
export interface MergeOptions {
  /** The folder to write. Nothing may be there but the same merge. */
  readonly out: string;
  /** The folders of the runs, in any order: the shards of a run, or merged runs of some of them. */
  readonly runs: readonly string[];
  /** Whether shards and ends of personas may be missing; the merged run then has the rest, to be resumed or merged on. */
  readonly allowMissing?: boolean;
  /** Told things worth a line, such as a process on another host that has to be waited for. */
  readonly onNote?: (note: string) => void;
  readonly stop?: AbortSignal;
}

/** A run of which not all personas have ended. */
interface UnendedRun {
  readonly directory: string;
  readonly personas: number;
  readonly pending: number;
}

/** What runs that are merged do not have. */
export interface MergeGaps {
  /** Shards that no run has, such as `3,5-7/8`. */
  readonly shards: string | undefined;
  /** Runs of which not all personas have ended. */
  readonly unended: readonly UnendedRun[];
}

/** What came of a merge. */
export interface MergeResult {
  /**
   * `incomplete` when something is missing that may not be, and nothing was written; `unchanged` when the folder was this
   * merge already.
   */
  readonly kind: "merged" | "unchanged" | "incomplete";
  /** An absolute path. */
  readonly out: string;
  readonly personas: number;
  readonly ended: number;
  readonly gaps: MergeGaps;
}

async function openRuns({ out, runs }: MergeOptions): Promise<readonly RunFolder[]> {
  const opened: RunFolder[] = [];
  const places = new Map<string, string>();
  const target = await realpath(out).catch(() => resolve(out));
  for (const directory of runs) {
    const run = await openGeneratedRun(directory);
    const place = await realpath(run.directory);
    if (place === target) {
      throw new AgentRefineError(`${directory} is to be merged into itself`, {
        fix: "Give another folder to write.",
      });
    }
    const before = places.get(place);
    if (before !== undefined)
      throw new AgentRefineError(`${directory} was given twice`, { fix: "Give each run once." });
    places.set(place, directory);
    opened.push(run);
  }
  return opened;
}

/** Keeps other processes from a run while it is read; one on a disk that cannot be written is asked only. */
async function lockToRead(directory: string, note: MergeOptions["onNote"]): Promise<FolderLock | undefined> {
  try {
    return await lockFolder(directory, { note });
  } catch (error) {
    const code = error instanceof Error ? systemErrorCode(error.cause) : undefined;
    if (code !== "EROFS" && code !== "EACCES") throw error;
    await requireUnlocked(directory);
    return undefined;
  }
}

/** Refuses two personas of the same id, which would be one in all that is made of the run. */
async function requireUniqueIds(parts: readonly Part[]): Promise<void> {
  const marks = new Float64Array(parts.reduce((sum, { personas }) => sum + personas.size, 0));
  let at = 0;
  for (const { personas } of parts) {
    marks.set(personas.marks, at);
    at += personas.size;
  }
  marks.sort();
  const suspects = new Set(marks.filter((mark, place) => mark === marks[place - 1]));
  if (suspects.size === 0) return;
  const found = new Map<string, string>();
  for (const { run } of parts) {
    for await (const { index, persona } of readPersonaLines(run.paths)) {
      if (!suspects.has(markOf(persona.id))) continue;
      const before = found.get(persona.id);
      const where = `place ${index} of ${run.directory}`;
      if (before !== undefined) {
        throw new AgentRefineError(`the persona ${persona.id} is at ${before} and at ${where}`, {
          fix: "Begin the shards anew from one list without duplicates.",
        });
      }
      found.set(persona.id, where);
    }
  }
}

/** Refuses parts that together are not the list of which each is a shard. */
async function requireWholeList(merged: Merged, { wholeList }: Agreement): Promise<void> {
  if (wholeList === undefined) return;
  const whole = new WholeListFold();
  const readers = merged.parts.map(({ run }) => readPersonaLines(run.paths));
  for (const { owner } of placesOf(merged)) {
    const next = await readers[owner]?.next();
    if (next?.done === false) whole.take(next.value.persona);
  }
  for (const reader of readers) await reader.return();
  const found = whole.end();
  if (isDeepStrictEqual(found, wholeList)) return;
  throw new AgentRefineError(
    `the shards together have ${found.personas} personas that are not the ${wholeList.personas} that they were taken of`,
    { fix: "Restore the runs' personas.jsonl from a copy." },
  );
}

function gapsOf(parts: readonly Part[], missing: Shard | undefined): MergeGaps {
  const unended = parts.map(({ run, personas, syntheses }) => ({
    directory: run.directory,
    personas: personas.size,
    pending: personas.size - syntheses.size,
  }));
  return {
    shards: missing && shardText(missing),
    unended: unended.filter(({ pending }) => pending > 0),
  };
}

/** What `run.json` of the merged run says. */
function descriptionOf(
  { description, shard, wholeList }: Agreement,
  isWhole: boolean,
): Omit<RunDescription, "format"> {
  if (isWhole) return description;
  const { personas, ...settings } = description.settings;
  const sharded = { ...(typeof personas === "object" ? personas : {}), shard: shardText(shard) };
  return {
    ...description,
    settings: { ...description.settings, ...settings, personas: sharded },
    ...defined({ wholeList }),
  };
}

async function isThisMerge(merged: Merged, text: string, out: string): Promise<boolean> {
  if (!(await exists(out))) return false;
  const paths = runPaths(out);
  const before = await readFile(paths.run, "utf8").catch(() => undefined);
  const other = before === text ? await otherFile(merged, paths) : "run";
  if (other === undefined) return true;
  throw new AgentRefineError(
    before === undefined
      ? `${out} exists already and is not a run`
      : `${out} exists already and is not this merge: its ${other === "run" ? "run.json" : `${other}.jsonl`} is another`,
    { fix: "Give another folder, or remove that one." },
  );
}

/**
 * Takes along what was said of the parts. It names personas by their ids, each of which is in one part, so that the
 * order of the parts changes nothing. A half-written last line is ended, as the next annotation would.
 */
async function keepAnnotations({ parts, owners }: Merged, path: string): Promise<void> {
  const files: string[] = [];
  for (const owner of new Set(owners)) {
    const { annotations } = (owner === undefined ? undefined : parts[owner])?.run.paths ?? {};
    if (annotations !== undefined && (await exists(annotations))) files.push(annotations);
  }
  if (files.length === 0) return;
  await writeAtomically(path, async (target) => {
    for (const file of files) {
      const said = await readFile(file);
      await target.write(said.length === 0 || said.at(-1) === NEWLINE ? said : `${said}\n`);
    }
  });
}

/**
 * Puts the shards of a run together into one run, in the order of the whole list: a merge of all shards equals, byte for
 * byte, the merge of one run without shards that got the same replies. Memory is about 150 bytes a persona. The
 * folder appears under its name only when it is complete; the runs are locked meanwhile and stay as they are.
 *
 * @throws AgentRefineError when the runs are no parts of one whole, overlap, are in use or damaged, or the folder is
 *   something else
 */
export async function mergeRuns(options: MergeOptions): Promise<MergeResult> {
  const out = resolve(options.out);
  const runs = await openRuns(options);
  const locks: (FolderLock | undefined)[] = [];
  try {
    for (const { directory } of runs) locks.push(await lockToRead(directory, options.onNote));
    // Read again: what was read before may have changed until it was locked.
    return await mergeLocked(await openRuns(options), out, options);
  } finally {
    for (const lock of locks) await lock?.release();
  }
}

async function mergeLocked(
  runs: readonly RunFolder[],
  out: string,
  { allowMissing = false, onNote, stop }: MergeOptions,
): Promise<MergeResult> {
  const agreement = agreementOf(runs);
  for (const note of agreement.notes) onNote?.(note);
  const parts: Part[] = [];
  for (const run of runs) parts.push(await readPart(run, stop));
  const merged: Merged = { parts, owners: agreement.owners };
  const missing = missingShards(agreement);
  const gaps = gapsOf(parts, missing);
  const count = (file: "personas" | "syntheses"): number =>
    parts.reduce((sum, part) => sum + part[file].size, 0);
  const result = { out, personas: count("personas"), ended: count("syntheses"), gaps };
  if (!allowMissing && (missing !== undefined || gaps.unended.length > 0))
    return { kind: "incomplete", ...result };
  await requireUniqueIds(parts);
  for (const { directory } of gaps.unended) {
    if (await exists(runPaths(directory).batches))
      onNote?.(`${directory} waits for batches, which stay with it: finish it there and merge again`);
  }
  if (missing === undefined) await requireWholeList(merged, agreement);
  const text = descriptionText(descriptionOf(agreement, missing === undefined));
  if (await isThisMerge(merged, text, out)) return { kind: "unchanged", ...result };
  await writeFolderAtomically(out, async (folder) => {
    const paths = runPaths(folder);
    for (const file of RECORD_FILES) {
      await writeAtomically(paths[file], async (target) => {
        for await (const block of normalForm(merged, file, stop)) await target.write(block);
      });
    }
    await keepAnnotations(merged, paths.annotations);
    await writeFileAtomically(paths.run, text);
  });
  return { kind: "merged", ...result };
}
