import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, join } from "node:path";

/**
 * The name under which something is kept of a run, outside it: that of its folder, and a hash of where it really is.
 */
export async function keptName(path: string): Promise<string> {
  const real = await realpath(path);
  const hash = createHash("sha256").update(real).digest("hex").slice(0, 16);
  return `${basename(real).slice(0, 80)}-${hash}`;
}

/** The file in a folder of indexes that has a run's. */
export async function indexFile(folder: string, directory: string): Promise<string> {
  return join(folder, `${await keptName(directory)}.index`);
}
