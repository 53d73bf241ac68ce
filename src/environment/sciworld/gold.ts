import type { Simulators } from "./simulator/simulators.ts";
import type { Problem } from "./tasks.ts";

/** Finds the simulator's own way to achieve a problem; undefined when it finds none, or fails. */
export type GoldFinder = (problem: Problem) => Promise<readonly string[] | undefined>;

/**
 * Asks simulators in which nothing is played: one that has sought a way goes on seeking one at every load, and a load
 * disturbs what else is in the same JVM. One problem at a time, as each takes seconds of a core.
 */
export function createGoldFinder(simulators: Simulators): GoldFinder {
  let last: Promise<unknown> = Promise.resolve();
  const find = async ({ kind, variation }: Problem): Promise<readonly string[] | undefined> => {
    const simulator = await simulators.take();
    try {
      await simulator.load(kind, variation, { gold: true });
      const actions = await simulator.gold();
      return actions.length === 0 ? undefined : actions;
    } finally {
      simulators.giveBack(simulator);
    }
  };
  return (problem) => {
    const found = last.then(() => find(problem)).catch(() => undefined);
    last = found;
    return found;
  };
}
