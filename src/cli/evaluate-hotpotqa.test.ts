import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { lakePage, lakePlayer, writeLakes } from "../environment/hotpotqa/testing/lakes.ts";
import { startWiki, type WikiServer } from "../environment/hotpotqa/testing/wiki-server.ts";
import { type ChatServer, startChatServer } from "../model/testing/chat-server.ts";
import { createTestHost, type TestHost } from "./testing/test-host.ts";

let home: string;
let host: TestHost;
let server: ChatServer;
let wiki: WikiServer;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "agentrefine-home-"));
  await writeLakes(home, 6);
  vi.stubEnv("AGENTREFINE_HOME", home);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

beforeEach(async () => {
  host = await createTestHost();
  server = await startChatServer(lakePlayer);
  wiki = await startWiki((address) => ({ html: lakePage(address) }));
});

afterEach(async () => {
  await server.close();
  await wiki[Symbol.asyncDispose]();
  await host.remove();
});

function evaluation(out: string, ...flags: readonly string[]): readonly string[] {
  return [
    "evaluate",
    "--suite",
    "hotpotqa",
    "--model",
    "some",
    "--base-url",
    server.url,
    "--out",
    out,
    ...flags,
  ];
}

async function scoresOf(out: string): Promise<Record<string, { readonly value: number }>> {
  const { stdout } = await host.run(["evaluate", "--out", out, "--json"]);
  return JSON.parse(stdout).suites[0].scores;
}

function searches(): number {
  return wiki.asked.filter((address) => address.includes("search=")).length;
}

test("hotpotqa is answered from pages that are asked for once, kept, and played on without a network", async () => {
  const { code, stderr } = await host.run(evaluation("first", "--wikipedia", wiki.url), { columns: 200 });
  expect(code).toBe(0);
  expect(stderr).toContain("row 3 is no question with an answer");
  const { em, f1 } = await scoresOf("first");
  expect([em?.value, f1?.value]).toEqual([0.8, 0.9]);
  expect(searches()).toBe(5);
  expect(await readdir(join(host.directory, "first", "pages"))).toHaveLength(5);
  const calls = await readFile(join(host.directory, "first", "calls.jsonl"), "utf8");
  expect(calls.split("\n").filter((line) => line.includes('"page /w/index.php?search=Lake+Nr'))).toHaveLength(
    5,
  );

  await wiki[Symbol.asyncDispose]();
  const again = await host.run(evaluation("second", "--recorded", "first/pages"));
  expect(again.code).toBe(0);
  expect((await scoresOf("second")).f1?.value).toBe(0.9);
});

test("hotpotqa without its pages is told at once, and without one of them ends that episode alone", async () => {
  const offline = await host.run(evaluation("offline", "--wikipedia", "http://127.0.0.1:9"));
  expect(offline.code).toBe(2);
  expect(offline.stderr).toMatch(/^Error: 127\.0\.0\.1:9 cannot be reached: .*--recorded DIR\)\.\n$/);
  expect(server.requests).toHaveLength(0);

  await host.run(evaluation("first", "--wikipedia", wiki.url, "--limit", "3"));
  const { stderr } = await host.run(evaluation("second", "--recorded", "first/pages"), { columns: 200 });
  expect(stderr).toContain("the world failed in 1 episode: ");
  expect(stderr).toContain("has no page for /w/index.php?search=Lake+Nr");
  const mended = evaluation("second", "--recorded", "first/pages", "--retry-failed");
  await host.run(evaluation("all", "--wikipedia", wiki.url));
  const place = mended.indexOf("first/pages");
  await host.run(mended.map((word, at) => (at === place ? "all/pages" : word)));
  expect((await scoresOf("second")).f1?.value).toBe(0.9);
});

test("hotpotqa's network that is gone in the middle pauses the evaluation, and fails no episode", async () => {
  const leaving = await startWiki((address, before) => {
    if (leaving.asked.length === 3 && before === 0) void leaving[Symbol.asyncDispose]();
    return { html: lakePage(address) };
  });
  const { code, stderr } = await host.run(
    evaluation("cut", "--wikipedia", leaving.url, "--concurrency", "1"),
  );
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be reached") });
  expect(stderr).toContain("Resume with: agentrefine evaluate --out cut");
  const episodes = await readFile(join(host.directory, "cut", "episodes.jsonl"), "utf8");
  expect(episodes.split("\n").filter((line) => line !== "")).toHaveLength(1);
  expect(episodes).not.toContain("world-failed");
});

test("hotpotqa's expert needs no network", async () => {
  const flags = [
    "--suite",
    "hotpotqa",
    "--agent",
    "expert",
    "--out",
    "known",
    "--wikipedia",
    "http://127.0.0.1:9",
  ];
  expect((await host.run(["evaluate", ...flags])).code).toBe(0);
  expect((await scoresOf("known")).em?.value).toBe(1);
});

test("hotpotqa that is interrupted in the middle gives what it gives without", async () => {
  let running = true;
  const stopping = setInterval(() => {
    if (running && server.counts.completed >= 4) {
      running = false;
      host.interrupt();
    }
  }, 1);
  await host.run(evaluation("stopped", "--wikipedia", wiki.url, "--concurrency", "2"));
  clearInterval(stopping);
  const before = searches();
  const { code } = await host.run(evaluation("stopped", "--wikipedia", wiki.url, "--concurrency", "2"));
  expect(code).toBe(0);
  expect(before).toBeLessThan(5);
  expect(searches()).toBe(5);
  expect((await scoresOf("stopped")).f1?.value).toBe(0.9);
  expect(server.counts.requests).toBe(15);
});

test("hotpotqa without its questions names the command which brings them", async () => {
  vi.stubEnv("AGENTREFINE_HOME", host.directory);
  const { code, stderr } = await host.run(evaluation("none"));
  vi.stubEnv("AGENTREFINE_HOME", home);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "Error: HotpotQA's questions are not on this machine. Run `agentrefine data get hotpotqa`.\n",
  });
});
