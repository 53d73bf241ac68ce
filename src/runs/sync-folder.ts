import { open } from "node:fs/promises";
import { systemErrorCode } from "../errors.ts";

/** Codes with which systems say that a folder cannot be synced at all, which is then not needed either. */
const NOT_OFFERED: ReadonlySet<string | undefined> = new Set([
  "EINVAL",
  "ENOTSUP",
  "EISDIR",
  "EPERM",
  "EACCES",
]);

/**
 * Makes the names in a folder durable. A file that was created or renamed survives a power cut only when its
 * folder has been synced too.
 */
export async function syncFolder(directory: string): Promise<void> {
  try {
    const handle = await open(directory, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!NOT_OFFERED.has(systemErrorCode(error))) throw error;
  }
}
