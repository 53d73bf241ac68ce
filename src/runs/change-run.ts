import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { AgentRefineError } from "../errors.ts";
import { exists, writeFileAtomically } from "./atomic-file.ts";
import { readJournal } from "./journal.ts";
import { packedPath } from "./journal-bytes.ts";
import { lockFolder } from "./lock.ts";
import { removeTails } from "./pack-run.ts";
import {
  createRunFolder,
  descriptionText,
  openRunFolder,
  programVersion,
  type RunDescription,
  type RunFolder,
  runPaths,
  type WholeList,
} from "./run-folder.ts";

type Note = (line: string) => void;

export function isRun(directory: string): Promise<boolean> {
  return exists(runPaths(directory).run);
}

/** What is saved of a run or an evaluation when it begins. */
export interface Beginning {
  readonly settings: object;
  readonly price: unknown;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What `run.json` says at the beginning. */
export async function described({
  settings,
  price,
  now,
}: Beginning): Promise<Omit<RunDescription, "format">> {
  return {
    createdAt: new Date(now).toISOString(),
    agentrefine: await programVersion(),
    settings: { ...settings },
    prices: price ?? null,
  };
}

/** Whether a reply was bought: what broke before has cost at most a prompt, and binds nobody to its settings. */
export async function hasReplies({ paths }: RunFolder): Promise<boolean> {
  for await (const { record } of readJournal(paths.calls)) {
    if (typeof record === "object" && record !== null && "text" in record) return true;
  }
  return mayHaveBatches(paths.batches);
}

/** Whether a batch may be at its service: what will come of it is paid for. */
async function mayHaveBatches(path: string): Promise<boolean> {
  // Of two batches that were made for one, each is open until it is taken.
  const open = new Set<string>();
  for await (const { record } of readJournal(path)) {
    if (typeof record !== "object" || record === null || !("batch" in record) || !("event" in record))
      continue;
    const copy = `${record.batch} ${"id" in record ? record.id : ""}`;
    if (record.event === "planned" || record.event === "created") open.add(copy);
    if (record.event === "created" || record.event === "taken") open.delete(`${record.batch} `);
    if (record.event === "taken") open.delete(copy);
  }
  return open.size > 0;
}

/**
 * Refuses a run that another process has changed since it was read. To be called with its lock, so that what is written
 * on the strength of what was read takes nothing back. Gives the run as it is now.
 */
async function requireUnchanged({ directory, description: read }: RunFolder): Promise<RunFolder> {
  const now = await openRunFolder(directory);
  // A shard that has just grown has noted that of the whole list.
  const { wholeList } = now.description;
  const noted = wholeList === undefined ? read : { ...read, wholeList };
  if (isDeepStrictEqual(now.description, noted)) return now;
  throw new AgentRefineError(`another process has just changed the settings of ${directory}`, {
    fix: "Give the command again.",
  });
}

async function rewrite(run: RunFolder, description: object): Promise<RunFolder> {
  await writeFileAtomically(run.paths.run, descriptionText({ ...run.description, ...description }));
  return openRunFolder(run.directory);
}

/**
 * Begins a run anew in its folder, with other settings; undefined when a reply was bought with those that it has.
 * What was kept of calls that brought none goes.
 */
export async function beginAnew(
  run: RunFolder,
  beginning: Beginning,
  note: Note,
): Promise<RunFolder | undefined> {
  await using _lock = await lockFolder(run.directory, { note });
  if (await hasReplies(run)) return undefined;
  await requireUnchanged(run);
  const { personas, calls, syntheses, index, batches, batchFiles } = run.paths;
  await rm(batchFiles, { recursive: true, force: true });
  for (const path of [calls, syntheses]) {
    await rm(packedPath(path), { force: true });
    await removeTails(path);
  }
  for (const path of [personas, calls, syntheses, batches, index, join(run.directory, "episodes.jsonl")])
    await rm(path, { force: true });
  await writeFileAtomically(run.paths.run, descriptionText(await described(beginning)));
  return openRunFolder(run.directory);
}

/**
 * Takes back the beginning of a run of which nothing came, so that the corrected command is not refused for its
 * settings.
 */
async function takeBack({ directory, paths }: RunFolder, isNewFolder: boolean): Promise<void> {
  const lock = await lockFolder(directory);
  try {
    if (!(await exists(paths.personas))) await rm(paths.run, { force: true });
  } finally {
    await lock.release();
  }
  if (isNewFolder) await rmdir(directory);
}

/** Creates a run and works in it; when the work fails before there are personas, nothing of the run stays. */
export async function beginIn<Value>(
  directory: string,
  beginning: Beginning,
  work: (run: RunFolder) => Promise<Value>,
): Promise<Value> {
  const isNewFolder = !(await exists(directory));
  const run = await createRunFolder(directory, await described(beginning));
  try {
    return await work(run);
  } catch (error) {
    // What cannot be taken back is in use by another process, or the disk is broken: the first error counts.
    if (!(await exists(run.paths.personas)) && !(await hasReplies(run)))
      await takeBack(run, isNewFolder).catch(() => undefined);
    throw error;
  }
}

/** Saves of which list of personas a run has a shard. To be called with its lock. */
export async function keepWholeList(directory: string, wholeList: WholeList): Promise<void> {
  await rewrite(await openRunFolder(directory), { wholeList });
}

/** Saves settings that let a run grow. */
export async function keepSettings(run: RunFolder, settings: object, note: Note): Promise<RunFolder> {
  await using _lock = await lockFolder(run.directory, { note });
  return rewrite(await requireUnchanged(run), { settings });
}
