import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LEVELS } from "./babyai/levels/level-list.ts";
import type { Suite } from "./suite.ts";
import { loadSuite } from "./suites.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-suites-"));
  for (const game of ["gripper", "blockworld", "barman", "tyreworld"]) {
    await mkdir(join(folder, "pddl", game), { recursive: true });
  }
  await writeFile(
    join(folder, "pddl/gripper/prob01.pddl"),
    "(define (problem p) (:domain gripper) (:objects a b) (:init (room a) (room b) (at-robby a)) (:goal (at-robby b)))",
  );
});

afterEach(() => rm(folder, { recursive: true }));

function load(suite: string): Promise<Suite> {
  return loadSuite(suite, { compat: "agentboard", agentboard: folder });
}

/** A line of a label file. */
function label(subtask: string): string {
  return JSON.stringify({ subgoals: ["a"], difficulty: "hard", additional_info: { subtask } });
}

/** The labels of all tasks of BabyAI. */
function babyaiLabels(): string {
  const levels = [...Array(21).keys(), 23, 24, 26, 27, 28, 30, 31].map((place) => LEVELS[place]!.name);
  return levels.flatMap((level) => Array<string>(4).fill(label(level))).join("\n");
}

/** The labels of all problems of PDDL's games. */
function pddlLabels(): string {
  const counts = [
    ["gripper", 20],
    ["blockworld", 10],
    ["barman", 20],
    ["tyreworld", 10],
  ] as const;
  return counts.flatMap(([game, count]) => Array<string>(count).fill(label(game))).join("\n");
}

describe("AgentBoard's labels", () => {
  test.each([
    ["babyai", "babyai.jsonl", "{}", ": no line is a label of BabyAI"],
    ["babyai", "data/babyai/test.jsonl", label("x"), " has 1 labels for 112 tasks"],
    ["pddl", "pddl/test.jsonl", "{}", ": no line is a label of PDDL"],
    ["pddl", "pddl.jsonl", label("barman"), " has 1 labels for 60 tasks"],
  ] as const)("of %s in %s are refused with the file's path", async (suite, file, text, words) => {
    const path = join(folder, file);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, text);
    await expect(load(suite)).rejects.toThrow(`${path}${words}`);
  });

  test("may begin with a byte order mark", async () => {
    await writeFile(join(folder, "babyai.jsonl"), `\uFEFF${babyaiLabels()}`);
    await writeFile(join(folder, "pddl.jsonl"), `\uFEFF${pddlLabels()}`);
    expect((await load("babyai")).tasks[111]?.difficulty).toBe("hard");
    expect((await load("pddl")).tasks[0]?.difficulty).toBe("hard");
  });

  test.each(["babyai", "pddl"] as const)("of %s that cannot be read are named", async (suite) => {
    const path = join(folder, `${suite}.jsonl`);
    await mkdir(path);
    await expect(load(suite)).rejects.toThrow(`cannot read ${path}: EISDIR`);
  });
});
