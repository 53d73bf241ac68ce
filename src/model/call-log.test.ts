import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startOfflineServer } from "../cli/testing/offline-server.ts";
import { createTestHost, type TestHost } from "../cli/testing/test-host.ts";
import { CallLog, eventLine, type LogEvent } from "./call-log.ts";

let host: TestHost;
beforeEach(async () => {
  host = await createTestHost();
});
afterEach(() => host.remove());

test("a run's log has a line for each request, its repeats and its end; --verbose tells the same", async () => {
  const server = await startOfflineServer();
  try {
    const { code, stderr } = await host.run([
      "generate",
      ...["--model", "m", "--base-url", server.url, "--limit", "1", "--out", "run", "--verbose"],
    ]);
    expect(code).toBe(0);
    const text = await readFile(join(host.directory, "run", "log.jsonl"), "utf8");
    const events: LogEvent[] = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.slice(0, 4).map(({ event }) => event)).toEqual(["sent", "answered", "sent", "answered"]);
    expect(events[1]).toMatchObject({
      call: expect.stringMatching(/^[0-9a-f]{6}\/1$/),
      attempt: 1,
      finish: "stop",
    });
    expect(stderr).toMatch(/\d\d:\d\d:\d\d [0-9a-f]{6}\/2 answered after \d/);
  } finally {
    await server.close();
  }
});

test("events are told in words", () => {
  const at = "2026-01-02T03:04:05.000Z";
  const events: readonly LogEvent[] = [
    { at, event: "sent", call: "b56d98/1", attempt: 1 },
    {
      at,
      event: "refused",
      call: "b56d98/1",
      attempt: 1,
      seconds: 0.4,
      code: "rate-limited",
      message: "slow down",
    },
    { at, event: "retried", call: "b56d98/1", attempt: 2 },
    { at, event: "slow", call: "b56d98/1", attempt: 2, seconds: 60, characters: 1234 },
    {
      at,
      event: "answered",
      call: "b56d98/1",
      attempt: 2,
      seconds: 71,
      finish: "stop",
      promptTokens: 1200,
      completionTokens: 900,
    },
  ];
  expect(`${events.map(eventLine).join("\n")}\n`).toMatchInlineSnapshot(`
    "03:04:05 b56d98/1 sent
    03:04:05 b56d98/1 refused after 0.4s: rate-limited, slow down
    03:04:05 b56d98/1 retried, attempt 2
    03:04:05 b56d98/1 slow for 1m, 1,234 characters so far
    03:04:05 b56d98/1 answered after 1m 11s, 1,200 + 900 tokens, stop, attempt 2
    "
  `);
});

test("a folder that refuses the log ends nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "agentrefine-log-"));
  await rm(folder, { recursive: true });
  const log = new CallLog();
  log.open(folder);
  log.note("a note");
  await log.close();
});
