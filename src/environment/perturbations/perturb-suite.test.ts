import { describe, expect, test } from "vitest";
import { randomFor } from "../../random.ts";
import { createBabyaiSuite } from "../babyai/babyai-suite.ts";
import { BABYAI } from "../babyai/definition.ts";
import { PDDL } from "../pddl/definition.ts";
import { createShippedPddlSuite } from "../pddl/problems/shipped-suite.ts";
import type { Suite, SuiteDefinition, Task } from "../suite.ts";
import { openWorld } from "../testing/open-world.ts";
import type { Step } from "../world.ts";
import { perturbSuite } from "./perturb-suite.ts";
import type { Reworder } from "./rewording.ts";

/** Every task of a number, of which the expert is asked once for all words. */
function some(suite: Suite, every: number): Suite {
  const tasks = suite.tasks.filter((_task, index) => index % every === 0);
  const plans = new Map<string, readonly string[] | undefined>();
  const solve = async (task: Task) => {
    if (!plans.has(task.id)) plans.set(task.id, await task.solve?.());
    return plans.get(task.id);
  };
  return { ...suite, tasks: tasks.map((task) => ({ ...task, solve: () => solve(task) })) };
}

const babyai = createBabyaiSuite({ rules: "agentboard" });
const played: readonly (readonly [string, Suite, SuiteDefinition])[] = [
  ["babyai", some(babyai, 4), BABYAI],
  ["pddl", some(createShippedPddlSuite(), 3), PDDL],
];

function rewordingOf({ perturbations }: SuiteDefinition, name: string, group: string): Reworder {
  const found = perturbations[name];
  if (found === undefined) throw new Error(name);
  return found.rewording(group);
}

function perturbed(suite: Suite, { perturbations }: SuiteDefinition, name: string): Suite {
  const found = perturbations[name];
  if (found === undefined) throw new Error(name);
  return perturbSuite(suite, name, found);
}

/** What came of an action, and what could be done then. */
interface Walked {
  readonly action: string;
  readonly step: Step;
  readonly listed: readonly string[];
}

/** A random walk. */
async function walk(task: Task): Promise<readonly Walked[]> {
  const random = randomFor("perturbations", task.id);
  const world = await openWorld(task);
  await world.reset();
  const walked: Walked[] = [];
  while (walked.length < 25 && walked.at(-1)?.step.ending === undefined) {
    const action = random.pick(walked.at(-1)?.listed ?? (await world.actions?.()) ?? []);
    walked.push({ action, step: await world.step(action), listed: (await world.actions?.()) ?? [] });
  }
  return walked;
}

/** The same walk in other words: what is the same to the world must come out the same. */
async function expectSame(walked: readonly Walked[], other: Task, show: (action: string) => string) {
  const world = await openWorld(other);
  await world.reset();
  const shown: unknown[] = [];
  const expected: unknown[] = [];
  for (const { action, step, listed } of walked) {
    const twin = await world.step(show(action));
    shown.push({ action, ...twin, listed: [...((await world.actions?.()) ?? [])].sort() });
    expected.push({ action, ...step, observation: twin.observation, listed: listed.map(show).sort() });
  }
  expect(shown).toEqual(expected);
}

describe.each(played)("%s", (_name, suite, definition) => {
  const walks = Promise.all(suite.tasks.map(walk));

  describe.each(Object.keys(definition.perturbations))("%s", (name) => {
    const other = perturbed(suite, definition, name);

    test("is the same world in other words", async () => {
      for (const [index, walked] of (await walks).entries()) {
        const task = other.tasks[index]!;
        await expectSame(walked, task, rewordingOf(definition, name, task.group).show);
      }
    });

    test("is solved by the expert's plan in these words", async () => {
      for (const task of other.tasks.slice(0, 8)) {
        const world = await openWorld(task);
        await world.reset();
        let ending: string | undefined;
        for (const action of (await task.solve?.()) ?? []) ending = (await world.step(action)).ending;
        expect(ending).toBe("success");
      }
    });

    test("says so in the variant", () => {
      expect(other.variant).toEqual({ ...suite.variant, words: name });
      expect(suite.variant.words).toBeNull();
    });
  });

  test.each(["rename-verbs", "swap-arguments", "number-spacing"])(
    "%s: actions in the old words are no longer understood",
    async (name) => {
      let refused = 0;
      for (const task of suite.tasks) {
        const { show, read } = rewordingOf(definition, name, task.group);
        const world = await openWorld(task);
        await world.reset();
        for (const action of (await world.actions?.()) ?? []) {
          if (show(action) === action) continue;
          refused += 1;
          expect({ action, read: read(action) }).toEqual({ action, read: undefined });
        }
      }
      expect(refused).toBeGreaterThan(10);
    },
  );

  test("reorder-actions changes the order of the list and of the answer to a check", async () => {
    const other = perturbed(suite, definition, "reorder-actions");
    let moved = 0;
    for (const [index, task] of suite.tasks.entries()) {
      const [plain, strange] = [await openWorld(task), await openWorld(other.tasks[index]!)];
      await plain.reset();
      await strange.reset();
      const arranged = (await strange.actions?.()) ?? [];
      const { observation } = await strange.step("check available actions");
      expect(observation).toContain(arranged.join(", "));
      if ((await plain.actions?.())?.join() !== arranged.join()) moved += 1;
    }
    expect(moved).toBeGreaterThan(suite.tasks.length / 2);
  });
});

describe("the words", () => {
  const { show, read } = rewordingOf(BABYAI, "rename-verbs", "any");

  test("are replaced in lists, in messages and in instructions", () => {
    expect(show("You can take the following actions: turn left, go to red ball 1, toggle")).toBe(
      "You can take the following actions: rotate left, walk to red ball 1, unlatch",
    );
    expect(
      show("You cannot go through blue closed door 2, as it is closed. You should toggle it first."),
    ).toBe("You cannot enter blue closed door 2, as it is closed. You should unlatch it first.");
    expect(show("toggle and go through {door} {number}")).toBe("unlatch and enter {door} {number}");
  });

  test("are the same in another order with swap-arguments", async () => {
    const order = rewordingOf(BABYAI, "swap-arguments", "any");
    expect(order.show("turn left, go to red ball 1, pickup red ball 1, go through grey open door 2")).toBe(
      "turn left, to red ball 1 go, red ball 1 pickup, through grey open door 2 go",
    );
    expect(order.show("pickup {object} {number}")).toBe("{object} {number} pickup");
    expect(order.read("Red ball 1 pickup")).toBe("pickup Red ball 1");
    expect(order.read("pickup red ball 1")).toBeUndefined();
    expect(order.read("red ball 1 take")).toBe("red ball 1 take");
    const words = (action: string): readonly string[] => action.split(" ").sort();
    for (const task of babyai.tasks.slice(0, 40)) {
      const world = await openWorld(task);
      await world.reset();
      for (const action of (await world.actions?.()) ?? [])
        expect(words(order.show(action))).toEqual(words(action));
    }
  });

  test("of players are read in any letter case", () => {
    expect(read("Walk to RED ball 1")).toBe("go to RED ball 1");
    expect(read("go to red ball 1")).toBeUndefined();
    expect(read("pick up red ball 1")).toBeUndefined();
    expect(read("check available actions")).toBe("check available actions");
  });

  test("of the PDDL games are read as freely as before", () => {
    const gripper = rewordingOf(PDDL, "rename-verbs", "gripper");
    expect(gripper.show("Pick up ball1 at rooma with arm left. ")).toContain("Grab ball1 at rooma");
    expect(gripper.read("grab ball1 in rooma with left")).toBe("pick ball1 in rooma with left");
    expect(gripper.read("pick ball1 rooma left")).toBeUndefined();
    const order = rewordingOf(PDDL, "swap-arguments", "gripper");
    expect(order.show("Move from rooma to roomb. ")).toBe("Move to roomb from rooma. ");
    expect(order.read("move to roomb from rooma")).toBe("Move from rooma to roomb");
    expect(order.read("move from rooma to roomb")).toBeUndefined();
  });
});
