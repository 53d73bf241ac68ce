import { describe, expect, test } from "vitest";
import type { Suite } from "../../suite.ts";
import { openWorld } from "../../testing/open-world.ts";
import { plansIn, worldContract } from "../../testing/world-contract.ts";
import { ODD_PDDL_ACTIONS } from "../testing/odd-actions.ts";
import { createPddlTraining, createShippedPddlSuite } from "./shipped-suite.ts";

worldContract("PDDL, our own problems", {
  suite: createShippedPddlSuite(),
  oddActions: ODD_PDDL_ACTIONS,
  maximumActions: 30,
  randomActions: 2400,
  // Each game, easy and hard.
  solved: (_, index) => index % 7 === 0,
  plans: "pddl-own",
});

function beginnings(suite: Suite): Promise<readonly unknown[]> {
  return Promise.all(suite.tasks.map(async (task) => (await openWorld(task)).reset()));
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

  test("are the same for the same seed and others for another", async () => {
    const ours = await beginnings(suite);
    expect(await beginnings(createShippedPddlSuite(0))).toEqual(ours);
    expect(await beginnings(createShippedPddlSuite(1))).not.toEqual(ours);
  });

  test("to train on are others than those that ship, and others for another seed", async () => {
    const ships = new Set((await beginnings(suite)).map((start) => JSON.stringify(start)));
    const [one, other] = [await beginnings(createPddlTraining(0)), await beginnings(createPddlTraining(1))];
    // Gripper has only one more easy problem that is not the same under other names.
    expect(one).toHaveLength(53);
    expect(one.filter((start) => ships.has(JSON.stringify(start)))).toEqual([]);
    expect(other).not.toEqual(one);
  });

  test("are 60 different ones, whatever the seed", async () => {
    for (const seed of [0, 2, 4]) {
      const starts = (await beginnings(createShippedPddlSuite(seed))).map((start) => JSON.stringify(start));
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

  test("want something that does not hold at the beginning", async () => {
    for (const seed of [0, 3]) {
      for (const task of createShippedPddlSuite(seed).tasks) {
        const world = await openWorld(task);
        await world.reset();
        const { scores, ending } = await world.step("check");
        expect({ progress: scores.progress, ending }).toEqual({ progress: 0, ending: undefined });
      }
    }
  });
});
