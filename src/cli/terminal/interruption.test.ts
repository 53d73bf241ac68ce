import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { offlineModel } from "../../author/offline-model.ts";
import { startChatServer } from "../../model/testing/chat-server.ts";
import { type BuiltProgram, buildProgram } from "../testing/built-program.ts";

let program: BuiltProgram;
beforeAll(async () => {
  program = await buildProgram();
}, 60_000);
afterAll(() => program.remove());

function generate(url: string, out: string): readonly string[] {
  return ["generate", "--model", "m", "--base-url", url, "--limit", "4", "--out", out];
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function linesOf(out: string, file: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(join(program.directory, out, file), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("signals", () => {
  // Most of the time passes in the processes that are started: all of them at once. Ctrl-C is in main.test.ts.
  test.concurrent.each(["SIGTERM", "SIGHUP", "SIGUSR1"] as const)(
    "%s lets the calls on the wire finish, keeps what was paid for, and is exit code 130",
    async (signal) => {
      let isStopping: () => void = () => {};
      const stopping = new Promise<void>((resolve) => {
        isStopping = resolve;
      });
      const author = offlineModel({ seed: "1" });
      const server = await startChatServer(async ({ messages }) => {
        await stopping;
        return (await author.chat({ messages })).text;
      });
      try {
        const { child, ended } = program.start(generate(server.url, signal));
        await until(() => server.counts.requests === 4);
        child.stderr?.on("data", (words) => String(words).includes("Stopping") && isStopping());
        child.kill(signal);
        const { code, stderr } = await ended;
        expect(code).toBe(130);
        expect(stderr).toContain("Stopping: finishing 4 calls that are paid for");
        expect(stderr).not.toContain("Debugger");
        expect(await linesOf(signal, "calls.jsonl")).toHaveLength(4);
        expect(server.counts.requests).toBe(4);
      } finally {
        await server.close();
      }
    },
  );

  test.concurrent("does not wait for ever: the grace is told, and over it the calls end", async () => {
    const server = await startChatServer(() => ({ text: "late", latency: 60_000 }));
    try {
      const { child, ended } = program.start(generate(server.url, "grace"), { AGENTREFINE_GRACE: "0.3" });
      await until(() => server.counts.requests === 4);
      child.kill("SIGTERM");
      const { code, stderr } = await ended;
      expect(code).toBe(130);
      expect(stderr).toContain("for 0.3s at most");
      const events = (await linesOf("grace", "log.jsonl")).map(({ event }) => event);
      expect(events.filter((event) => event === "sent")).toHaveLength(4);
      expect(events.filter((event) => event === "ended")).toHaveLength(4);
    } finally {
      await server.close();
    }
  });
});
