import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ChatServer } from "../model/testing/chat-server.ts";
import { type BuiltProgram, buildProgram, type RunningProgram } from "./testing/built-program.ts";
import { startOfflineServer } from "./testing/offline-server.ts";
import { createTestHost, type TestHost } from "./testing/test-host.ts";

let program: BuiltProgram;
/** Runs in this process what needs none of its own, in the same folder. */
let host: TestHost;
let server: ChatServer;
let out: string;
let count = 0;

beforeAll(async () => {
  program = await buildProgram({ asPublished: true });
  host = await createTestHost(program.directory);
  server = await startOfflineServer({ latency: 40 });
}, 120_000);

afterAll(async () => {
  await server.close();
  await program.remove();
});

beforeEach(() => {
  count += 1;
  out = `run-${count}`;
});

function generation(): readonly string[] {
  const model = ["--model", "some", "--base-url", server.url, "--concurrency", "3"];
  return ["generate", ...model, "--limit", "12", "--out", out, "--json"];
}

function generate(): RunningProgram {
  return program.start(generation());
}

async function lines(run: string, file: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(join(program.directory, run, file), "utf8").catch(() => "");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

/** What came of each persona, without the order in which they ended. */
async function results(run: string): Promise<readonly unknown[]> {
  const records = await lines(run, "syntheses.jsonl");
  return [...records].sort((one, other) => Number(one.index) - Number(other.index));
}

/** What comes of a run that is not interrupted; the same command does nothing the second time. */
async function whole(): Promise<readonly unknown[]> {
  const model = ["--model", "some", "--base-url", server.url];
  await host.run(["generate", ...model, "--limit", "12", "--out", "whole", "--quiet"]);
  return results("whole");
}

/** Waits until so many calls of the run are on the disk. */
async function untilCalls(least: number): Promise<void> {
  while ((await lines(out, "calls.jsonl")).length < least) await sleep(10);
}

async function expectNothingBoughtTwice(): Promise<void> {
  const calls = await lines(out, "calls.jsonl");
  const keys = calls.map(({ index, call }) => `${index} ${call}`);
  expect(new Set(keys).size).toBe(keys.length);
}

describe("the program in a process of its own", { timeout: 180_000 }, () => {
  test("Ctrl-C saves and says how to resume; resumed, the run is as if it had not been stopped", async () => {
    const running = generate();
    await untilCalls(4);
    running.child.kill("SIGINT");
    const stopped = await running.ended;
    expect(stopped).toMatchObject({ code: 130, signal: null });
    expect(stopped.stderr).toMatch(
      /Stopping: (?:finishing \d calls? that (?:is|are) paid for, for [\dms ]+ at most|saving)\./,
    );
    expect(stopped.stderr).toContain(`Resume with: agentrefine resume ${out}`);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ interrupted: true });
    const resumed = await host.run(["resume", out]);
    expect(resumed.code).toBe(0);
    expect(await results(out)).toEqual(await whole());
    await expectNothingBoughtTwice();
  });

  test("kill -9 loses no reply that was kept; resumed, the run is as if it had not been killed", async () => {
    const running = generate();
    await untilCalls(5);
    running.child.kill("SIGKILL");
    await running.ended;
    const kept = await lines(out, "calls.jsonl");
    const resumed = await host.run(generation());
    expect(resumed.code).toBe(0);
    expect((await lines(out, "calls.jsonl")).slice(0, kept.length)).toEqual(kept);
    expect(await results(out)).toEqual(await whole());
    await expectNothingBoughtTwice();
  });

  test("a key from .env is used, and a second process on the same run is refused", async () => {
    await writeFile(join(program.directory, ".env"), "AGENTREFINE_API_KEY=from-dot-env\n");
    const running = generate();
    await untilCalls(1);
    await rm(join(program.directory, ".env"));
    expect(server.requests.at(-1)?.headers.authorization).toBe("Bearer from-dot-env");
    // A process that stands still goes on holding its lock.
    running.child.kill("SIGSTOP");
    const second = await host.run(["resume", out]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`in use by process ${running.child.pid}`);
    const exported = await host.run(["export", out, "--out", `${out}.jsonl`]);
    expect(exported.stderr).toMatch(
      new RegExp(`process ${running.child.pid} is working on it|no accepted trajectory`),
    );
    running.child.kill("SIGKILL");
    await running.ended;
  });

  test("a reader that goes away ends it without a word", async () => {
    const file = join(program.directory, "many.jsonl");
    await writeFile(file, '{"script":{},"trajectory":[]}\n'.repeat(5000));
    const command = `'${process.execPath}' '${program.main}' verify '${file}' | head -1`;
    const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
      execFile("sh", ["-c", command], (error, stdout, stderr) =>
        error ? reject(error) : resolve({ stdout, stderr }),
      );
    });
    expect(stdout).toContain("line 1: rejected");
    expect(stderr).toBe("");
  });

  test.skipIf(process.platform !== "linux")("a full disk under stdout is one line", async () => {
    const file = join(program.directory, "few.jsonl");
    await writeFile(file, '{"script":{},"trajectory":[]}\n');
    const command = `'${process.execPath}' '${program.main}' verify '${file}' > /dev/full`;
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile("sh", ["-c", command], (error, _stdout, stderr) => resolve({ code: error?.code, stderr }));
    });
    expect(code).toBe(1);
    expect(stderr).toContain("cannot write the output (ENOSPC)");
    expect(stderr).not.toContain("    at ");
  });

  test("what init writes runs where nothing is installed", async () => {
    expect((await host.run(["init", "fresh"])).code).toBe(0);
    const config = join("fresh", "agentrefine.config.json");
    const personas = ["fresh/personas.jsonl", "--config", config, "--limit", "1"];
    const ran = await program.start(["generate", ...personas, "--out", out]).ended;
    expect(ran.stderr).toContain("Result");
    expect(ran.code).toBe(0);
  });
});
