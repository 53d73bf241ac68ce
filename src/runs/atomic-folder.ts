import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { AgentRefineError, storageError } from "../errors.ts";
import { exists, sweepPartials, syncFolder } from "./atomic-file.ts";

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
  const orStorageError = <Value>(work: Promise<Value>): Promise<Value> =>
    work.catch((error: unknown) => {
      throw storageError(error, "write", path);
    });
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
