import { describe, expect, test } from "vitest";
import type { Suite } from "../../environment.ts";
import { environmentContract, plansIn } from "../../testing/environment-contract.ts";
import { ODD_PDDL_ACTIONS } from "../testing/odd-actions.ts";
import { createShippedPddlSuite } from "./shipped-suite.ts";

environmentContract("PDDL, our own problems", {
  suite: createShippedPddlSuite(),
  oddActions: ODD_PDDL_ACTIONS,
  maximumActions: 30,
  monotone: true,
  randomActions: 5000,
  // Each game, easy and hard.
  solved: (_, index) => index % 7 === 0,
  plans: "pddl-own",
});

function beginnings(suite: Suite): readonly unknown[] {
  return suite.tasks.map((task) => task.createEnvironment().reset());
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("our own problems", () => {
  const plans = plansIn("pddl-own");
  const suite = createShippedPddlSuite();

  test("are 15 for each game, 8 easy and 7 hard, and name their variant", () => {
    const count = (group: string, difficulty: string): number =>
      suite.tasks.filter((task) => task.group === group && task.difficulty === difficulty).length;
    for (const group of ["gripper", "blockworld", "barman", "tyreworld"]) {
      expect([group, count(group, "easy"), count(group, "hard")]).toEqual([group, 8, 7]);
    }
    expect(suite).toMatchObject({ name: "pddl", variant: { problems: "own problems of seed 0" } });
  });

  test("are the same for the same seed and others for another", () => {
    expect(beginnings(createShippedPddlSuite(0))).toEqual(beginnings(suite));
    const others = beginnings(createShippedPddlSuite(1));
    expect(others).not.toEqual(beginnings(suite));
  });

  test("are 60 different ones, whatever the seed", () => {
    for (let seed = 0; seed < 5; seed += 1) {
      const starts = beginnings(createShippedPddlSuite(seed)).map((start) => JSON.stringify(start));
      expect({ seed, different: new Set(starts).size }).toEqual({ seed, different: 60 });
    }
  });

  test("take more actions, as they were recorded, where they are hard than where they are easy", () => {
    const actions = (group: string, difficulty: string): number => {
      const tasks = suite.tasks.filter((task) => task.group === group && task.difficulty === difficulty);
      return mean(tasks.map(({ id }) => plans.get(id)?.length ?? 0));
    };
    for (const group of ["gripper", "blockworld", "barman", "tyreworld"]) {
      expect([group, actions(group, "hard") > 1.5 * actions(group, "easy")]).toEqual([group, true]);
    }
  });

  test("want something that does not hold at the beginning", () => {
    for (let seed = 0; seed < 5; seed += 1) {
      for (const task of createShippedPddlSuite(seed).tasks) {
        expect(task.createEnvironment().step("check")).toMatchObject({ progress: 0, done: false });
      }
    }
  });
});
