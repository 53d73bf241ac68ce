import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ChatServer, startChatServer } from "../../model/testing/chat-server.ts";
import { createTestHost, type TestHost } from "../testing/test-host.ts";
import { worldReply } from "../testing/world-player.ts";

let host: TestHost;
let server: ChatServer;

beforeEach(async () => {
  host = await createTestHost();
  server = await startChatServer(({ messages }) => worldReply(messages));
});

afterEach(async () => {
  await host.remove();
  await server.close();
});

const SHORT = ["--suite", "babyai", "--limit", "2", "--max-turns", "3"];

function configure(evaluate: object, name = "agentrefine.config.json"): Promise<void> {
  return writeFile(join(host.directory, name), JSON.stringify({ evaluate }));
}

async function settingsOf(name: string): Promise<Record<string, unknown>> {
  const { settings } = JSON.parse(await readFile(join(host.directory, name, "run.json"), "utf8"));
  return settings;
}

describe("the config file of evaluate", () => {
  test("gives the model, its address, its price and how it is driven", async () => {
    const price = { prompt: 1, cachedPrompt: 1, completion: 2 };
    await configure({
      model: "tuned",
      baseUrl: server.url,
      price,
      concurrency: 1,
      headers: { "X-Team": "a" },
    });
    const { code, stderr } = await host.run(["evaluate", ...SHORT, "--out", "eval"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Cost +\$0\.\d+/m);
    expect(await settingsOf("eval")).toMatchObject({
      agent: "react",
      model: { name: "tuned", baseUrl: server.url, temperature: 0, maxTokens: 1024, headers: ["x-team"] },
    });
    expect(server.requests[0]?.headers["x-team"]).toBe("a");
    expect(server.requests[0]?.body).toMatchObject({ model: "tuned" });
  });

  test("stands below the flags", async () => {
    await configure({ model: "tuned", baseUrl: server.url, temperature: 0.5, maxTokens: 99 });
    const flags = [...SHORT, "--model", "other", "--temperature", "0.25"];
    await host.run(["evaluate", ...flags, "--out", "eval"]);
    expect(server.requests[0]?.body).toMatchObject({ model: "other", temperature: 0.25, max_tokens: 99 });
  });

  test("is of no matter to agents without a model", async () => {
    await configure({ model: "tuned", baseUrl: "http://127.0.0.1:1" });
    const { code } = await host.run(["evaluate", ...SHORT, "--agent", "random", "--out", "eval"]);
    expect(code).toBe(0);
    expect(await settingsOf("eval")).not.toHaveProperty("model");
  });

  test("does not contradict an evaluation that is resumed, and drives it", async () => {
    await host.run(["evaluate", ...SHORT, "--model", "old", "--base-url", server.url, "--out", "eval"]);
    const calls = join(host.directory, "eval", "calls.jsonl");
    const [first] = (await readFile(calls, "utf8")).split("\n");
    await writeFile(calls, `${first}\n`);
    await writeFile(join(host.directory, "eval", "episodes.jsonl"), "");
    await configure({ model: "tuned", price: { prompt: 1, cachedPrompt: 1, completion: 2 }, maxCost: 0 });
    const { code, stderr } = await host.run(["evaluate", "--out", "eval"]);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining("Raise --max-cost to continue."),
    });
    const contradicting = await host.run(["evaluate", "--model", "tuned", "--out", "eval"]);
    expect(contradicting).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("other settings: model"),
    });
  });

  test("of an evaluation that is resumed may name another address, since a server may have moved", async () => {
    const gone = ["--model", "old", "--base-url", "http://127.0.0.1:1", "--max-attempts", "1"];
    const first = await host.run(["evaluate", ...SHORT, ...gone, "--out", "eval"]);
    expect(first.code).toBe(1);
    const { code } = await host.run([
      "evaluate",
      "--base-url",
      server.url,
      "--retry-failed",
      "--out",
      "eval",
    ]);
    expect(code).toBe(0);
    expect(server.requests.length).toBeGreaterThan(0);
  });

  test("may be another file, and is checked", async () => {
    await configure({ model: "tuned", baseUrl: server.url }, "mine.json");
    await host.run(["evaluate", ...SHORT, "--config", "mine.json", "--out", "eval"]);
    expect(await settingsOf("eval")).toMatchObject({ model: { name: "tuned" } });
    await configure({ modell: "tuned" });
    const { code, stderr } = await host.run(["evaluate", ...SHORT, "--out", "other"]);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no setting "evaluate.modell"; did you mean "model"?');
  });
});
