import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let host: TestHost;

/** AgentBoard's labels of BabyAI as they could be, of which a line is cut off. */
async function writeLabels(): Promise<void> {
  const episodes = await readFile(join(host.directory, "plain", "episodes.jsonl"), "utf8");
  const lines = episodes
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly task: string; readonly group: string })
    .map(({ group }) =>
      JSON.stringify({ subgoals: ["a"], difficulty: "easy", additional_info: { subtask: group } }),
    );
  await mkdir(join(host.directory, "labels"));
  await writeFile(join(host.directory, "labels", "babyai.jsonl"), ["{", ...lines.slice(1)].join("\n"));
}

beforeAll(async () => {
  host = await createTestHost();
  const flags = ["--agent", "expert", "--quiet"];
  await host.run([
    "evaluate",
    "--suite",
    "alfworld",
    "--limit",
    "2",
    "--samples",
    "2",
    ...flags,
    "--out",
    "two",
  ]);
  await host.run([
    "evaluate",
    "--suite",
    "babyai",
    "--agent",
    "random",
    "--max-turns",
    "1",
    "--out",
    "plain",
  ]);
  await writeLabels();
}, 60_000);

afterAll(() => host.remove());

test("a task's name is whole on a narrow terminal, and what show takes", async () => {
  const { stdout } = await host.run(["show", "two"], { isTTY: true, columns: 60 });
  expect(stdout).toMatch(/\n {4}pick_and_place_simple\/test-0-1\n/);
  expect(stdout).toMatch(/\n {4}pick_and_place_simple\/test-0-2 \(attempt 2\)\n/);
  const wide = await host.run(["show", "two"], { isTTY: true, columns: 200 });
  expect(wide.stdout).toMatch(/alfworld {2}pick_and_place_simple\/test-0-1\n/);
});

test("an attempt at a task is named by its task, not by a number of the list", async () => {
  const refused = await host.run(["show", "two", "1", "--attempt", "2"]);
  expect(refused).toMatchObject({
    code: 2,
    stderr:
      "Error: 1 is the number of one episode, of which --attempt says nothing. Leave out --attempt, or give the task's name.\n",
  });
  const { code, stdout } = await host.run([
    "show",
    "two",
    "pick_and_place_simple/test-0-1",
    "--attempt",
    "2",
  ]);
  expect([code, stdout.split("\n")[0]]).toEqual([0, expect.stringContaining("test-0-1: success")]);
});

test("the dialogue of an agent without a model begins with the goal", async () => {
  const { stdout } = await host.run(["show", "two", "1"]);
  expect(stdout).toMatch(/\nGoal\n {2}\w+ .*\.\n/);
  expect(stdout).toMatch(/\nAt the start\n {2}Observation: You are in the middle of a room/);
});

test("a label that cannot be read is told once, with its file as it was given", async () => {
  const flags = ["--suite", "babyai", "--agent", "random", "--max-turns", "1", "--limit", "2"];
  const { code, stderr } = await host.run(["evaluate", ...flags, "--agentboard", "labels", "--out", "cut"], {
    columns: 200,
  });
  expect(code).toBe(3);
  expect(stderr).toContain(
    "babyai: the world failed in 1 episode: labels/babyai.jsonl, line 1: not a label of BabyAI\n",
  );
  expect(stderr.match(/not a label/g)).toHaveLength(1);
});
