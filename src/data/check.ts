import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileSha256 } from "./download.ts";
import type { Manifest } from "./manifest.ts";

/** The files of a data set that are not what they were when it was fetched, with what is wrong with each. */
export async function damagedFiles(folder: string, { files }: Manifest): Promise<readonly string[]> {
  const damaged: string[] = [];
  for (const { path, size, sha256 } of files) {
    const file = join(folder, path);
    const status = await stat(file).catch(() => undefined);
    if (status === undefined) damaged.push(`${path} is missing`);
    else if (status.size !== size) damaged.push(`${path} has ${status.size} bytes, not ${size}`);
    else if ((await fileSha256(file).catch(() => "")) !== sha256) damaged.push(`${path} has changed`);
  }
  return damaged;
}
