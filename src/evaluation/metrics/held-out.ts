import { SUITES } from "../../environment/suites.ts";

/** How many tasks the benchmark has of each suite that the paper holds out (App. A, Table 6). */
const HELD_OUT_TASKS: ReadonlyMap<string, number> = new Map(
  SUITES.flatMap(({ name, paper }) => (paper?.heldOut === true ? [[name, paper.tasks]] : [])),
);

/** The suites' shares of the held-out score. */
interface HeldOutWeights {
  /** By suite; they sum to 1. */
  readonly weights: ReadonlyMap<string, number>;
  /** Suites of the paper's score that are not there; without any, the score is the paper's. */
  readonly missing: readonly string[];
}

/**
 * The weights of App. A for those of its suites that are among `suites`: their tasks in the benchmark, over the
 * sum of them. Undefined when none is.
 */
export function heldOutWeights(suites: readonly string[]): HeldOutWeights | undefined {
  const names = [...HELD_OUT_TASKS.keys()];
  const present = names.filter((name) => suites.includes(name));
  const sum = present.reduce((total, name) => total + (HELD_OUT_TASKS.get(name) ?? 0), 0);
  if (sum === 0) return undefined;
  const weights = new Map(present.map((name) => [name, (HELD_OUT_TASKS.get(name) ?? 0) / sum]));
  return { weights, missing: names.filter((name) => !weights.has(name)) };
}

/**
 * The held-out score (App. A): (112 BabyAI + 90 SciWorld + 60 PDDL + 20 Jericho) / 282, over those that are
 * there. Undefined when none is.
 */
export function heldOutScore(scores: ReadonlyMap<string, number>): number | undefined {
  const found = heldOutWeights([...scores.keys()]);
  if (found === undefined) return undefined;
  return [...found.weights].reduce((sum, [name, weight]) => sum + weight * (scores.get(name) ?? 0), 0);
}
