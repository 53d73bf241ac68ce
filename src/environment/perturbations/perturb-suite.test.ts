import { describe, expect, test } from "vitest";
import { randomFor } from "../../random.ts";
import { createBabyaiSuite } from "../babyai/babyai-suite.ts";
import { BABYAI } from "../babyai/definition.ts";
import { PDDL } from "../pddl/definition.ts";
import { createShippedPddlSuite } from "../pddl/problems/shipped-suite.ts";
import type { Suite, SuiteDefinition, Task } from "../suite.ts";
import { openWorld } from "../testing/open-world.ts";
import { perturbSuite } from "./perturb-suite.ts";
import type { Reworder } from "./rewording.ts";

const babyai = createBabyaiSuite({ rules: "agentboard" });
const pddl = createShippedPddlSuite();
const played: readonly (readonly [string, Suite, SuiteDefinition])[] = [
  ["babyai", { ...babyai, tasks: babyai.tasks.filter((_task, index) => index % 4 === 0) }, BABYAI],
  ["pddl", { ...pddl, tasks: pddl.tasks.filter((_task, index) => index % 3 === 0) }, PDDL],
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

/** A random walk in both words: what is the same to the world must come out the same. */
async function walk(original: Task, other: Task, show: (action: string) => string): Promise<void> {
  const random = randomFor("perturbations", original.id);
  const [plain, strange] = [await openWorld(original), await openWorld(other)];
  await plain.reset();
  await strange.reset();
  for (let i = 0; i < 25; i += 1) {
    const action = random.pick((await plain.actions?.()) ?? []);
    const [step, twin] = [await plain.step(action), await strange.step(show(action))];
    const where = `${original.id}: ${action} as ${show(action)}`;
    expect({ ...twin, where }).toEqual({ ...step, observation: twin.observation, where });
    const listed = (await plain.actions?.()) ?? [];
    expect([...((await strange.actions?.()) ?? [])].sort()).toEqual(listed.map(show).sort());
    if (step.ending !== undefined) return;
  }
}

describe.each(played)("%s", (_name, suite, definition) => {
  describe.each(Object.keys(definition.perturbations))("%s", (name) => {
    const other = perturbed(suite, definition, name);

    test("is the same world in other words", async () => {
      for (const [index, task] of suite.tasks.entries())
        await walk(task, other.tasks[index]!, rewordingOf(definition, name, task.group).show);
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
