import { randomBytes } from "node:crypto";
import { readFileSync, unlinkSync } from "node:fs";
import { link, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { AgentRefineError, systemErrorCode } from "../errors.ts";
import { type LockOwner, ownerNow, ownerState, parseLockOwner } from "./lock-owner.ts";
import { storageError } from "./storage-error.ts";

// How a lock is taken without a moment in which two processes hold it.
// The lock is a file `lock` that names its owner by a token that is never used twice. Files appear with their
// content, and only when there is none of that name (`link`). When the owner T is gone, whoever creates
// `lock.T` is its successor; as T has one such file, there is one successor. If that one dies as well, the next
// succeeds it in the same way, so the holder is always the end of the chain that starts at `lock`. A late
// process may create `lock.T` after the chain was given up, so each checks after creating its file that the
// chain still leads to it. The successor then renames its file to `lock`, which starts the chain anew.

/** The name of the lock file in a locked folder; names that begin with it and a dot belong to the lock too. */
export const LOCK_FILE = "lock";

/** A folder that this process has for itself. */
export interface FolderLock {
  /** Gives the folder free. Can be called again. */
  release(): Promise<void>;
}

/** Codes of file systems that have no hard links. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** Writes a lock file whole under a name of its own. */
async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Creates a lock file with its content; false when another process was faster. */
async function createLockFile(path: string, owner: LockOwner): Promise<boolean> {
  const text = `${JSON.stringify(owner)}\n`;
  const temporary = join(dirname(path), `${LOCK_FILE}.new-${owner.token}`);
  await writeWhole(temporary, text);
  try {
    await link(temporary, path).catch(async (error: unknown) => {
      if (!NO_LINKS.has(systemErrorCode(error))) throw error;
      // A reader may see this file before its text, and then waits for it.
      await writeFile(path, text, { flag: "wx" });
    });
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    // ENOENT: another process has become the holder and has swept our temporary file away.
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The owner that a lock file names; undefined when there is no such file. */
async function readLockFile(path: string): Promise<LockOwner | undefined> {
  for (let patience = 10; patience > 0; patience -= 1) {
    try {
      const owner = parseLockOwner(await readFile(path, "utf8"));
      if (owner !== undefined) return owner;
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw error;
    }
    await wait(20);
  }
  throw new AgentRefineError(`${path} is damaged, so nobody can tell who uses this folder`, {
    fix: `If no other process uses it, remove ${path} and start again.`,
  });
}

/** The last owner of the chain that starts at `root`; undefined when the folder is free. */
async function lastOwner(root: string): Promise<LockOwner | undefined> {
  let last = await readLockFile(root);
  for (let next = last; next !== undefined; next = await readLockFile(`${root}.${next.token}`)) last = next;
  return last;
}

async function refuseUnlessGone(owner: LockOwner, root: string): Promise<void> {
  const state = await ownerState(owner);
  if (state === "gone") return;
  const where = state === "alive" ? "" : ` on host ${owner.host}`;
  throw new AgentRefineError(
    `${dirname(root)} is in use by process ${owner.process}${where} since ${owner.since}`,
    {
      fix:
        state === "alive"
          ? "Wait until that process has ended, or use another folder."
          : `If that process has ended, remove ${root} and start again; it cannot be asked from this host.`,
    },
  );
}

/** Tries once; false when another process came in between and everything must be looked at again. */
async function tryLock(root: string, me: LockOwner): Promise<boolean> {
  const last = await lastOwner(root);
  if (last === undefined) return createLockFile(root, me);
  await refuseUnlessGone(last, root);
  const successor = `${root}.${last.token}`;
  if (!(await createLockFile(successor, me))) return false;
  if ((await lastOwner(root))?.token !== me.token) {
    await rm(successor, { force: true });
    return false;
  }
  await rename(successor, root);
  return true;
}

/** Removes what killed processes left; nothing in it leads to the holder any more. */
async function sweep(root: string): Promise<void> {
  const directory = dirname(root);
  const names = await readdir(directory);
  const left = names.filter((name) => name.startsWith(`${basename(root)}.`));
  await Promise.all(left.map((name) => rm(join(directory, name), { force: true })));
}

function held(root: string, token: string): FolderLock {
  // Synchronous, because nothing else runs when a process ends.
  const remove = (): void => {
    try {
      if (parseLockOwner(readFileSync(root, "utf8"))?.token === token) unlinkSync(root);
    } catch {
      // The folder is gone or read-only. A lock that stays behind is taken over by the next process.
    }
  };
  process.on("exit", remove);
  return {
    release: async () => {
      process.removeListener("exit", remove);
      remove();
    },
  };
}

/**
 * Refuses a folder that a process has, without taking it.
 *
 * @throws AgentRefineError that names the process
 */
export async function requireUnlocked(directory: string): Promise<void> {
  const root = join(directory, LOCK_FILE);
  try {
    const owner = await lastOwner(root);
    if (owner !== undefined) await refuseUnlessGone(owner, root);
  } catch (error) {
    throw storageError(error, "read", directory);
  }
}

/**
 * Takes an existing folder for this process, or for one that it has started and that may survive it. A lock that a killed process of this host left behind is taken
 * over silently. An AgentRefineError when another process has the folder (or this one has it already), or when
 * the lock was taken on another host, whose processes cannot be seen.
 */
export async function lockFolder(directory: string, owner: number = process.pid): Promise<FolderLock> {
  const root = join(directory, LOCK_FILE);
  try {
    const me = await ownerNow(randomBytes(16).toString("hex"), owner);
    while (!(await tryLock(root, me)));
    const lock = held(root, me.token);
    // What cannot be removed does no harm.
    await sweep(root).catch(() => undefined);
    return lock;
  } catch (error) {
    throw storageError(error, "lock", directory);
  }
}
