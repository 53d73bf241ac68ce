import { randomFor } from "../../random.ts";

/** One of AgentBoard's kinds of tasks. */
export interface Kind {
  /** As the simulator names it. */
  readonly name: string;
  /** How many variations it has, from 0; those before `train` are ScienceWorld's train split. */
  readonly variations: number;
  readonly train: number;
}

function kind(name: string, variations: number, train: number): Kind {
  return { name, variations, train };
}

/** AgentBoard's 16 kinds of the simulator's 30. */
const KINDS: readonly Kind[] = [
  kind("boil", 30, 14),
  kind("change-the-state-of-matter-of", 30, 14),
  kind("chemistry-mix", 32, 16),
  kind("chemistry-mix-paint-secondary-color", 36, 18),
  kind("chemistry-mix-paint-tertiary-color", 36, 18),
  kind("find-animal", 300, 150),
  kind("find-living-thing", 300, 150),
  kind("find-non-living-thing", 300, 150),
  kind("freeze", 30, 14),
  kind("identify-life-stages-1", 14, 6),
  kind("lifespan-longest-lived", 125, 62),
  kind("lifespan-longest-lived-then-shortest-lived", 125, 62),
  kind("lifespan-shortest-lived", 125, 62),
  kind("measure-melting-point-known-substance", 436, 218),
  kind("measure-melting-point-unknown-substance", 300, 150),
  kind("use-thermometer", 540, 270),
];

/** A problem: a variation of a kind of task. */
export interface Problem {
  readonly kind: string;
  readonly variation: number;
}

/** AgentBoard's variations in its order. */
const AGENTBOARD_ORDER: readonly (readonly [kind: string, ...variations: readonly number[]])[] = [
  ["lifespan-longest-lived", 5, 6, 7],
  ["lifespan-longest-lived-then-shortest-lived", 5, 6, 7],
  ["lifespan-shortest-lived", 5, 6, 7],
  ["measure-melting-point-known-substance", 5, 6, 7],
  ["measure-melting-point-unknown-substance", 5, 6, 7],
  ["use-thermometer", 5, 6, 7],
  ["freeze", 6],
  ["identify-life-stages-1", 6, 7],
  ["chemistry-mix-paint-tertiary-color", 5, 6, 7],
  ["find-animal", 5, 6, 7],
  ["find-living-thing", 5, 6, 7],
  ["find-non-living-thing", 5, 6, 7],
  ["boil", 5, 6, 7, 8],
  ["change-the-state-of-matter-of", 5, 6, 7, 8],
  ["chemistry-mix", 5, 6, 7],
  ["chemistry-mix-paint-secondary-color", 5, 6, 7],
  ["use-thermometer", 0, 1, 2],
  ["lifespan-longest-lived", 0, 1, 2],
  ["lifespan-longest-lived-then-shortest-lived", 0, 1, 2],
  ["lifespan-shortest-lived", 0, 1, 2],
  ["measure-melting-point-known-substance", 0, 1, 2],
  ["measure-melting-point-unknown-substance", 0, 1, 2],
  ["identify-life-stages-1", 0, 1, 2],
  ["find-animal", 20, 21, 22],
  ["find-living-thing", 20, 21, 22],
  ["find-non-living-thing", 20, 21, 22],
  ["lifespan-longest-lived", 20, 21, 22],
  ["lifespan-longest-lived-then-shortest-lived", 20, 21, 22],
  ["lifespan-shortest-lived", 20, 21, 22],
  ["measure-melting-point-known-substance", 20, 21],
  ["use-thermometer", 21, 22],
];

/** AgentBoard's 90 problems in its order, without its labels. */
export const AGENTBOARD_PROBLEMS: readonly Problem[] = AGENTBOARD_ORDER.flatMap(([kind, ...variations]) =>
  variations.map((variation) => ({ kind, variation })),
);

export function problemId({ kind, variation }: Problem): string {
  return `${kind}/${variation}`;
}

/**
 * ScienceWorld's train variations of the same kinds, in the order of a seed. AgentBoard scores variations of the train
 * split too: those are left out.
 */
export function trainProblems(seed: number): readonly Problem[] {
  const scored = new Set(AGENTBOARD_PROBLEMS.map(problemId));
  const all = KINDS.flatMap(({ name, train }) =>
    Array.from({ length: train }, (_, variation) => ({ kind: name, variation })),
  );
  const left = all.filter((problem) => !scored.has(problemId(problem)));
  return randomFor(seed, "sciworld", "train").shuffle(left);
}

/** Why there is no such problem among AgentBoard's kinds; undefined when there is. */
export function unknownProblem({ kind, variation }: Problem): string | undefined {
  const known = KINDS.find(({ name }) => name === kind);
  if (known === undefined) return `no kind of task of AgentBoard's is called ${kind}`;
  if (Number.isInteger(variation) && variation >= 0 && variation < known.variations) return undefined;
  return `${kind} has no variation ${variation}, only 0 to ${known.variations - 1}`;
}
