import { describe, expect, test } from "vitest";
import { randomFor } from "../../random.ts";
import { createBabyaiSuite } from "../babyai/babyai-suite.ts";
import type { Suite, Task } from "../environment.ts";
import { createShippedPddlSuite } from "../pddl/problems/shipped-suite.ts";
import { perturbSuite } from "./perturb-suite.ts";
import { PERTURBATIONS, type PerturbationName } from "./perturbation.ts";
import { perturbationFor } from "./perturbation-for.ts";

const babyai = createBabyaiSuite({ rules: "agentboard" });
const pddl = createShippedPddlSuite();
const suites: readonly Suite[] = [
  { ...babyai, tasks: babyai.tasks.filter((_task, index) => index % 4 === 0) },
  { ...pddl, tasks: pddl.tasks.filter((_task, index) => index % 3 === 0) },
];

function perturbed(suite: Suite, name: PerturbationName): Suite {
  return perturbSuite(suite, (group) => perturbationFor(name, suite.name, group));
}

/** A random walk in both words: what is the same to the environment must come out the same. */
function walk(original: Task, other: Task, show: (action: string) => string): void {
  const random = randomFor("perturbations", original.id);
  const [plain, strange] = [original.createEnvironment(), other.createEnvironment()];
  let { validActions } = plain.reset();
  strange.reset();
  for (let i = 0; i < 25; i += 1) {
    const action = random.pick(validActions);
    const [step, twin] = [plain.step(action), strange.step(show(action))];
    const { progress, done, success, actionIsValid } = twin;
    const where = `${original.id}: ${action} as ${show(action)}`;
    expect({ where, progress, done, success, actionIsValid }).toEqual({
      where,
      progress: step.progress,
      done: step.done,
      success: step.success,
      actionIsValid: step.actionIsValid,
    });
    expect([...twin.validActions].sort()).toEqual(step.validActions.map(show).sort());
    if (step.done) return;
    validActions = step.validActions;
  }
}

describe.each(suites.map((suite) => [suite.name, suite] as const))("%s", (_name, suite) => {
  describe.each(PERTURBATIONS)("%s", (name) => {
    const other = perturbed(suite, name);

    test("is the same world in other words", () => {
      suite.tasks.forEach((task, index) => {
        walk(task, other.tasks[index]!, perturbationFor(name, suite.name, task.group).show);
      });
    });

    test("is solved by the expert's plan in these words", () => {
      for (const task of other.tasks.slice(0, 8)) {
        const environment = task.createEnvironment();
        environment.reset();
        const steps = (task.solve() ?? []).map((action) => environment.step(action));
        expect(steps.at(-1)?.success).toBe(true);
      }
    });

    test("says so in the variant", () => {
      expect(other.variant).toEqual({ ...suite.variant, words: name });
      expect(suite.variant.words).toBeNull();
    });
  });

  test.each(["rename-verbs", "swap-arguments", "number-spacing"] as const)(
    "%s: actions in the old words are no longer understood",
    (name) => {
      let refused = 0;
      for (const task of suite.tasks) {
        const { show, read } = perturbationFor(name, suite.name, task.group);
        for (const action of task.createEnvironment().reset().validActions) {
          if (show(action) === action) continue;
          refused += 1;
          expect({ action, read: read(action) }).toEqual({ action, read: undefined });
        }
      }
      expect(refused).toBeGreaterThan(10);
    },
  );

  test("reorder-actions changes the order of the list and of the answer to a check", () => {
    const other = perturbed(suite, "reorder-actions");
    const moved = suite.tasks.filter((task, index) => {
      const [plain, strange] = [task.createEnvironment(), other.tasks[index]!.createEnvironment()];
      const { validActions } = plain.reset();
      const arranged = strange.reset().validActions;
      const { observation } = strange.step("check available actions");
      expect(observation).toContain(arranged.join(", "));
      return validActions.join() !== arranged.join();
    });
    expect(moved.length).toBeGreaterThan(suite.tasks.length / 2);
  });
});

describe("the words", () => {
  const { show, read } = perturbationFor("rename-verbs", "babyai", "any");

  test("are replaced in lists, in messages and in instructions", () => {
    expect(show("You can take the following actions: turn left, go to red ball 1, toggle")).toBe(
      "You can take the following actions: rotate left, walk to red ball 1, unlatch",
    );
    expect(
      show("You cannot go through blue closed door 2, as it is closed. You should toggle it first."),
    ).toBe("You cannot enter blue closed door 2, as it is closed. You should unlatch it first.");
    expect(show("toggle and go through {door} {number}")).toBe("unlatch and enter {door} {number}");
  });

  test("are the same in another order with swap-arguments", () => {
    const order = perturbationFor("swap-arguments", "babyai", "any");
    expect(order.show("turn left, go to red ball 1, pickup red ball 1, go through grey open door 2")).toBe(
      "turn left, to red ball 1 go, red ball 1 pickup, through grey open door 2 go",
    );
    expect(order.show("pickup {object} {number}")).toBe("{object} {number} pickup");
    expect(order.read("Red ball 1 pickup")).toBe("pickup Red ball 1");
    expect(order.read("pickup red ball 1")).toBeUndefined();
    expect(order.read("red ball 1 take")).toBe("red ball 1 take");
    const words = (action: string): readonly string[] => action.split(" ").sort();
    for (const { createEnvironment } of babyai.tasks) {
      for (const action of createEnvironment().reset().validActions) {
        expect(words(order.show(action))).toEqual(words(action));
      }
    }
  });

  test("of players are read in any letter case", () => {
    expect(read("Walk to RED ball 1")).toBe("go to RED ball 1");
    expect(read("go to red ball 1")).toBeUndefined();
    expect(read("pick up red ball 1")).toBeUndefined();
    expect(read("check available actions")).toBe("check available actions");
  });

  test("of the PDDL games are read as freely as before", () => {
    const gripper = perturbationFor("rename-verbs", "pddl", "gripper");
    expect(gripper.show("Pick up ball1 at rooma with arm left. ")).toContain("Grab ball1 at rooma");
    expect(gripper.read("grab ball1 in rooma with left")).toBe("pick ball1 in rooma with left");
    expect(gripper.read("pick ball1 rooma left")).toBeUndefined();
    const order = perturbationFor("swap-arguments", "pddl", "gripper");
    expect(order.show("Move from rooma to roomb. ")).toBe("Move to roomb from rooma. ");
    expect(order.read("move to roomb from rooma")).toBe("Move from rooma to roomb");
    expect(order.read("move from rooma to roomb")).toBeUndefined();
  });

  test("there are none for other suites", () => {
    expect(() => perturbationFor("rename-verbs", "lamps", "any")).toThrow("no perturbations of lamps");
  });
});
