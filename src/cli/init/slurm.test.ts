import { execFile, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { offlineModel } from "../../author/offline-model.ts";
import { type ChatServer, startChatServer } from "../../model/testing/chat-server.ts";
import { lockOwnerSchema } from "../../runs/lock.ts";
import { type BuiltProgram, buildProgram } from "../testing/built-program.ts";

// A real Slurm, brought up on this machine: with AGENTREFINE_SLURM=1, as root, where Debian's slurm-wlm is. Takes two
// minutes, one of them the silence after which the lock of a dead node is taken over.

const SCRIPTS = fileURLToPath(new URL("../../../scripts/slurm", import.meta.url));
const isWanted = process.env.AGENTREFINE_SLURM === "1";
const isHere = process.getuid?.() === 0 && spawnSync("slurmctld", ["-V"]).status === 0;

const SHARDS = 8;
const PERSONAS = 96;
/** Of each shard, so that each can be met in the middle of its work. */
const CONCURRENCY = 2;

let program: BuiltProgram;
let slurm: string;
let server: ChatServer;
/** Milliseconds until a reply comes. */
let latency = 20;

beforeAll(async () => {
  if (!isWanted || !isHere) return;
  program = await buildProgram();
  const author = offlineModel({ seed: "1" });
  server = await startChatServer(async ({ messages }) => ({
    text: (await author.chat({ messages })).text,
    latency,
  }));
  slurm = await mkdtemp(join(tmpdir(), "agentrefine-slurm-"));
  await sh(`${SCRIPTS}/up.sh ${slurm}`);
  // As `npm install agentrefine` leaves it.
  const bin = join(program.directory, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "agentrefine"), `#!/bin/sh\nexec ${process.execPath} ${program.main} "$@"\n`);
  await chmod(join(bin, "agentrefine"), 0o755);
  const settings = { model: "author", baseUrl: server.url, out: "runs/first" };
  const generate = { ...settings, limit: PERSONAS, concurrency: CONCURRENCY * SHARDS };
  await writeFile(join(program.directory, "agentrefine.config.json"), JSON.stringify({ generate }));
}, 120_000);

afterAll(async () => {
  if (!isWanted || !isHere) return;
  await sh("scancel --user=root --full --signal=KILL").catch(() => undefined);
  await sh(`${SCRIPTS}/down.sh ${slurm}`);
  await server.close();
  await program.remove();
  await rm(slurm, { recursive: true, force: true, maxRetries: 3 });
});

async function sh(command: string): Promise<string> {
  const env = { ...process.env, SLURM_CONF: join(slurm, "slurm.conf") };
  const { stdout } = await promisify(execFile)("bash", ["-c", command], { cwd: program.directory, env });
  return stdout.trim();
}

function path(...parts: readonly string[]): string {
  return join(program.directory, ...parts);
}

async function until(what: string, seconds: number, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`${what} did not come within ${seconds} s:\n${await sh("squeue -a")}`);
    await sleep(200);
  }
}

interface Task {
  readonly state: string;
  readonly node: string;
  readonly reason: string;
}

/** The tasks of an array that have not ended, by their shard. */
async function tasksOf(array: string): Promise<ReadonlyMap<number, Task>> {
  const text = await sh(
    `squeue --array --noheader --jobs=${array} --format='%K|%T|%N|%r' 2>/dev/null || true`,
  );
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [shard = "", state = "", node = "", reason = ""] = line.split("|");
      return [Number(shard), { state, node, reason }];
    }),
  );
}

async function ownerOf(
  shard: number,
): Promise<{ readonly process: number; readonly host: string } | undefined> {
  const text = await readFile(path("runs/first-shards", String(shard), "lock"), "utf8").catch(() => "{}");
  return lockOwnerSchema.safeParse(JSON.parse(text)).data;
}

async function callsOf(folder: string): Promise<number> {
  const text = await readFile(path(folder, "calls.jsonl"), "utf8").catch(() => "");
  return text.split("\n").length - 1;
}

/** Ends everything that runs on a node at once, as a power cut does. */
async function cutPower(node: string): Promise<void> {
  const daemon = (await readFile(join(slurm, `slurmd-${node}.pid`), "utf8")).trim();
  const namespace = await readlink(`/proc/${daemon}/ns/uts`);
  if (namespace === (await readlink("/proc/self/ns/uts")))
    throw new Error("the node has no host name of its own");
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const id of processes) {
    const its = await readlink(`/proc/${id}/ns/uts`).catch(() => "");
    if (its === namespace) process.kill(Number(id), "SIGKILL");
  }
  await sh(`scontrol update nodename=${node} state=down reason='power cut'`);
}

/** Starts what was requeued now, not in two minutes. */
async function startNow(array: string): Promise<void> {
  for (const [shard, { reason, state }] of await tasksOf(array)) {
    if (state === "PENDING" && reason === "BeginTime")
      await sh(`scontrol update jobid=${array}_${shard} StartTime=now`);
  }
}

function logOf(array: string, shard: number): Promise<string> {
  return readFile(path("slurm", `agentrefine-first-${array}_${shard}.log`), "utf8");
}

/** Has the shards merged, in a job of its own, when those jobs have ended. */
function mergeAfter(jobs: string): Promise<string> {
  return sh(`sbatch --parsable --dependency=afterany:${jobs} slurm/merge.sbatch`);
}

/** What a merge has said. */
async function saidBy(job: string): Promise<string> {
  await until(
    "the merge",
    60,
    async () => (await sh(`squeue --noheader --jobs=${job} 2>/dev/null || true`)) === "",
  );
  return readFile(path("slurm", `agentrefine-first-merge-${job}.log`), "utf8");
}

describe.skipIf(!isWanted || !isHere)("an array of eight on Slurm", () => {
  test("survives kills, its time limit, a node's death and a cancelled task, and merges to the run of one process", {
    timeout: 300_000,
  }, async () => {
    const whole = await program.start(["generate", "--out", "runs/whole", "--quiet"]).ended;
    expect(whole).toMatchObject({ code: 0 });
    const needed = await callsOf("runs/whole");
    expect(server.counts.requests).toBe(needed);

    expect(await program.start(["init", "--slurm", "--shards", String(SHARDS)]).ended).toMatchObject({
      code: 0,
    });
    latency = 4000;
    const array = await sh("sbatch --parsable slurm/shards.sbatch");
    await until("the work on all shards", 60, async () => {
      const counts = Array.from({ length: SHARDS }, (_, shard) => callsOf(`runs/first-shards/${shard}`));
      return (await Promise.all(counts)).every((count) => count > 0);
    });
    const running = await tasksOf(array);
    const on = (node: string): number[] =>
      [...running].flatMap(([shard, task]) => (task.node === node ? [shard] : []));
    const [killed = -1, outOfTime = -1, cancelled = -1] = on("node-a");
    const dead = on("node-b");
    expect(dead).toHaveLength(3);
    expect((await ownerOf(dead[0]!))?.host).toBe("node-b");

    await sh(`scontrol update jobid=${array}_${outOfTime} TimeLimit=1`);
    process.kill((await ownerOf(killed))!.process, "SIGKILL");
    await sh(`scancel ${array}_${cancelled}`);
    await cutPower("node-b");
    const again = [killed, outOfTime, ...dead];
    await until("the requeueing", 60, async () => {
      const tasks = await tasksOf(array);
      return again.every((shard) => tasks.get(shard)?.state === "PENDING");
    });
    latency = 20;
    expect(await logOf(array, killed)).toContain("Killed");
    expect(await logOf(array, outOfTime)).toContain(
      "Stopped before the end; nothing that was bought is lost.",
    );
    const merge = await mergeAfter(array);
    await until("the end of all tasks", 120, async () => {
      await startNow(array);
      return (await tasksOf(array)).size === 0;
    });
    for (const shard of dead) expect(await logOf(array, shard)).toContain("on host node-b: waiting up to");

    // Who cancels a task does not get it back, and the merge says that it is missing.
    expect(await saidBy(merge)).toMatch(
      new RegExp(`runs/first-shards/${cancelled}: \\d+ of 12 personas have not ended`),
    );
    const last = await sh(`sbatch --parsable --array=${cancelled} slurm/shards.sbatch`);
    expect(await saidBy(await mergeAfter(last))).toContain(`Merged ${PERSONAS} personas into runs/first`);

    expect(await program.start(["merge", "runs/alone", "runs/whole"]).ended).toMatchObject({ code: 0 });
    for (const name of ["personas.jsonl", "calls.jsonl", "syntheses.jsonl"])
      expect(await readFile(path("runs/first", name), "utf8"), name).toBe(
        await readFile(path("runs/alone", name), "utf8"),
      );
    // What was on the wire at a kill was bought again, and nothing else.
    const lost = server.counts.requests - 2 * needed;
    expect(lost).toBeGreaterThanOrEqual(0);
    expect(lost).toBeLessThanOrEqual((2 + dead.length) * CONCURRENCY);
  });
});

test.skipIf(!isWanted || isHere)("skipped: slurm-wlm is not installed, or this is not root", () => {});
