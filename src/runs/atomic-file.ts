import { randomBytes } from "node:crypto";
import { lstat, open, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AgentRefineError, systemErrorCode } from "../errors.ts";
import { makeFolder } from "./make-folder.ts";
import { storageError } from "./storage-error.ts";
import { syncFolder } from "./sync-folder.ts";

/** A file that is being written and does not have its name yet. */
export interface AtomicFile {
  /** Appends a chunk; text is written as UTF-8. Wait for each before the next. */
  write(chunk: Uint8Array | string): Promise<void>;
}

/**
 * The file that a path means, through symbolic links, whether or not it exists. Putting a new file in the
 * place of a device such as `/dev/null` would destroy it, so anything but a file is refused.
 */
async function targetOf(path: string): Promise<string> {
  try {
    const target = await realpath(path);
    const status = await lstat(target);
    if (status.isFile()) return target;
    throw new AgentRefineError(
      `cannot write ${path}: it is ${status.isDirectory() ? "a folder" : "not a file"}`,
      {
        fix: "Give the path of a file.",
      },
    );
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return path;
    throw error;
  }
}

/**
 * Writes a file that appears under its name only when it is complete and on the disk: until then `path` is what
 * it was before. Folders that it lies in are made. `fill` writes the content as a stream; when it rejects, or the
 * disk refuses, nothing is left behind but such folders. Failures of the disk are AgentRefineErrors, those of `fill`
 * stay as they are. Resolves to what `fill` resolved to.
 */
export async function writeAtomically<Result>(
  path: string,
  fill: (file: AtomicFile) => Promise<Result>,
): Promise<Result> {
  const told = <Value>(work: Promise<Value>): Promise<Value> =>
    work.catch((error: unknown) => {
      throw storageError(error, "write", path);
    });
  const target = await told(targetOf(path));
  const temporary = `${target}.${randomBytes(4).toString("hex")}.partial`;
  await told(makeFolder(dirname(target)));
  const handle = await told(open(temporary, "wx"));
  try {
    let result: Result;
    try {
      // `writeFile` on a handle goes on where the last chunk ended, also after a partial write.
      result = await fill({ write: (chunk) => told(handle.writeFile(chunk)) });
      await told(handle.sync());
    } finally {
      await told(handle.close());
    }
    await told(rename(temporary, target));
    await told(syncFolder(dirname(target)));
    return result;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Writes a whole file at once; see {@link writeAtomically}. */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  await writeAtomically(path, (file) => file.write(content));
}
