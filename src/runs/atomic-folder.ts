import { randomBytes } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { AgentRefineError, storageError } from "../errors.ts";
import { exists, sweepPartials, syncFolder } from "./atomic-file.ts";

/** Puts a folder in the place of another, which is gone only when the new one is there. */
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
  const told = <Value>(work: Promise<Value>): Promise<Value> =>
    work.catch((error: unknown) => {
      throw storageError(error, "write", path);
    });
  const isThere = await exists(target);
  if (isThere && !replace) {
    throw new AgentRefineError(`${path} exists already`, {
      fix: "Give another name, or allow it to be replaced.",
    });
  }
  const mark = randomBytes(4).toString("hex");
  const partial = `${target}.${mark}.partial`;
  await told(mkdir(dirname(target), { recursive: true }));
  await sweepPartials(target);
  await told(mkdir(partial));
  try {
    const result = await fill(partial);
    await told(syncFolder(partial));
    await told(
      isThere ? replaceFolder(partial, target, `${target}.${mark}.replaced`) : rename(partial, target),
    );
    await told(syncFolder(dirname(target)));
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw withName(error, partial, target);
  }
}
