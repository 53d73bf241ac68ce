import { createShippedPddlSuite } from "../../src/environment/pddl/problems/shipped-suite.ts";
import type { Suite } from "../../src/environment/suite.ts";
import { formatReAct } from "../../src/react.ts";

/** Episodes that are played at once. */
export const AT_ONCE = 64;

/** Turns of an episode: the reply never reaches a goal, so each has all that the paper allows. */
export const TURNS = 30;

/**
 * What the served model always says. Every game understands the words; where the action does not exist the world
 * says so.
 */
export const REPLY: string = formatReAct({
  thought:
    "I do not know yet how things stand, so before I take anything or go anywhere I had better look at what is around me and think about which of the actions bring me nearer to the goal.",
  action: "look around",
});

/** The PDDL suite that ships, with the first tasks of each of its games. */
export function benchSuite(tasksOfEach: number): Suite {
  const suite = createShippedPddlSuite();
  const seen = new Map<string, number>();
  const tasks = suite.tasks.filter(({ group }) => {
    const before = seen.get(group) ?? 0;
    seen.set(group, before + 1);
    return before < tasksOfEach;
  });
  return { ...suite, tasks };
}
