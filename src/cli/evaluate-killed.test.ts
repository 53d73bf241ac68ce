import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { lakePage, lakePlayer, writeLakes } from "../environment/hotpotqa/testing/lakes.ts";
import { startWiki } from "../environment/hotpotqa/testing/wiki-server.ts";
import { type ChatServer, startChatServer } from "../model/testing/chat-server.ts";
import { lockFolder } from "../runs/lock.ts";
import { type BuiltProgram, buildProgram, type RunningProgram } from "./testing/built-program.ts";
import { createTestHost, type TestHost } from "./testing/test-host.ts";
import { worldReply } from "./testing/world-player.ts";

let program: BuiltProgram;
/** Runs in this process what is not killed, in the same folder. */
let host: TestHost;
let server: ChatServer;

beforeAll(async () => {
  program = await buildProgram();
  host = await createTestHost(program.directory);
  server = await startChatServer(({ messages }) => ({ text: worldReply(messages), latency: 5 }));
}, 120_000);

afterAll(async () => {
  await server.close();
  await program.remove();
});

const CONCURRENCY = 3;

function evaluation(out: string): readonly string[] {
  const model = ["--model", "some", "--base-url", server.url, "--concurrency", String(CONCURRENCY)];
  const flags = ["--suite", "babyai,pddl", "--limit", "8", "--max-turns", "10", "--json"];
  return ["evaluate", ...flags, ...model, "--out", out];
}

function evaluate(out: string): RunningProgram {
  return program.start(evaluation(out));
}

async function lines(out: string, name: string): Promise<readonly Record<string, unknown>[]> {
  const file = join(program.directory, out, name);
  const text = await readFile(file, "utf8").catch(() => "");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

function episodes(out: string): Promise<readonly Record<string, unknown>[]> {
  return lines(out, "episodes.jsonl");
}

function sorted(list: readonly Record<string, unknown>[]): readonly unknown[] {
  const key = ({ suite, task }: Record<string, unknown>): string => `${suite} ${task}`;
  return [...list].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

async function untilEnded(out: string, least: number): Promise<void> {
  while ((await episodes(out)).length < least) await sleep(5);
}

/** Waits for a number of requests, or for the end of the program that should make them. */
async function untilAsked(requests: number, { ended }: RunningProgram): Promise<void> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (server.counts.requests < requests && !isOver) await sleep(2);
}

/** The uninterrupted evaluation that others are compared with, and how many requests it took. */
interface Uninterrupted {
  readonly episodes: readonly unknown[];
  readonly requests: number;
}

let whole: Promise<Uninterrupted> | undefined;

function uninterrupted(): Promise<Uninterrupted> {
  const before = server.counts.requests;
  whole ??= host.run(evaluation("whole")).then(async () => ({
    episodes: sorted(await episodes("whole")),
    requests: server.counts.requests - before,
  }));
  return whole;
}

describe("an evaluation in a process of its own", { timeout: 180_000 }, () => {
  test("killed again and again and resumed, equals an uninterrupted one, and buys no reply twice", async () => {
    const { requests: needed, episodes: expected } = await uninterrupted();
    const before = server.counts.requests;
    let kills = 0;
    // Kills in the middle of episodes, of 10 turns each and three at once.
    for (const further of [7, 25, 12]) {
      const running = evaluate("killed");
      await untilAsked(server.counts.requests + further, running);
      running.child.kill("SIGKILL");
      await running.ended;
      kills += 1;
      expect((await episodes("killed")).length).toBeLessThan(16);
    }
    const kept = await episodes("killed");
    const resumed = await host.run(evaluation("killed"));
    expect(resumed.code).toBe(0);
    const all = await episodes("killed");
    expect(all.slice(0, kept.length)).toEqual(kept);
    expect(all).toHaveLength(16);
    expect(sorted(all)).toEqual(expected);
    // Only what was in flight at a kill was asked again, and every reply was kept once.
    expect(server.counts.requests - before).toBeLessThanOrEqual(needed + kills * CONCURRENCY);
    const calls = await lines("killed", "calls.jsonl");
    expect(calls).toHaveLength(needed);
    const keys = calls.map(({ suite, task, attempt, call }) => `${suite} ${task} ${attempt} ${call}`);
    expect(new Set(keys).size).toBe(needed);
  });

  test("Ctrl-C saves and says how to resume; resumed, it is as if it had not been stopped", async () => {
    const { requests: needed, episodes: expected } = await uninterrupted();
    const before = server.counts.requests;
    const running = evaluate("stopped");
    await untilEnded("stopped", 3);
    running.child.kill("SIGINT");
    const stopped = await running.ended;
    expect(stopped).toMatchObject({ code: 130, signal: null });
    expect(stopped.stderr).toContain("Resume with: agentrefine evaluate --out stopped");
    expect(JSON.parse(stopped.stdout)).toMatchObject({ interrupted: true, planned: 16 });
    const resumed = await host.run(["evaluate", "--out", "stopped"]);
    expect(resumed.code).toBe(0);
    expect(sorted(await episodes("stopped"))).toEqual(expected);
    // Calls on the wire finish at Ctrl-C, so nothing is asked again at all.
    expect(server.counts.requests - before).toBe(needed);
  });

  test("a second process on the same folder is refused", async () => {
    const folder = join(program.directory, "shared");
    await mkdir(folder);
    const lock = await lockFolder(folder);
    const second = await host.run(evaluation("shared"));
    await lock.release();
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`in use by process ${process.pid}`);
  });

  test("killed while pages are bought, asks for no page again that it has", async () => {
    const home = join(program.directory, "home");
    await writeLakes(home, 12);
    const player = await startChatServer(lakePlayer);
    const wiki = await startWiki((address) => ({ html: lakePage(address) }));
    const evaluation = [
      ...["evaluate", "--suite", "hotpotqa", "--model", "m", "--base-url", player.url, "--out", "lakes"],
      ...["--wikipedia", wiki.url, "--concurrency", "2", "--quiet"],
    ];
    const kept = (): Promise<readonly string[]> =>
      readdir(join(program.directory, "lakes", "pages")).catch(() => []);
    const running = program.start(evaluation, { AGENTREFINE_HOME: home });
    while ((await kept()).filter((name) => name.endsWith(".json.gz")).length < 4) await sleep(1);
    running.child.kill("SIGKILL");
    await running.ended;
    const [pages, before] = [await kept(), wiki.asked.length];
    vi.stubEnv("AGENTREFINE_HOME", home);
    const { code, stderr } = await host.run(evaluation);
    vi.unstubAllEnvs();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const fileOf = (address: string): string =>
      `${createHash("sha256").update(address).digest("hex").slice(0, 32)}.json.gz`;
    const again = wiki.asked.slice(before).filter((address) => pages.includes(fileOf(address)));
    expect(again).toEqual([]);
    // Each of the eleven lakes once, and at most the two that were on the wire a second time.
    expect(wiki.asked.filter((address) => address.includes("Lake")).length).toBeLessThanOrEqual(13);
    await player.close();
    await wiki[Symbol.asyncDispose]();
  });
});
