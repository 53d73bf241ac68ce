import { randomBytes } from "node:crypto";
import { readFileSync, unlinkSync } from "node:fs";
import { link, open, readdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { AgentRefineError, storageError, systemErrorCode } from "../errors.ts";

// How a lock is taken without a moment in which two processes hold it.
// The lock is a file `lock` that names its owner by a token that is never used twice. Files appear with their
// content, and only when there is none of that name (`link`). When the owner T is gone, whoever creates
// `lock.T` is its successor; as T has one such file, there is one successor. If that one dies as well, the next
// succeeds it in the same way, so the holder is always the end of the chain that starts at `lock`. A late
// process may create `lock.T` after the chain was given up, so each checks after creating its file that the
// chain still leads to it. The successor then renames its file to `lock`, which starts the chain anew.
// An owner shows that it lives by writing its file again as it is, so that the disk's clock sets its time. Where it
// runs it can be asked, so that counts there; elsewhere, a file that has not been written for a minute is that of a
// process that is gone. Elsewhere is another host, but also another machine or container of the same name, such as a
// pod's successor: there the same number is another process. One that was only suspended finds out at its next beat and
// ends. A lock in the name of a process that may survive whoever beats for it says nothing when it is silent, so that it
// never ages out.

/** The name of the lock file in a locked folder; names that begin with it and a dot belong to the lock too. */
export const LOCK_FILE = "lock";

/** How often an owner writes its file, and after how long without it is taken for gone, in milliseconds. */
const HEARTBEAT = 10_000;
const STALE = 60_000;

/** Codes of file systems that have no hard links. */
const NO_LINKS: readonly (string | undefined)[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

export const lockOwnerSchema = z.object({
  /** Drawn anew for each lock that is taken; it becomes part of a file's name. */
  token: z.string().regex(/^[0-9a-f]{32}$/),
  process: z.int().positive(),
  host: z.string(),
  /**
   * When the process started, as Linux counts it: the boot's id and clock ticks since the boot. With it, a
   * process that only got the same number later is told apart. Null where there is no /proc.
   */
  started: z.string().nullable(),
  /** Within what the number counts: the process's namespace on Linux. Null where there is none, or it was not kept. */
  namespace: z.string().nullable().default(null),
  /** When the lock was taken, in ISO 8601. */
  since: z.string(),
  /** Whether silence means that the owner is gone; it does not where another process beats for it. */
  beats: z.boolean().default(true),
});

/** Who holds a lock: the content of a lock file. */
export type LockOwner = Readonly<z.infer<typeof lockOwnerSchema>>;

interface LockOptions {
  /** The process that has the folder; this one when not given. */
  readonly owner?: number | undefined;
  /** Told in one line when another host's process has to be waited for. */
  readonly note?: ((line: string) => void) | undefined;
}

/** A folder is locked by another process, which may end: the same command may succeed later. */
export class FolderInUse extends AgentRefineError {}

/** A folder that this process has for itself. */
export interface FolderLock extends AsyncDisposable {
  /**
   * Fires, with an AgentRefineError, when the lock is found to be no longer this process's: it was suspended for so long
   * that another took it for gone. From then on nothing may be written into the folder.
   */
  readonly lost: AbortSignal;
  /** Gives the folder free. Can be called again. */
  release(): Promise<void>;
}

async function processStatus(
  id: number,
): Promise<{ readonly started: string; readonly dead: boolean } | undefined> {
  try {
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    const line = await readFile(`/proc/${id}/stat`, "utf8");
    // The second field is the program's name in brackets and may hold anything; the third is the state and
    // the twenty-second the start (proc_pid_stat(5)). Z and X: killed, but not yet forgotten by its parent.
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    return { started: `${boot} ${fields[19]}`, dead: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined;
  }
}

/** A process of this host, this one unless another is named, as the owner of a lock that is taken now. */
export async function ownerNow(token: string, id: number = process.pid): Promise<LockOwner> {
  const started = (await processStatus(id))?.started ?? null;
  const since = new Date().toISOString();
  const namespace = await OWN_NAMESPACE;
  return { token, process: id, host: hostname(), started, namespace, since, beats: id === process.pid };
}

/** The namespace in which this process and those that it starts have their numbers. It never changes. */
const OWN_NAMESPACE = readlink("/proc/self/ns/pid").catch(() => null);

/** Whether an owner runs, or ran, where this process does, so that its number says which process it is. */
async function isHere({ host, started, namespace }: LockOwner): Promise<boolean> {
  if (host !== hostname()) return false;
  const [boot] = (await processStatus(process.pid))?.started.split(" ") ?? [];
  const [its] = started?.split(" ") ?? [];
  return (its === undefined || its === boot) && (namespace === null || namespace === (await OWN_NAMESPACE));
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    return lockOwnerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

interface Held {
  readonly owner: LockOwner;
  readonly path: string;
}

/** Whether the owner still runs. */
async function lives({ owner, path }: Held): Promise<boolean> {
  if (!(await isHere(owner))) return !owner.beats || (await age(path)) < STALE;
  try {
    process.kill(owner.process, 0);
  } catch (error) {
    // Any other refusal (EPERM) means that the process exists and belongs to somebody else.
    if (systemErrorCode(error) === "ESRCH") return false;
  }
  const status = await processStatus(owner.process);
  return status === undefined || owner.started === null || (!status.dead && status.started === owner.started);
}

/** When a file was written. It is opened for that: a network's file system may tell of what is closed from its memory. */
async function written(path: string): Promise<number> {
  await using file = await open(path, "r");
  return (await file.stat()).mtimeMs;
}

/** How long ago a file was written, by the clock of the disk, which may be that of a third host. */
async function age(path: string): Promise<number> {
  const probe = join(dirname(path), `${LOCK_FILE}.now-${randomBytes(8).toString("hex")}`);
  try {
    await writeFile(probe, "");
    return (await written(probe)) - (await written(path));
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return 0;
    throw error;
  } finally {
    await rm(probe, { force: true });
  }
}

/** Waits for a sign of life of an owner elsewhere, at most until it would be taken for gone. */
async function watchOther({ owner, path }: Held, note: (line: string) => void): Promise<void> {
  if (!owner.beats || (await isHere(owner))) return;
  const rest = Math.ceil((STALE - (await age(path))) / 1000);
  note(
    `${dirname(path)} is locked by process ${owner.process} on ${placeOf(owner)}: waiting up to ${rest} s for a sign of life from it`,
  );
  const last = (): Promise<number | undefined> => written(path).catch(() => undefined);
  const before = await last();
  while ((await last()) === before && (await age(path)) < STALE) await wait(250);
}

/** Creates a lock file with its content; false when another process was faster. */
async function createLockFile(path: string, owner: LockOwner): Promise<boolean> {
  const text = `${JSON.stringify(owner)}\n`;
  const temporary = join(dirname(path), `${LOCK_FILE}.new-${owner.token}`);
  await writeFile(temporary, text, { flush: true });
  try {
    await link(temporary, path).catch(async (error: unknown) => {
      if (!NO_LINKS.includes(systemErrorCode(error))) throw error;
      // A reader may see this file before its text, and then waits for it.
      await writeFile(path, text, { flag: "wx" });
    });
    return true;
  } catch (error) {
    // ENOENT: another process has become the holder and has swept our temporary file away.
    if (["EEXIST", "ENOENT"].includes(systemErrorCode(error) ?? "")) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The owner that a lock file names; undefined when there is no such file. */
async function readLockFile(path: string): Promise<Held | undefined> {
  for (let patience = 10; patience > 0; patience -= 1) {
    try {
      const owner = parseOwner(await readFile(path, "utf8"));
      if (owner !== undefined) return { owner, path };
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(systemErrorCode(error) ?? "")) return undefined;
      throw error;
    }
    await wait(20);
  }
  throw new AgentRefineError(`${path} is damaged, so nobody can tell who uses this folder`, {
    fix: `If no other process uses it, remove ${path} and start again.`,
  });
}

/** The end of the chain that starts at `root`; undefined when the folder is free. */
async function lastHeld(root: string): Promise<Held | undefined> {
  let last = await readLockFile(root);
  for (let next = last; next !== undefined; next = await readLockFile(`${root}.${next.owner.token}`))
    last = next;
  return last;
}

/** Where an owner runs, of whom it is known that it is not here. */
function placeOf({ host }: LockOwner): string {
  return host === hostname() ? `another machine or container that is called ${host}` : `host ${host}`;
}

async function inUse({ owner }: Held, root: string): Promise<FolderInUse> {
  const here = await isHere(owner);
  const where = here ? "" : ` on ${placeOf(owner)}`;
  const free = owner.beats
    ? "the folder is free a minute after its last sign of life"
    : `if it has ended, or that host is gone, remove ${root}`;
  const wait = "Wait until that process has ended, or use another folder";
  return new FolderInUse(
    `${dirname(root)} is in use by process ${owner.process}${where} since ${owner.since}`,
    { fix: here ? `${wait}.` : `${wait}; ${free}.` },
  );
}

/** Tries once; false when another process came in between and everything must be looked at again. */
async function tryLock(root: string, me: LockOwner, note: (line: string) => void): Promise<boolean> {
  const last = await lastHeld(root);
  if (last === undefined) return createLockFile(root, me);
  if (await lives(last)) await watchOther(last, note);
  if (await lives(last)) throw await inUse(last, root);
  const successor = `${root}.${last.owner.token}`;
  if (!(await createLockFile(successor, me))) return false;
  if ((await lastHeld(root))?.owner.token !== me.token) {
    await rm(successor, { force: true });
    return false;
  }
  await rename(successor, root);
  return true;
}

/** Removes what killed processes left; nothing in it leads to the holder any more. */
async function sweep(root: string): Promise<void> {
  const names = await readdir(dirname(root));
  const left = names.filter((name) => name.startsWith(`${basename(root)}.`));
  await Promise.all(left.map((name) => rm(join(dirname(root), name), { force: true })));
}

/**
 * Writes a lock file again as it is; false when it is no longer this owner's. A successor's file is another one even
 * under the same name, so that what is written through this handle never touches it.
 */
async function beat(root: string, token: string): Promise<boolean> {
  try {
    if ((await lastHeld(root))?.owner.token !== token) return false;
    await using file = await open(root, "r+");
    const text = await file.readFile("utf8");
    if (parseOwner(text)?.token !== token) return false;
    await file.write(text, 0);
    return true;
  } catch (error) {
    // What else cannot be written is on a disk that is gone; the next write says so.
    return systemErrorCode(error) !== "ENOENT";
  }
}

/** What removes the locks that a process still has when it ends; a merge has many, and one listener is enough. */
const LEFT_AT_EXIT = new Set<() => void>();

function removeAll(): void {
  for (const remove of LEFT_AT_EXIT) remove();
}

function held(root: string, token: string): FolderLock {
  const loss = new AbortController();
  let isReleased = false;
  const heart = setInterval(async () => {
    if ((await beat(root, token)) || isReleased) return;
    clearInterval(heart);
    loss.abort(
      new AgentRefineError(
        `${dirname(root)} was taken over by another process while this one was suspended`,
        {
          fix: "Resume the run when that process has ended.",
        },
      ),
    );
  }, HEARTBEAT);
  heart.unref();
  // Synchronous, because nothing else runs when a process ends.
  const remove = (): void => {
    try {
      if (parseOwner(readFileSync(root, "utf8"))?.token === token) unlinkSync(root);
    } catch {
      // The folder is gone or read-only. A lock that stays behind is taken over by the next process.
    }
  };
  if (LEFT_AT_EXIT.size === 0) process.on("exit", removeAll);
  LEFT_AT_EXIT.add(remove);
  const release = async (): Promise<void> => {
    isReleased = true;
    clearInterval(heart);
    LEFT_AT_EXIT.delete(remove);
    if (LEFT_AT_EXIT.size === 0) process.removeListener("exit", removeAll);
    remove();
  };
  return { lost: loss.signal, release, [Symbol.asyncDispose]: release };
}

/** The lock of a process that has a folder; undefined when it is free. */
async function heldNow(root: string): Promise<Held | undefined> {
  const last = await lastHeld(root);
  return last !== undefined && (await lives(last)) ? last : undefined;
}

/** The process that has a folder; undefined when it is free. */
export async function folderOwner(directory: string): Promise<LockOwner | undefined> {
  return (await heldNow(join(directory, LOCK_FILE)))?.owner;
}

/**
 * Refuses a folder that a process has, without taking it.
 *
 * @throws AgentRefineError that names the process
 */
export async function requireUnlocked(directory: string): Promise<void> {
  const root = join(directory, LOCK_FILE);
  try {
    const held = await heldNow(root);
    if (held !== undefined) throw await inUse(held, root);
  } catch (error) {
    throw storageError(error, "read", directory);
  }
}

/**
 * Takes an existing folder for this process, or for one that it has started and that may survive it. A lock that a
 * killed process left behind is taken over silently: at once on this host, within a minute after its last sign of
 * life on another, which `note` is told when it has to be waited for. An AgentRefineError when another process has the
 * folder, or this one has it already.
 */
export async function lockFolder(
  directory: string,
  { owner = process.pid, note = () => {} }: LockOptions = {},
): Promise<FolderLock> {
  const root = join(directory, LOCK_FILE);
  try {
    const me = await ownerNow(randomBytes(16).toString("hex"), owner);
    while (!(await tryLock(root, me, note)));
    const lock = held(root, me.token);
    // What cannot be removed does no harm.
    await sweep(root).catch(() => undefined);
    return lock;
  } catch (error) {
    throw storageError(error, "lock", directory);
  }
}
