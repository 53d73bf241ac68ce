import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { AgentRefineError } from "../errors.ts";
import {
  type FolderLock,
  folderOwner,
  LOCK_FILE,
  type LockOwner,
  lockFolder,
  ownerNow,
  requireUnlocked,
} from "./lock.ts";
import { bundledProgram, compiledSources } from "./testing/compiled.ts";
import { ended, runChild, startChild } from "./testing/run-child.ts";

let folder: string;
beforeAll(compiledSources, 60_000);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Whether processes can be given a host name and numbers of their own here. */
const canUnshare = spawnSync("unshare", ["--uts", "--pid", "--fork", "true"]).status === 0;

async function refusal(directory = folder): Promise<AgentRefineError> {
  try {
    await (await lockFolder(directory)).release();
  } catch (error) {
    if (error instanceof AgentRefineError) return error;
    throw error;
  }
  throw new Error("the folder could be locked");
}

async function writeOwner(name: string, owner: Partial<LockOwner>): Promise<void> {
  await writeFile(join(folder, name), JSON.stringify({ ...(await ownerNow("f".repeat(32))), ...owner }));
}

/** A process that holds the lock until its standard input ends. */
async function holder(...parameters: readonly string[]): Promise<ChildProcess> {
  const child = await startChild("hold-lock", [folder, ...parameters]);
  await once(child.stdout!, "data");
  return child;
}

/** A process that only lives. */
function bystander(): ChildProcess {
  return spawn("sleep", ["60"], { stdio: "ignore" });
}

/** A number that no process has: that of one that has just ended. */
async function goneProcess(): Promise<number> {
  const child = bystander();
  child.kill("SIGKILL");
  await ended(child);
  return child.pid!;
}

describe("lockFolder", () => {
  it("leaves nothing behind when it is released, twice as well", async () => {
    const lock = await lockFolder(folder);
    expect(await readdir(folder)).toEqual([LOCK_FILE]);
    await lock.release();
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await lockFolder(folder)).release();
  });

  it("takes a folder for another process, which keeps it and whose silence tells nothing", async () => {
    const child = bystander();
    const lock = await lockFolder(folder, { owner: child.pid });
    expect(await folderOwner(folder)).toMatchObject({ process: child.pid, beats: false });
    await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${child.pid}`);
    await expect(requireUnlocked(folder)).rejects.toThrow(`in use by process ${child.pid}`);
    child.kill("SIGKILL");
    await ended(child);
    await requireUnlocked(folder);
    await lock.release();
  });

  it("leaves no listener at the process behind", async () => {
    const before = process.listenerCount("exit");
    const lock = await lockFolder(folder);
    expect(process.listenerCount("exit")).toBe(before + 1);
    await lock.release();
    expect(process.listenerCount("exit")).toBe(before);
  });

  it("refuses a second lock of the same process", async () => {
    const lock = await lockFolder(folder);
    expect((await refusal()).message).toContain(`in use by process ${process.pid} since 2`);
    await lock.release();
  });

  it("refuses a folder that another process has, and names it, until it ends", async () => {
    const child = await holder();
    const error = await refusal();
    expect(error.message).toMatch(new RegExp(`^${folder} is in use by process ${child.pid} since \\d{4}-`));
    expect(error.fix).toContain("Wait until that process has ended");
    child.stdin!.end();
    await ended(child);
    expect(await readdir(folder)).toEqual([]);
  });

  it("gives the folder free when a process exits without releasing it", async () => {
    const child = await holder("exit-without-release");
    child.stdin!.end();
    await ended(child);
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes over silently after kill -9", async () => {
    const child = await holder();
    const end = ended(child);
    child.kill("SIGKILL");
    const { signal } = await end;
    expect(signal).toBe("SIGKILL");
    expect(await readdir(folder)).toEqual([LOCK_FILE]);
    const lock = await lockFolder(folder);
    const owner: unknown = JSON.parse(await readFile(join(folder, LOCK_FILE), "utf8"));
    expect(owner).toMatchObject({ process: process.pid });
    expect(await readdir(folder)).toEqual([LOCK_FILE]);
    await lock.release();
  });

  it.skipIf(process.platform !== "linux")(
    "takes over when the number belongs to another process now",
    async () => {
      const { started } = await ownerNow("f".repeat(32));
      await writeOwner(LOCK_FILE, { started: `${started?.split(" ")[0]} 123` });
      await (await lockFolder(folder)).release();
    },
  );

  it.skipIf(process.platform !== "linux")(
    "asks no process of its own for one of another machine or container that has its host's name",
    async () => {
      const notes: string[] = [];
      for (const elsewhere of [{ started: "another-boot 123" }, { namespace: "pid:[1]" }]) {
        await writeOwner(LOCK_FILE, elsewhere);
        await touch(59.8);
        await (await lockFolder(folder, { note: (line) => notes.push(line) })).release();
        await writeOwner(LOCK_FILE, elsewhere);
        await expect(requireUnlocked(folder)).rejects.toThrow(
          `on another machine or container that is called ${hostname()} since`,
        );
      }
      expect(notes).toEqual(Array(2).fill(expect.stringContaining("waiting up to 1 s for a sign of life")));
    },
  );

  it.skipIf(!canUnshare).each([
    ["a host of another name", "--uts", "hostname other-node"],
    ["a pod's successor of the same name", "--pid --fork --kill-child --mount-proc", "true"],
  ])(
    "is taken over after kill -9 on %s, and not before its silence is long enough",
    async (_where, namespaces, first) => {
      const program = `${first}; exec ${process.execPath} ${await bundledProgram("runs/testing/hold-lock")} ${folder}`;
      const child = spawn("unshare", [...namespaces.split(" "), "sh", "-c", program], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      await once(child.stdout!, "data");
      await expect(requireUnlocked(folder)).rejects.toThrow("in use by process");
      child.kill("SIGKILL");
      await ended(child);
      await expect(requireUnlocked(folder)).rejects.toThrow("in use by process");
      await touch(59.8);
      const lock = await lockFolder(folder);
      expect((await folderOwner(folder))?.process).toBe(process.pid);
      await lock.release();
    },
  );

  /** A lock of another host that was touched so many seconds ago. */
  async function elsewhere(seconds: number): Promise<void> {
    await writeOwner(LOCK_FILE, { host: `not-${hostname()}`, process: 1 });
    await touch(seconds);
  }

  async function touch(seconds: number): Promise<void> {
    const then = Date.now() / 1000 - seconds;
    await utimes(join(folder, LOCK_FILE), then, then);
  }

  it("refuses the lock of another host as soon as it shows a sign of life", async () => {
    await elsewhere(5);
    const refused = refusal();
    const heart = setInterval(() => touch(0), 100);
    await expect(requireUnlocked(folder)).rejects.toThrow(`by process 1 on host not-${hostname()} since`);
    const error = await refused;
    clearInterval(heart);
    expect(error.message).toContain(`by process 1 on host not-${hostname()} since`);
    expect(error.fix).toContain("a minute after its last sign of life");
  });

  it("takes over from another host that has shown none for a minute", async () => {
    await elsewhere(59.5);
    expect((await folderOwner(folder))?.process).toBe(1);
    const notes: string[] = [];
    const lock = await lockFolder(folder, { note: (line) => notes.push(line) });
    expect(notes).toEqual([
      `${folder} is locked by process 1 on host not-${hostname()}: waiting up to 1 s for a sign of life from it`,
    ]);
    expect((await folderOwner(folder))?.process).toBe(process.pid);
    await lock.release();
    await elsewhere(61);
    await requireUnlocked(folder);
    expect(await folderOwner(folder)).toBeUndefined();
    await (await lockFolder(folder)).release();
  });

  it("never takes over from another host where the owner is not the process that beats", async () => {
    await writeOwner(LOCK_FILE, { host: `not-${hostname()}`, process: 1, beats: false });
    await touch(3600);
    const error = await refusal();
    expect(error.message).toContain(`by process 1 on host not-${hostname()} since`);
    expect(error.fix).toContain(`if it has ended, or that host is gone, remove ${join(folder, LOCK_FILE)}`);
  });

  /** Works with a lock of which a beat can be let come. */
  async function beating(work: (lock: FolderLock, beat: () => void) => Promise<void>): Promise<void> {
    // The host's clock is far ahead, and the disk's is not.
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"], now: new Date("2100-01-01") });
    try {
      const lock = await lockFolder(folder);
      await work(lock, () => vi.advanceTimersByTime(10_000));
      await lock.release();
    } finally {
      vi.useRealTimers();
    }
  }

  it("writes its file every ten seconds, as it was and by the disk's clock", async () => {
    await beating(async (lock, beat) => {
      const text = await readFile(join(folder, LOCK_FILE), "utf8");
      await utimes(join(folder, LOCK_FILE), 1_700_000_000, 1_700_000_000);
      const before = await stat(join(folder, LOCK_FILE));
      beat();
      await vi.waitFor(async () => {
        expect((await stat(join(folder, LOCK_FILE))).mtimeMs).toBeGreaterThan(before.mtimeMs);
      });
      expect((await stat(join(folder, LOCK_FILE))).mtimeMs).toBeLessThan(Date.parse("2099-01-01"));
      expect(await readFile(join(folder, LOCK_FILE), "utf8")).toBe(text);
      expect(lock.lost.aborted).toBe(false);
    });
  });

  it("finds out that it was taken over, and leaves the new owner's file as it is", async () => {
    await beating(async (lock, beat) => {
      await rm(join(folder, LOCK_FILE));
      await writeOwner(LOCK_FILE, { host: `not-${hostname()}`, process: 1 });
      await touch(30);
      const before = await stat(join(folder, LOCK_FILE));
      beat();
      await vi.waitFor(() => expect(lock.lost.aborted).toBe(true));
      expect(lock.lost.reason).toBeInstanceOf(AgentRefineError);
      expect(lock.lost.reason.message).toBe(
        `${folder} was taken over by another process while this one was suspended`,
      );
      await lock.release();
      expect((await stat(join(folder, LOCK_FILE))).mtimeMs).toBe(before.mtimeMs);
    });
  });

  it("finds out that it was taken over when the other has ended since", async () => {
    await beating(async (lock, beat) => {
      await rm(join(folder, LOCK_FILE));
      beat();
      await vi.waitFor(() => expect(lock.lost.aborted).toBe(true));
    });
  });

  it("refuses a damaged lock and says how to remove it", async () => {
    // Side by side, since each is given some time to become whole.
    const texts = ["", "{", "{}", "null", '{"token":"../../x","process":1}'];
    await Promise.all(
      texts.map(async (text) => {
        const damaged = await mkdtemp(join(folder, "damaged-"));
        await writeFile(join(damaged, LOCK_FILE), text);
        expect((await refusal(damaged)).fix).toContain(`remove ${join(damaged, LOCK_FILE)}`);
      }),
    );
  });

  it("says that there is no such folder", async () => {
    await expect(lockFolder(join(folder, "none"))).rejects.toThrow("no such file or folder (ENOENT)");
  });

  it("follows the chain of processes that died while they took over", async () => {
    const id = await goneProcess();
    const [first, second] = ["1".repeat(32), "2".repeat(32)];
    await writeOwner(LOCK_FILE, { process: id, token: first });
    await writeOwner(`${LOCK_FILE}.${first}`, { process: id, token: second });
    await writeOwner(`${LOCK_FILE}.${second}`, { token: "3".repeat(32) });
    expect((await refusal()).message).toContain(`in use by process ${process.pid}`);
    await writeOwner(`${LOCK_FILE}.${second}`, { process: id, token: "3".repeat(32) });
    const lock = await lockFolder(folder);
    expect(await readdir(folder)).toEqual([LOCK_FILE]);
    await lock.release();
  });

  it("gives a stale lock to exactly one of many that try at once", async () => {
    const id = await goneProcess();
    for (let round = 0; round < 10; round += 1) {
      await writeOwner(LOCK_FILE, { process: id, token: round.toString(16).padStart(32, "0") });
      // Not all at the same moment, so that some look while others have just taken over.
      const attempts = Array.from({ length: 12 }, async (_, index) => {
        await wait((index * (round + 3)) % 11);
        return lockFolder(folder);
      });
      const outcomes = await Promise.allSettled(attempts);
      const locks = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
      expect(locks).toHaveLength(1);
      await locks[0]!.release();
    }
  });

  it("is never held twice by processes that take it over, release it and are killed", async () => {
    const witnesses = await mkdtemp(join(tmpdir(), "agentrefine-witness-"));
    const race = async (): Promise<void> => {
      const parameters = [folder, witnesses, "10"];
      expect(await runChild("race-for-lock", [...parameters, "kill"])).toMatchObject({
        signal: "SIGKILL",
      });
      expect(await runChild("race-for-lock", parameters)).toMatchObject({ code: 0, output: "done" });
    };
    try {
      const races = await Promise.allSettled([race(), race(), race()]);
      expect(races.map(({ status }) => status)).toEqual(Array.from({ length: 3 }, () => "fulfilled"));
      expect(await readdir(witnesses)).toEqual([]);
    } finally {
      await rm(witnesses, { recursive: true });
    }
  }, 120_000);
});
