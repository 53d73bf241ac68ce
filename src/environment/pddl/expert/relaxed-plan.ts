import type { StripsProblem } from "./strips.ts";

/** A plan that would do if nothing were ever deleted. */
export interface RelaxedPlan {
  /** How many actions it has: an estimate of the distance to the goal. */
  readonly length: number;
  /** The operators it can begin with, by their numbers. */
  readonly beginnings: ReadonlySet<number>;
  /** All operators that are applicable in the state, by their numbers, in ascending order. */
  readonly applicable: readonly number[];
}

interface Exploration {
  /** For each fact the operator that reaches it cheapest; -1 for what holds or cannot be reached. */
  readonly reachedBy: Int32Array;
  readonly isReached: Uint8Array;
  readonly applicable: readonly number[];
}

/**
 * Reaches facts in the order of their cost, where an action costs one more than all that it needs together (the
 * additive heuristic of Bonet and Geffner, 2001).
 */
function explore({ operators, neededBy }: StripsProblem, state: Uint8Array): Exploration {
  const reachedBy = new Int32Array(state.length).fill(-1);
  const isReached = new Uint8Array(state.length);
  const costs = new Float64Array(state.length).fill(Number.POSITIVE_INFINITY);
  const missing = Int32Array.from(operators, ({ needs }) => needs.length);
  const needed = new Float64Array(operators.length);
  /** Facts to be reached, by their cost; a fact may stand in several lists, and the first counts. */
  const waiting: number[][] = [];
  const offer = (fact: number, cost: number, by: number): void => {
    if (cost >= (costs[fact] ?? 0)) return;
    costs[fact] = cost;
    reachedBy[fact] = by;
    for (let i = waiting.length; i <= cost; i += 1) waiting.push([]);
    waiting[cost]?.push(fact);
  };
  const perform = (number: number): void => {
    for (const fact of operators[number]?.adds ?? []) offer(fact, 1 + (needed[number] ?? 0), number);
  };
  const reach = (fact: number, cost: number): void => {
    isReached[fact] = 1;
    for (const number of neededBy[fact] ?? []) {
      needed[number] = (needed[number] ?? 0) + cost;
      missing[number] = (missing[number] ?? 0) - 1;
      if (missing[number] === 0) perform(number);
    }
  };
  state.forEach((holds, fact) => {
    if (holds === 1) offer(fact, 0, -1);
  });
  operators.forEach(({ needs }, number) => {
    if (needs.length === 0) perform(number);
  });
  const applicable: number[] = [];
  for (let cost = 0; cost < waiting.length; cost += 1) {
    for (const fact of waiting[cost] ?? []) if (isReached[fact] === 0) reach(fact, cost);
    if (cost > 0) continue;
    missing.forEach((count, number) => {
      if (count === 0) applicable.push(number);
    });
  }
  return { reachedBy, isReached, applicable };
}

/**
 * Finds a relaxed plan (the heuristic of FF, Hoffmann and Nebel, 2001); undefined when the goal cannot be reached
 * even so, and hence not at all.
 */
export function relaxedPlan(
  problem: StripsProblem,
  state: Uint8Array,
  goal: readonly number[],
): RelaxedPlan | undefined {
  const { reachedBy, isReached, applicable } = explore(problem, state);
  if (goal.some((fact) => isReached[fact] === 0)) return undefined;
  const chosen = new Set<number>();
  const agenda = [...goal];
  for (let fact = agenda.pop(); fact !== undefined; fact = agenda.pop()) {
    const number = reachedBy[fact] ?? -1;
    if (number < 0 || chosen.has(number)) continue;
    chosen.add(number);
    agenda.push(...(problem.operators[number]?.needs ?? []));
  }
  return {
    length: chosen.size,
    beginnings: new Set(applicable.filter((number) => chosen.has(number))),
    applicable,
  };
}
