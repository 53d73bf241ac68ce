import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { AgentRefineError, storageError, systemErrorCode } from "../errors.ts";

/** Whether there is something at a path, be it a link that leads nowhere. Only that there is nothing means no. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemErrorCode(error) ?? "")) return false;
    throw storageError(error, "read", path);
  }
}

/** After how long without a write a file that was never finished is taken for what a kill left, in milliseconds. */
const ABANDONED = 60 * 60_000;

/**
 * Removes what was left of earlier attempts at a file or folder that were killed. What cannot be removed does no harm.
 *
 * @param abandoned how old it is by then, in milliseconds; for who has a lock, all of it is
 */
export async function sweepPartials(target: string, abandoned: number = ABANDONED): Promise<void> {
  const folder = dirname(target);
  const names = await readdir(folder).catch(() => []);
  const left = names.filter(
    (name) => name.startsWith(`${basename(target)}.`) && /\.[0-9a-f]{8}\.partial$/.test(name),
  );
  for (const name of left) {
    const path = join(folder, name);
    const { mtimeMs = Date.now() } = (await stat(path).catch(() => undefined)) ?? {};
    if (Date.now() - mtimeMs > abandoned)
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

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

/** What makes of a failure of the disk an AgentRefineError that names what was to be written. */
function writing(path: string): <Value>(work: Promise<Value>) => Promise<Value> {
  return (work) =>
    work.catch((error: unknown) => {
      throw storageError(error, "write", path);
    });
}

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
  const orStorageError = writing(path);
  const target = await orStorageError(targetOf(path));
  const temporary = `${target}.${randomBytes(4).toString("hex")}.partial`;
  await orStorageError(mkdir(dirname(target), { recursive: true }));
  await sweepPartials(target);
  const handle = await orStorageError(open(temporary, "wx"));
  try {
    let result: Result;
    try {
      // `writeFile` on a handle goes on where the last chunk ended, also after a partial write.
      result = await fill({ write: (chunk) => orStorageError(handle.writeFile(chunk)) });
      await orStorageError(handle.sync());
    } finally {
      await orStorageError(handle.close());
    }
    await orStorageError(rename(temporary, target));
    await orStorageError(syncFolder(dirname(target)));
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

/** What follows a folder's name while it makes room for another. */
const REPLACED = /^\.[0-9a-f]{8}\.replaced$/;

/**
 * Mends what a kill left of a replacement: the folder that was to be replaced gets its name back when the new one had
 * not yet got it, and goes when it had.
 */
async function endReplacement(target: string): Promise<void> {
  const names = await readdir(dirname(target));
  const aside = names.filter(
    (name) => name.startsWith(`${basename(target)}.`) && REPLACED.test(name.slice(basename(target).length)),
  );
  for (const name of aside) {
    const path = join(dirname(target), name);
    if (await exists(target)) await rm(path, { recursive: true, force: true });
    else await rename(path, target);
  }
}

/**
 * Puts a folder in the place of another. Between the two renames neither has the name: whoever writes it next after a
 * kill there calls {@link endReplacement}.
 */
async function replaceFolder(complete: string, target: string, aside: string): Promise<void> {
  await rename(target, aside);
  try {
    await rename(complete, target);
  } catch (error) {
    await rename(aside, target);
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

/** An error that names a folder as it was to be called: under the name that it had meanwhile, nobody finds anything. */
function withName(error: unknown, partial: string, target: string): unknown {
  if (!(error instanceof AgentRefineError) || !error.message.includes(partial)) return error;
  const fix = error.fix === undefined ? {} : { fix: error.fix };
  return new AgentRefineError(error.message.replaceAll(partial, target), { ...fix, cause: error });
}

/**
 * Writes a folder that appears under its name only when all its files are complete. `fill` is given the path of a
 * folder beside it to write into; when it rejects, or the disk refuses, nothing is left behind.
 *
 * @param replace whether a folder of that name may be replaced
 * @throws AgentRefineError when there is something of that name, or the disk refuses; what `fill` throws stays as it is,
 *   but for the name of the folder in its words
 */
export async function writeFolderAtomically<Result>(
  path: string,
  fill: (folder: string) => Promise<Result>,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<Result> {
  const target = resolve(path);
  const orStorageError = writing(path);
  await orStorageError(mkdir(dirname(target), { recursive: true }));
  await orStorageError(endReplacement(target));
  const isThere = await exists(target);
  if (isThere && !replace) {
    throw new AgentRefineError(`${path} exists already`, {
      fix: "Give another name, or --force to replace it.",
    });
  }
  const mark = randomBytes(4).toString("hex");
  const partial = `${target}.${mark}.partial`;
  await sweepPartials(target);
  await orStorageError(mkdir(partial));
  try {
    const result = await fill(partial);
    await orStorageError(syncFolder(partial));
    await orStorageError(
      isThere ? replaceFolder(partial, target, `${target}.${mark}.replaced`) : rename(partial, target),
    );
    await orStorageError(syncFolder(dirname(target)));
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw withName(error, partial, target);
  }
}
