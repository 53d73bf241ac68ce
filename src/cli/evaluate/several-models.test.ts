import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
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

function evaluate(models: readonly string[], ...flags: readonly string[]): ReturnType<TestHost["run"]> {
  const named = models.flatMap((model) => ["--model", model]);
  const short = ["--suite", "babyai", "--limit", "1", "--max-turns", "2", "--quiet", "--out", "evals"];
  return host.run(["evaluate", ...named, "--base-url", server.url, ...short, ...flags]);
}

test("several models each play in a folder of their own, which resumes by itself or with the others", async () => {
  const models = ["out/step-100", "out/step-200"];
  const { code, stderr } = await evaluate(models);
  expect(code).toBe(0);
  expect((await readdir(join(host.directory, "evals"))).sort()).toEqual(["out-step-100", "out-step-200"]);
  expect(stderr).toContain("Evaluation 2 of 2: out/step-200, in evals/out-step-200\n");
  expect(stderr).toMatch(/Next: agentrefine compare evals\/out-step-100 evals\/out-step-200 --paper\n$/);
  const asked = server.requests.map(({ body }) => body);
  expect(asked.map((body) => JSON.parse(JSON.stringify(body)).model)).toEqual([
    models[0],
    models[0],
    models[1],
    models[1],
  ]);
  const again = await evaluate(models);
  expect(again.code).toBe(0);
  expect(again.stderr.match(/nothing was left to do/g)).toHaveLength(2);
  const together = await host.run(["evaluate", "--out", "evals"]);
  expect(together.code).toBe(0);
  expect(together.stderr.match(/nothing was left to do/g)).toHaveLength(2);
  expect(together.stderr).toContain("\nEvaluations: evals/out-step-100, evals/out-step-200\n");
  const alone = await host.run(["evaluate", "--out", "evals/out-step-200"]);
  expect(alone.code).toBe(0);
  expect(server.requests).toHaveLength(4);
});

test("what they may cost is the limit of all of them", async () => {
  const price = ["--price", "1000,1000"];
  const { code, stderr } = await evaluate(["a", "b"], ...price, "--json");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { stdout } = await host.run(["evaluate", "--out", "evals/a", "--json"]);
  const { cost } = JSON.parse(stdout).spending;
  const capped = await evaluate(["c", "d"], ...price, "--max-cost", String(1.2 * cost));
  expect(capped.code).toBe(3);
  const episodes = await readFile(join(host.directory, "evals", "c", "episodes.jsonl"), "utf8");
  expect(episodes.trim().split("\n")).toHaveLength(1);
  expect(capped.stderr).toContain("Paused");
});

test.each([
  [["a/b", "a-b"], false, "a/b and a-b would both play in the folder a-b"],
  [["a", "b", "a"], false, "the model a is given twice"],
  [["a", "b"], true, "several models cannot play in the folder of one evaluation"],
] as const)("%j are refused before any of them is asked", async (models, isThere, message) => {
  if (isThere) await evaluate(["one"]);
  const before = server.requests.length;
  const { code, stderr } = await evaluate(models);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(server.requests).toHaveLength(before);
});
