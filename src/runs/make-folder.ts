import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemErrorCode } from "../errors.ts";

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/**
 * Makes a folder and those that it lies in, where they are missing; false when it was there. Rejects with the
 * system's error. Node's own recursive `mkdir` goes on for ever where a folder that exists answers that it does not,
 * as `/proc` does.
 */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (await isFolder(path)) return false;
    const above = dirname(path);
    if (systemErrorCode(error) !== "ENOENT" || (await isFolder(above))) throw error;
    await makeFolder(above);
    return makeFolder(path);
  }
}
