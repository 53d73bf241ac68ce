import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The time that a piece of work took, in milliseconds. */
export interface WorkTime {
  /** Of this process alone, in user and system mode, over all its threads. */
  readonly cpu: number;
  readonly wall: number;
}

/** Times a piece of work. */
export async function clockWork(work: () => unknown): Promise<WorkTime> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall };
}

/** Does a piece of work `total` times, `atOnce` at a time; each that ends lets the next begin. */
export async function manyAtOnce(total: number, atOnce: number, work: () => Promise<void>): Promise<void> {
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < total) {
      begun += 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: Math.min(total, atOnce) }, worker));
}

/** Inside `build/`, so that journals are synced to the disk that the project is on; `/tmp` may be memory. */
const PARENT = fileURLToPath(new URL("../..", import.meta.url));

/** Gives a new folder to the work and removes it with all that is in it. */
export async function inTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(PARENT, "run-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
