import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { AgentRefineError } from "../../errors.ts";
import { exists, writeFileAtomically } from "../../runs/atomic-file.ts";
import { readJournal } from "../../runs/journal.ts";
import { type FolderLock, lockFolder } from "../../runs/lock.ts";
import {
  createRunFolder,
  openRunFolder,
  programVersion,
  type RunFolder,
  runPaths,
} from "../../runs/run-folder.ts";
import {
  differenceInWords,
  type SettingDifference,
  settingsDifference,
} from "../../runs/settings-difference.ts";
import { UsageError } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";

/** Whether a folder is a run. */
export function isRun(directory: string): Promise<boolean> {
  return exists(runPaths(directory).run);
}

/** What is saved of a run or an evaluation when it begins. */
export interface Beginning {
  readonly settings: object;
  readonly price: unknown;
}

/** What `run.json` says at the beginning. */
export async function described(
  { settings, price }: Beginning,
  host: Host,
): Promise<{
  readonly createdAt: string;
  readonly agentrefine: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly prices: unknown;
}> {
  return {
    createdAt: new Date(host.now()).toISOString(),
    agentrefine: await programVersion(),
    settings: { ...settings },
    prices: price ?? null,
  };
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
  host: Host,
  work: (run: RunFolder) => Promise<Value>,
): Promise<Value> {
  const isNewFolder = !(await exists(directory));
  const run = await createRunFolder(directory, await described(beginning, host));
  try {
    return await work(run);
  } catch (error) {
    // What cannot be taken back is in use by another process, or the disk is broken: the first error counts.
    if (!(await exists(run.paths.personas)) && !(await hasReplies(run)))
      await takeBack(run, isNewFolder).catch(() => undefined);
    throw error;
  }
}

/** Whether a reply was bought: what broke before has cost at most a prompt, and binds nobody to its settings. */
async function hasReplies({ paths }: RunFolder): Promise<boolean> {
  for await (const { record } of readJournal(paths.calls)) {
    if (typeof record === "object" && record !== null && "text" in record) return true;
  }
  return false;
}

function lockNoted({ directory }: RunFolder, host: Host): Promise<FolderLock> {
  return lockFolder(directory, { note: (line) => tell(host.stderr, line) });
}

/**
 * Refuses a run that another process has changed since it was read. To be called with its lock, so that what is written
 * on the strength of what was read takes nothing back.
 */
async function requireUnchanged(run: RunFolder, host: Host): Promise<void> {
  const { description } = await openRunFolder(run.directory);
  if (isDeepStrictEqual(description, run.description)) return;
  throw new AgentRefineError(
    `another process has just changed the settings of ${showPath(run.directory, host.directory)}`,
    { fix: "Give the command again." },
  );
}

async function rewrite(run: RunFolder, description: object): Promise<RunFolder> {
  const text = JSON.stringify({ ...run.description, ...description }, null, 2);
  await writeFileAtomically(run.paths.run, `${text}\n`);
  return openRunFolder(run.directory);
}

/**
 * Begins a run anew in its folder, with other settings; undefined when a reply was bought with those that it has.
 * What was kept of calls that brought none goes.
 */
export async function beginAnew(
  run: RunFolder,
  beginning: Beginning,
  host: Host,
): Promise<RunFolder | undefined> {
  const lock = await lockNoted(run, host);
  try {
    if (await hasReplies(run)) return undefined;
    await requireUnchanged(run, host);
    const { personas, calls, syntheses } = run.paths;
    for (const path of [personas, calls, syntheses, join(run.directory, "episodes.jsonl")])
      await rm(path, { force: true });
    return await rewrite(run, await described(beginning, host));
  } finally {
    await lock.release();
  }
}

/** Saves settings that let a run grow. */
export async function keepSettings(run: RunFolder, settings: object, host: Host): Promise<RunFolder> {
  const lock = await lockNoted(run, host);
  try {
    await requireUnchanged(run, host);
    return await rewrite(run, { settings });
  } finally {
    await lock.release();
  }
}

/** Whether a difference only lets the work grow: more of the same personas or tasks. */
function letsGrow({ key, saved, given }: SettingDifference): boolean {
  const [name = ""] = key.split(".").slice(-1);
  return (
    (name === "limit" || name === "sample" || name === "episodes") &&
    typeof saved === "number" &&
    typeof given === "number" &&
    given > saved
  );
}

/** What given settings are to saved ones. */
export interface Differences {
  /** Those that contradict, in words. */
  readonly contradictions: readonly string[];
  /** Whether there are some that let the work grow. */
  readonly grows: boolean;
}

/** Compares settings with saved ones. */
export function differencesOf(saved: object, given: object): Differences {
  const different = settingsDifference({ ...saved }, { ...given });
  return {
    contradictions: different.filter((each) => !letsGrow(each)).map(differenceInWords),
    grows: different.some(letsGrow),
  };
}

/** Refuses settings that contradict those with which work in a folder was started; `command` resumes with them. */
export function contradiction(
  run: RunFolder,
  different: readonly string[],
  command: string,
  host: Host,
): UsageError {
  const directory = showPath(run.directory, host.directory);
  return new UsageError(`${directory} was started with other settings: ${different.join("; ")}`, {
    fix: `Resume with the saved settings (agentrefine ${command} ${directory}), or give another --out.`,
  });
}
