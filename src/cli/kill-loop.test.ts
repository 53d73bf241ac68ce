import { randomBytes } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { offlineModel } from "../author/offline-model.ts";
import { downloadFolder } from "../data/cache.ts";
import { publishedFolder } from "../data/published.ts";
import { startPublisher } from "../data/testing/publisher.ts";
import { zipOf } from "../data/testing/zip.ts";
import { type ChatServer, startChatServer } from "../model/testing/chat-server.ts";
import { randomFor } from "../random.ts";
import { openRunFolder } from "../runs/run-folder.ts";
import { readCalls, readSyntheses } from "../synthesis/read-run.ts";
import type { ReplyRecord } from "../synthesis/record.ts";
import { type BuiltProgram, buildProgram } from "./testing/built-program.ts";
import { createTestHost, type TestHost } from "./testing/test-host.ts";

/** 60 with AGENTREFINE_KILLS=60, which takes a minute more. */
const KILLS = Number(process.env.AGENTREFINE_KILLS ?? 6);
/** So many that no kill comes after the end of the run. */
const PERSONAS = KILLS > 6 ? 260 : 40;
/** Half of the kills leave no time for anything; the other half are told to end. */
const SIGNALS = ["SIGKILL", "SIGTERM", "SIGKILL", "SIGHUP", "SIGKILL", "SIGUSR1"] as const;

function startServer(): Promise<ChatServer> {
  const author = offlineModel({ seed: "1" });
  return startChatServer(
    async ({ messages }) => {
      const { text } = await author.chat({ messages });
      return { text, latency: 5, pause: 1, burst: 100 };
    },
    { keepRequests: false },
  );
}

let program: BuiltProgram;
/** Runs in this process what is not killed, in the same folder. */
let host: TestHost;
beforeAll(async () => {
  program = await buildProgram();
  host = await createTestHost(program.directory);
}, 60_000);
afterAll(async () => {
  await program.remove();
});

describe("a run that is killed again and again", () => {
  test(
    `${KILLS} times with signals of four kinds, loses no finished reply and buys none twice but those in flight`,
    async () => {
      const server = await startServer();
      const concurrency = 8;
      const commandLine = [
        "generate",
        ...["--model", "test", "--base-url", server.url, "--out", "run", "--quiet"],
        ...["--limit", String(PERSONAS), "--concurrency", String(concurrency), "--json"],
      ];
      const random = randomFor("kills");
      try {
        let finishedBefore = 0;
        for (let kill = 0; kill < KILLS; kill += 1) {
          const { child, ended } = program.start(commandLine);
          // Some kills hit the start, most of them the work.
          const requests = server.counts.requests + random.integer(16);
          const deadline = Date.now() + 20_000;
          while (server.counts.requests < requests && Date.now() < deadline && child.exitCode === null) {
            await new Promise((resolve) => setTimeout(resolve, 2));
          }
          const signal = SIGNALS[kill % SIGNALS.length] ?? "SIGKILL";
          child.kill(signal);
          const end = await ended;
          // Before the program listens, any signal ends it at once; after that it ends by itself, with 130.
          if (signal === "SIGKILL") expect(end.signal).toBe("SIGKILL");
          else expect([130, signal]).toContain(end.code ?? end.signal);
          const { paths } = await openRunFolder(join(program.directory, "run")).catch(() => ({
            paths: undefined,
          }));
          if (paths === undefined) continue;
          const text = await readFile(paths.calls, "utf8").catch(() => "");
          const lines = text.split("\n").length - 1;
          expect(lines).toBeGreaterThanOrEqual(finishedBefore);
          finishedBefore = lines;
        }

        const { code, stdout } = await host.run(commandLine);
        expect(code).toBe(0);
        const summary = JSON.parse(stdout);
        expect(summary).toMatchObject({ personas: PERSONAS, pending: 0, failed: 0 });
        expect(summary.accepted + summary.rejected).toBe(PERSONAS);

        const { paths } = await openRunFolder(join(program.directory, "run"));
        const calls = new Map<string, number>();
        for await (const call of readCalls(paths)) {
          const key = `${call.index}/${(call as ReplyRecord).call}`;
          calls.set(key, (calls.get(key) ?? 0) + 1);
        }
        // Every reply is kept once, and what the server was asked beyond that was in flight at a kill.
        expect([...calls.values()].every((count) => count === 1)).toBe(true);
        expect(calls.size).toBe(summary.calls);
        const askedAgain = server.counts.requests - calls.size;
        expect(askedAgain).toBeGreaterThanOrEqual(0);
        expect(askedAgain).toBeLessThanOrEqual(KILLS * concurrency);
        const ended: number[] = [];
        for await (const { index } of readSyntheses(paths)) ended.push(index);
        expect(ended.sort((one, other) => one - other)).toEqual(
          Array.from({ length: PERSONAS }, (_, i) => i),
        );
      } finally {
        await server.close();
      }
    },
    100_000 + KILLS * 20_000,
  );
});

test("a data set that is killed while it comes is never half there, and resumes", async () => {
  const publisher = await startPublisher();
  try {
    const games = Array.from({ length: 134 }, (_value, game) => ({
      path: `json_2.1.1/valid_unseen/task/trial_${game}/game.tw-pddl`,
      content: randomBytes(1000),
    }));
    const bytes = zipOf(games);
    const slowly = { bytes: 2000, milliseconds: 50 };
    publisher.files.set("/games.zip", { bytes, etag: '"games"', slowly });
    const environment = { AGENTREFINE_HOME: join(program.directory, "home") };
    const commandLine = ["data", "get", "alfworld", "--from", `${publisher.url}/games.zip`];
    const downloaded = async (): Promise<number> => {
      const folder = downloadFolder("alfworld", environment);
      const names = await readdir(folder, { recursive: true }).catch(() => []);
      const parts = names.filter((name) => name.endsWith(".part"));
      const sizes = parts.map(async (name) => (await stat(join(folder, name))).size);
      return Math.max(0, ...(await Promise.all(sizes)));
    };
    for (let kill = 1; kill <= 2; kill += 1) {
      const before = await downloaded();
      const { child, ended } = program.start(commandLine, environment);
      await expect.poll(downloaded, { timeout: 20_000, interval: 10 }).toBeGreaterThan(before);
      expect(publisher.requests).toHaveLength(kill);
      child.kill("SIGKILL");
      await ended;
      expect(await publishedFolder("alfworld", environment)).toBeUndefined();
    }
    publisher.files.set("/games.zip", { bytes, etag: '"games"' });
    expect(await host.run(commandLine, { env: environment })).toMatchObject({ code: 0 });
    const ranges = publisher.requests.map(({ headers }) => Number(/\d+/.exec(headers.range ?? "0")?.[0]));
    expect(ranges).toEqual(ranges.toSorted((one, other) => one - other));
    expect(ranges.at(-1)).toBeGreaterThan(0);
    const folder = await publishedFolder("alfworld", environment);
    const game = games[77]!;
    expect(await readFile(join(folder ?? "", game.path))).toEqual(game.content);
    expect(await readdir(join(program.directory, "home", "data"))).toEqual(["alfworld"]);
  } finally {
    await publisher.close();
  }
}, 60_000);
