import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChatServer, startChatServer } from "../model/testing/chat-server.ts";
import { type BuiltProgram, buildProgram, type RunningProgram } from "./testing/built-program.ts";
import { worldReply } from "./testing/world-player.ts";

let program: BuiltProgram;
let server: ChatServer;

beforeAll(async () => {
  program = await buildProgram();
  server = await startChatServer(({ messages }) => ({ text: worldReply(messages), latency: 5 }));
}, 120_000);

afterAll(async () => {
  await server.close();
  await program.remove();
});

function evaluate(out: string): RunningProgram {
  const model = ["--model", "some", "--base-url", server.url, "--concurrency", "3"];
  const flags = ["--suite", "babyai,pddl", "--limit", "8", "--max-turns", "10", "--json"];
  return program.start(["evaluate", ...flags, ...model, "--out", out]);
}

async function episodes(out: string): Promise<readonly Record<string, unknown>[]> {
  const file = join(program.directory, out, "episodes.jsonl");
  const text = await readFile(file, "utf8").catch(() => "");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

function sorted(list: readonly Record<string, unknown>[]): readonly unknown[] {
  const key = ({ suite, task }: Record<string, unknown>): string => `${suite} ${task}`;
  return [...list].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

async function untilEnded(out: string, least: number): Promise<void> {
  while ((await episodes(out)).length < least) await sleep(5);
}

/** The uninterrupted evaluation that others are compared with. */
let whole: Promise<readonly unknown[]> | undefined;

function uninterrupted(): Promise<readonly unknown[]> {
  whole ??= evaluate("whole").ended.then(async () => sorted(await episodes("whole")));
  return whole;
}

describe("an evaluation in a process of its own", () => {
  test("killed again and again and resumed, equals an uninterrupted one", async () => {
    for (const least of [1, 4, 9]) {
      const running = evaluate("killed");
      await untilEnded("killed", least);
      running.child.kill("SIGKILL");
      const before = await running.ended.then(() => episodes("killed"));
      expect(before.length).toBeLessThan(16);
    }
    const kept = await episodes("killed");
    const resumed = await evaluate("killed").ended;
    expect(resumed.code).toBe(0);
    const all = await episodes("killed");
    expect(all.slice(0, kept.length)).toEqual(kept);
    expect(all).toHaveLength(16);
    expect(sorted(all)).toEqual(await uninterrupted());
  });

  test("Ctrl-C saves and says how to go on; resumed, it is as if it had not been stopped", async () => {
    const running = evaluate("stopped");
    await untilEnded("stopped", 3);
    running.child.kill("SIGINT");
    const stopped = await running.ended;
    expect(stopped).toMatchObject({ code: 130, signal: null });
    expect(stopped.stderr).toContain("Go on with: agentrefine evaluate --out stopped");
    expect(JSON.parse(stopped.stdout)).toMatchObject({ interrupted: true, planned: 16 });
    const resumed = await program.start(["evaluate", "--out", "stopped"]).ended;
    expect(resumed.code).toBe(0);
    expect(sorted(await episodes("stopped"))).toEqual(await uninterrupted());
  });

  test("a second process on the same folder is refused", async () => {
    const running = evaluate("shared");
    await untilEnded("shared", 1);
    // A process that stands still goes on holding its lock.
    running.child.kill("SIGSTOP");
    const second = await evaluate("shared").ended;
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`in use by process ${running.child.pid}`);
    running.child.kill("SIGKILL");
    await running.ended;
  });
});
