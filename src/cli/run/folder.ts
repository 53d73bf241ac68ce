import { rm, rmdir } from "node:fs/promises";
import { exists } from "../../runs/atomic-file.ts";
import { type Beginning, described, hasReplies } from "../../runs/change-run.ts";
import { lockFolder } from "../../runs/lock.ts";
import { createRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { UsageError } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";

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

/** Refuses settings that contradict those with which work in a folder was started; `command` resumes with them. */
export function contradiction(
  folder: string,
  different: readonly string[],
  command: string,
  host: Host,
): UsageError {
  const directory = showPath(folder, host.directory);
  return new UsageError(`${directory} was started with other settings: ${different.join("; ")}`, {
    fix: `Resume with the saved settings (agentrefine ${command} ${directory}), or give another --out.`,
  });
}
