import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SHARED } from "../../testing/shared.ts";
import { perturbSuite } from "../perturbations/perturb-suite.ts";
import type { Suite, Task } from "../suite.ts";
import { openWorld } from "../testing/open-world.ts";
import { worldContract } from "../testing/world-contract.ts";
import { createAlfworldSuite, createHouseholdSuite } from "./alfworld-suite.ts";
import { ALFWORLD } from "./definition.ts";
import { TASK_TYPES } from "./games.ts";

const SAMPLE = `${SHARED}/alfworld/sample`;
const hasSample = existsSync(SAMPLE);
const households = createHouseholdSuite(0, "test");
const oddActions = [
  "look",
  "check valid actions",
  "look..",
  "put cup 1 on shelf 1.",
  "Go to shelf 1",
  "inventory.",
];

function some(suite: Suite, every: number): Suite {
  return { ...suite, tasks: suite.tasks.filter((_task, index) => index % every === 0) };
}

/** Labels of our own, a line for each task. */
function labelsOf(...tasks: readonly string[]): { path: string; text: string } {
  const lines = tasks.map((description) => {
    const label = { subgoals: ["You pick up the \\w+", "You put"], difficulty: "hard" };
    return JSON.stringify({ ...label, additional_info: { description } });
  });
  return { path: "labels.jsonl", text: lines.join("\n") };
}

worldContract("households of our own", {
  suite: some(households, 10),
  oddActions,
  maximumActions: 30,
  randomActions: 200,
});

describe.skipIf(!hasSample)("games of ALFWorld (needs ../shared/alfworld)", () => {
  const { tasks } = hasSample ? createAlfworldSuite(SAMPLE, undefined) : households;
  const ids = tasks.map(({ id }) => id);
  const suite = hasSample
    ? createAlfworldSuite(SAMPLE, labelsOf(...ids, "another/trial"))
    : some(households, 100);
  worldContract("games of ALFWorld", { suite, oddActions, maximumActions: 30, randomActions: 100 });

  test("are those that the original's loader takes, the newest version's, and labelled by their descriptions", () => {
    const expected = JSON.parse(readFileSync(join(SAMPLE, "expected.json"), "utf8"));
    const { play_order } = expected["json_2.1.3/valid_unseen"];
    expect(suite.tasks.map(({ id }) => `${id}/game.tw-pddl`)).toEqual(play_order);
    expect(suite.tasks.map(({ difficulty }) => difficulty)).toEqual(["hard", "hard", "hard"]);
    expect(suite.variant).toMatchObject({ problems: "ALFWorld's games, 3 of 134", scoring: "labels" });
    expect(ALFWORLD.paper?.unlike(suite.variant)).toHaveLength(1);
    expect(suite.remarks).toEqual(["labels.jsonl, line 4: labels of games that are not there"]);
  });

  test("of newer releases are played in AgentBoard's words", async () => {
    const world = await openWorld(suite.tasks[0]!);
    await world.reset();
    const [first = ""] = (await world.actions?.()) ?? [];
    expect((await world.step(first)).observation).not.toMatch(/^You arrive/);
    expect(await world.actions?.()).not.toContain("help");
  });

  test("without a label are scored by the goal's parts, and the variant says so", () => {
    expect(createAlfworldSuite(SAMPLE, undefined).variant.scoring).toBe("goal parts");
    const { variant } = createAlfworldSuite(SAMPLE, labelsOf(ids[1] ?? ""));
    expect(variant.scoring).toBe("labels for 1 of 3 tasks, goal parts for the others");
  });
});

describe.skipIf(!hasSample)("damaged data (needs ../shared/alfworld)", () => {
  let folder = "";
  const game = (task: string): string => join(folder, "json_2.1.1/valid_unseen", task, "game.tw-pddl");
  const CUT = "pick_and_place_simple-CD-None-Shelf-312/trial_T20260814_126829_519875";
  const BROKEN = "pick_two_obj_and_place-CreditCard-None-DiningTable-220/trial_T20261161_091246_825989";
  const FINE = "pick_cool_then_place_in_recep-Potato-None-SinkBasin-2/trial_T20260653_228818_246288";
  const LABELLED = "pick_heat_then_place_in_recep-Mug-None-SinkBasin-8/trial_T20260305_007228_454159";

  async function problemOf(task: Task | undefined): Promise<string> {
    try {
      if (task !== undefined) await openWorld(task);
      return "";
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "alfworld-"));
    cpSync(join(SAMPLE, "json_2.1.1"), join(folder, "json_2.1.1"), { recursive: true });
    const text = readFileSync(game(CUT), "utf8");
    rmSync(game(CUT), { force: true });
    writeFileSync(game(CUT), text.slice(0, 500));
    const whole = JSON.parse(readFileSync(game(BROKEN), "utf8"));
    rmSync(game(BROKEN), { force: true });
    writeFileSync(game(BROKEN), JSON.stringify({ ...whole, pddl_problem: `${whole.pddl_problem}\n(` }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is named with its file, and the other tasks still play", async () => {
    const bad = { subgoals: ["fine", "("], difficulty: "easy", additional_info: { description: LABELLED } };
    const text = `${JSON.stringify(bad)}\nnot a label\n`;
    const suite = createAlfworldSuite(folder, { path: "labels.jsonl", text });
    const task = (id: string): Task | undefined => suite.tasks.find((each) => each.id === id);
    expect(suite.tasks).toHaveLength(6);
    expect(await problemOf(task(CUT))).toContain(`${game(CUT)}: not JSON`);
    expect(await problemOf(task(BROKEN))).toMatch(/game.tw-pddl: PDDL, line \d+, column \d+/);
    expect(await problemOf(task(LABELLED))).toMatch(/^labels.jsonl, line 1: the pattern \( cannot be read/);
    expect(await problemOf(task(FINE))).toBe("");
    const remarks = suite.remarks?.join("\n") ?? "";
    expect(remarks).toContain("labels.jsonl, line 2: not a label of ALFWorld");
    expect(remarks).not.toContain(game(CUT));
    expect(remarks).not.toContain("line 1");
    expect(remarks).toMatch(/Unsolvable.*game.tw-pddl is not solvable, and left out/);
  });

  test("a folder without games is told with the command that brings them", () => {
    expect(() => createAlfworldSuite(tmpdir(), undefined)).toThrow("no json_2.1.*/valid_unseen");
  });
});

describe("households of our own", () => {
  test("have all six kinds of task, and say in the variant that they are ours", () => {
    expect([...new Set(households.tasks.map(({ group }) => group))]).toEqual(TASK_TYPES);
    expect(households.tasks).toHaveLength(60);
    expect(households.variant).toMatchObject({ problems: "own households of seed 0", scoring: "goal parts" });
    expect(ALFWORLD.paper?.unlike(households.variant)).toHaveLength(2);
  });

  test("of another seed and of the training split are others", async () => {
    const begins = (suite: Suite): Promise<readonly unknown[]> =>
      Promise.all(suite.tasks.slice(0, 3).map(async (task) => (await openWorld(task)).reset()));
    const shown = await begins(households);
    expect(await begins(createHouseholdSuite(0, "test"))).toEqual(shown);
    expect(await begins(createHouseholdSuite(1, "test"))).not.toEqual(shown);
    expect(await begins(createHouseholdSuite(0, "train"))).not.toEqual(shown);
  });

  test("the worked example shows a mistake and ends with the goal", async () => {
    const world = await openWorld(households.tasks[0]!);
    const { example = "", actions } = households.instruction(households.tasks[0]!, await world.reset())!;
    expect(example).toContain("Observation: Nothing happens.");
    expect(example).toMatch(/Observation: You put the cup 1 in\/on the coffeetable 1\.$/);
    expect(actions.map(({ name }) => name)).toContain("heat {object} with {place}");
  });
});

describe("App. K's perturbations", () => {
  const CASES = [
    ["rename-prepositions", 1, "heat cup 1 with microwave 2", "heat cup 1 using microwave 2"],
    ["rename-verbs", 2, "go to shelf 3", "move to shelf 3"],
    ["swap-arguments", 3, "take cup 1 from shelf 3", "from shelf 3 take cup 1"],
    ["number-spacing", 4, "take cup 1 from shelf 3", "take cup1 from shelf3"],
  ] as const;

  test.each(CASES)("%s is the paper's number %i", (name, paper, own, other) => {
    const definition = ALFWORLD.perturbations[name]!;
    const { show, read } = definition.rewording("any");
    expect(definition.paper).toBe(paper);
    expect(show(`a, ${own}, look`)).toBe(`a, ${other}, look`);
    expect(read(` ${other}. `)).toBe(` ${own}. `);
    expect(read(own)).toBeUndefined();
    expect(read("check valid actions")).toBe("check valid actions");
  });

  test.each(CASES)("%s changes instruction and world alike, and the expert wins in it", async (name) => {
    const definition = ALFWORLD.perturbations[name]!;
    const { show } = definition.rewording("any");
    const other = perturbSuite(some(households, 20), name, definition);
    for (const task of other.tasks) {
      const world = await openWorld(task);
      const start = await world.reset();
      if (name === "number-spacing") expect(JSON.stringify(start)).not.toMatch(/[a-z] \d/);
      const told = JSON.stringify(other.instruction(task, start));
      expect(show(told)).toBe(told);
      let ending: string | undefined;
      for (const action of (await task.solve?.()) ?? []) {
        expect(await world.actions?.()).toContain(action);
        ending = (await world.step(action)).ending;
      }
      expect(ending).toBe("success");
    }
  });
});
