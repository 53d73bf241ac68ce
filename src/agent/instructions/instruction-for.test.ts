import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Suite } from "../../environment/environment.ts";
import { exampleText } from "../../environment/guide.ts";
import { perturbSuite } from "../../environment/perturbations/perturb-suite.ts";
import { PERTURBATIONS } from "../../environment/perturbations/perturbation.ts";
import { perturbationFor } from "../../environment/perturbations/perturbation-for.ts";
import { isSuiteName, loadSuite, SUITE_NAMES } from "../../environment/suites.ts";
import { lampSuite } from "../../evaluation/testing/lamp-suite.ts";
import { randomFor } from "../../random.ts";
import { guideFor, instructionFor } from "./instruction-for.ts";
import { perturbInstruction } from "./perturb-instruction.ts";

/** A pattern of the actions that an instruction tells of. */
function toldActions(names: readonly string[]): RegExp {
  const forms = names.map((name) =>
    name
      .replace(/\.$/, "")
      .split(/\{[^}]+\}/)
      .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[\\w -]+?"),
  );
  return new RegExp(`^(?:${forms.join("|")})\\.? *$`, "i");
}

/** Checks every action that comes up in random walks, by the group of the task. Gives how many there were. */
function walk(suite: Suite, check: (action: string, index: number) => void): number {
  let checked = 0;
  suite.tasks.forEach((task, index) => {
    const random = randomFor("instructions", task.id);
    const environment = task.createEnvironment();
    let { validActions } = environment.reset();
    for (let i = 0; i < 12; i += 1) {
      for (const action of validActions) check(action, index);
      checked += validActions.length;
      const step = environment.step(random.pick(validActions));
      if (step.done) return;
      validActions = step.validActions;
    }
  });
  return checked;
}

describe.each(SUITE_NAMES)("%s", (name) => {
  const load = async (): Promise<Suite> => {
    if (!isSuiteName(name)) throw new Error(name);
    const suite = await loadSuite(name, { compat: "agentboard" });
    return { ...suite, tasks: suite.tasks.filter((_task, index) => index % 4 === 0) };
  };

  test("every action that comes up is told of, and the goal is the task's", async () => {
    const suite = await load();
    const told = suite.tasks.map((task) => {
      const start = task.createEnvironment().reset();
      const { goal, actions } = instructionFor(suite, task, start);
      expect(goal).toBe(start.goal);
      return toldActions(actions.map((action) => action.name));
    });
    expect(walk(suite, (action, index) => expect(action).toMatch(told[index]!))).toBeGreaterThan(100);
  });

  test.each(PERTURBATIONS)("with %s the instruction speaks as the environment does", async (perturbed) => {
    const suite = await load();
    const other = perturbSuite(suite, (group) => perturbationFor(perturbed, name, group));
    const told = other.tasks.map((task) => {
      const instruction = instructionFor(other, task, task.createEnvironment().reset());
      const { actions } = perturbInstruction(instruction, perturbationFor(perturbed, name, task.group));
      return toldActions(actions.map((action) => action.name));
    });
    expect(walk(other, (action, index) => expect(action).toMatch(told[index]!))).toBeGreaterThan(100);
  });
});

test.each([
  ["babyai", "819c510a6a5a152b9002b705f568b25853f57cb12facfaf39c3c4a5b3f122a0c"],
  ["pddl", "2ea3c5aadafd931fbf9da128f79b37c20a7dfdb40ae2b3db5f8e7b843909a7e1"],
] as const)("what players of %s are told is the same to the letter", async (name, expected) => {
  const { tasks, ...suite } = await loadSuite(name, { compat: "agentboard" });
  const firsts = tasks.filter(({ group }, index) => tasks[index - 1]?.group !== group);
  const told = firsts.map((task) => {
    const start = task.createEnvironment().reset();
    const plain = instructionFor({ ...suite, tasks }, task, start);
    return PERTURBATIONS.map((other) => {
      const perturbation = perturbationFor(other, name, task.group);
      return [plain, perturbInstruction(plain, perturbation), start.validActions.map(perturbation.show)];
    });
  });
  expect(createHash("sha256").update(JSON.stringify(told)).digest("hex")).toBe(expected);
});

describe("worked examples", () => {
  const examples = [
    ["babyai", "any"],
    ...["gripper", "blockworld", "barman", "tyreworld"].map((game) => ["pddl", game] as const),
  ] as const;

  test.each(examples)("of %s (%s) reach their goal and say what the world says", (suite, group) => {
    const example = guideFor(suite, group)!.example!;
    const world = example.createEnvironment();
    const { observation } = world.reset();
    const steps = example.turns.map(({ action }) => world.step(action));
    expect(steps.at(-1)?.success).toBe(true);
    const told = exampleText(example);
    for (const text of [observation, ...steps.map((step) => step.observation)]) {
      expect(told).toContain(text.trim());
    }
  });

  test("none is a task of the benchmark", async () => {
    for (const [suite, group] of examples) {
      const { tasks } = await loadSuite(suite, { compat: "agentboard" });
      const { observation, goal } = guideFor(suite, group)!.example!.createEnvironment().reset();
      const same = tasks.filter((task) => {
        const start = task.createEnvironment().reset();
        return start.observation === observation && start.goal === goal;
      });
      expect(same).toEqual([]);
    }
  });

  test("are put in other words as well", async () => {
    const suite = await loadSuite("babyai", { compat: "agentboard" });
    const task = suite.tasks[0]!;
    const instruction = instructionFor(suite, task, task.createEnvironment().reset());
    const { example } = perturbInstruction(
      instruction,
      perturbationFor("rename-verbs", "babyai", task.group),
    );
    expect(example).toContain("Action: unlatch and enter red locked door 1");
    expect(example).not.toContain("toggle");
  });
});

test("of a suite without a guide tells what can be done at the start", () => {
  const suite = lampSuite(1);
  const [task] = suite.tasks;
  const { actions } = instructionFor(suite, task!, task!.createEnvironment().reset());
  expect(actions.map(({ name }) => name)).toEqual(["light lamp 1", "look", "cut the wire"]);
});
