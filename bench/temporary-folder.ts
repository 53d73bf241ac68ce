import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Inside `build/`, so that journals are synced to the disk that the project is on; `/tmp` may be memory. */
const PARENT = fileURLToPath(new URL("..", import.meta.url));

/** Gives a new folder to the work and removes it with all that is in it. */
export async function inTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(PARENT, "run-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
