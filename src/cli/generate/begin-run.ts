import { rm, rmdir } from "node:fs/promises";
import type { RunSettings } from "../../config/run-settings.ts";
import type { Price } from "../../model/prices.ts";
import { lockFolder } from "../../runs/lock.ts";
import { programVersion } from "../../runs/program-version.ts";
import { createRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { exists } from "../is-run.ts";
import type { Host } from "../terminal/host.ts";

/**
 * Takes back the beginning of a run that got no personas, so that the corrected command is not refused for
 * settings of which nothing came.
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
export async function beginRun<Value>(
  directory: string,
  settings: RunSettings,
  price: Price | undefined,
  host: Host,
  work: (run: RunFolder) => Promise<Value>,
): Promise<Value> {
  const isNewFolder = !(await exists(directory));
  const run = await createRunFolder(directory, {
    createdAt: new Date(host.now()).toISOString(),
    agentrefine: await programVersion(),
    settings: { ...settings },
    prices: price ?? null,
  });
  try {
    return await work(run);
  } catch (error) {
    // What cannot be taken back is in use by another process, or the disk is broken: the first error counts.
    if (!(await exists(run.paths.personas))) await takeBack(run, isNewFolder).catch(() => undefined);
    throw error;
  }
}
