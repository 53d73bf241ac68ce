import type { GroundFormula, GroundProblem } from "./grounding.ts";

/** What holds when some facts do, in a world in which nothing ever ceases to hold. */
interface Rule {
  readonly needs: readonly number[];
  readonly adds: readonly number[];
  /** 1 for what an action brings about, 0 for what follows by itself. */
  readonly cost: 0 | 1;
  /** The number of the operator; -1 for what follows by itself. */
  readonly operator: number;
}

/**
 * A problem and a goal without deletes. Beside its facts there are further ones, numbered behind them: that a fact
 * does not hold, where something demands that, and that one of several conditions holds.
 */
export interface Relaxation {
  /** First the rule of each operator, which needs its condition alone; then those of conditional effects and others. */
  readonly rules: readonly Rule[];
  readonly operators: number;
  /** For each fact the numbers of the rules that need it. */
  readonly neededBy: Lists;
  /** The facts that each rule adds. */
  readonly adds: Lists;
  /** How many facts each rule needs. */
  readonly needs: Int32Array;
  /** The facts that hold when the fact that stands before them does not. */
  readonly opposites: ReadonlyMap<number, number>;
  /** Undefined when the goal cannot be reached, whatever is done. */
  readonly goal: readonly number[] | undefined;
}

/** Lists of numbers, one behind the other: list n is `items` from `starts[n]` to before `starts[n + 1]`. */
interface Lists {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

function listsOf(lists: readonly (readonly number[])[]): Lists {
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((list, number) => {
    starts[number + 1] = (starts[number] ?? 0) + list.length;
  });
  return { starts, items: Int32Array.from(lists.flat()) };
}

/** Numbers further facts and turns conditions into lists of facts that must all hold; undefined for what never can. */
class Conditions {
  readonly opposites = new Map<number, number>();
  readonly rules: Rule[] = [];
  size: number;

  constructor(facts: number) {
    this.size = facts;
  }

  #add(): number {
    this.size += 1;
    return this.size - 1;
  }

  #opposite(fact: number): number {
    const known = this.opposites.get(fact) ?? this.#add();
    this.opposites.set(fact, known);
    return known;
  }

  #oneOf(parts: readonly (readonly number[])[]): readonly number[] | undefined {
    const [first] = parts;
    if (first === undefined || parts.length === 1) return first;
    if (parts.some((part) => part.length === 0)) return [];
    const fact = this.#add();
    for (const needs of parts) this.rules.push({ needs, adds: [fact], cost: 0, operator: -1 });
    return [fact];
  }

  /** @param wanted false for the facts by which the formula does not hold. */
  facts(formula: GroundFormula, wanted = true): readonly number[] | undefined {
    if (typeof formula === "number") return [wanted ? formula : this.#opposite(formula)];
    if (typeof formula === "boolean") return formula === wanted ? [] : undefined;
    if (formula.kind === "not") return this.facts(formula.formula, !wanted);
    const parts = formula.parts.map((part) => this.facts(part, wanted));
    const possible = parts.filter((part) => part !== undefined);
    if ((formula.kind === "or") === wanted) return this.#oneOf(possible);
    return possible.length === parts.length ? possible.flat() : undefined;
  }
}

/** Takes the deletes out of a problem. */
export function relax({ operators, facts }: GroundProblem, goal: GroundFormula): Relaxation {
  const conditions = new Conditions(facts.length);
  const goalFacts = conditions.facts(goal);
  const first: Rule[] = [];
  const further: Rule[] = [];
  const prepared = operators.map(({ condition, effects }) => ({
    needs: conditions.facts(condition),
    effects: effects.map((effect) => ({ ...effect, also: conditions.facts(effect.condition) })),
  }));
  // Only now is it known of which facts it matters that they do not hold.
  const { opposites } = conditions;
  prepared.forEach(({ needs, effects }, operator) => {
    const always: number[] = [];
    for (const { adds, deletes, also } of effects) {
      const gained = [...adds, ...deletes.flatMap((fact) => opposites.get(fact) ?? [])];
      if (needs === undefined || also === undefined) continue;
      if (also.length === 0) always.push(...gained);
      else further.push({ needs: [...needs, ...also], adds: gained, cost: 1, operator });
    }
    // What can never be done needs a fact that nothing adds.
    first.push({ needs: needs ?? [conditions.size], adds: always, cost: 1, operator });
  });
  const rules = [...first, ...further, ...conditions.rules];
  const neededBy = Array.from({ length: conditions.size + 1 }, (): number[] => []);
  rules.forEach((rule, number) => {
    for (const fact of rule.needs) neededBy[fact]?.push(number);
  });
  const needs = Int32Array.from(rules, (rule) => rule.needs.length);
  return {
    rules,
    operators: operators.length,
    neededBy: listsOf(neededBy),
    adds: listsOf(rules.map((rule) => rule.adds)),
    needs,
    opposites,
    goal: goalFacts,
  };
}

/** A plan that would do if nothing were ever deleted. */
export interface RelaxedPlan {
  /** How many actions it has: an estimate of the distance to the goal, 0 exactly when that holds. */
  readonly length: number;
  /** The operators it can begin with, by their numbers. */
  readonly beginnings: ReadonlySet<number>;
  /** All operators that are applicable in the state, by their numbers, in ascending order. */
  readonly applicable: readonly number[];
}

/** More than any fact costs. */
const NEVER = 2 ** 31 - 1;

interface Exploration {
  /** For each fact the rule that reaches it cheapest; -1 for what holds or cannot be reached. */
  readonly reachedBy: Int32Array;
  readonly isReached: Uint8Array;
  readonly applicable: readonly number[];
}

/** What holds in a state, opposites included. */
function holding({ opposites }: Relaxation, state: Uint8Array): readonly number[] {
  const facts: number[] = [];
  for (let fact = 0; fact < state.length; fact += 1) if (state[fact] === 1) facts.push(fact);
  for (const [fact, opposite] of opposites) if (state[fact] !== 1) facts.push(opposite);
  return facts;
}

/**
 * Reaches facts in the order of their cost, where an action costs one more than all that it needs together (the
 * additive heuristic of Bonet and Geffner, 2001), until the goal is reached. What is reached at no cost is what holds.
 */
function explore(relaxation: Relaxation, state: Uint8Array): Exploration {
  const { rules, operators, neededBy, adds, needs } = relaxation;
  const size = neededBy.starts.length - 1;
  const reachedBy = new Int32Array(size).fill(-1);
  const isReached = new Uint8Array(size);
  const costs = new Int32Array(size).fill(NEVER);
  const missing = needs.slice();
  const needed = new Int32Array(rules.length);
  /** Facts to be reached, by their cost; a fact may stand in several lists, and the first counts. */
  const waiting: number[][] = [[]];
  const offer = (fact: number, cost: number, by: number): void => {
    if (cost >= (costs[fact] ?? 0)) return;
    costs[fact] = cost;
    reachedBy[fact] = by;
    for (let i = waiting.length; i <= cost; i += 1) waiting.push([]);
    waiting[cost]?.push(fact);
  };
  const perform = (number: number): void => {
    const cost = (rules[number]?.cost ?? 0) + (needed[number] ?? 0);
    const end = adds.starts[number + 1] ?? 0;
    for (let i = adds.starts[number] ?? 0; i < end; i += 1) offer(adds.items[i] ?? 0, cost, number);
  };
  const reach = (fact: number, cost: number): void => {
    if (isReached[fact] === 1) return;
    isReached[fact] = 1;
    const end = neededBy.starts[fact + 1] ?? 0;
    for (let i = neededBy.starts[fact] ?? 0; i < end; i += 1) {
      const number = neededBy.items[i] ?? 0;
      needed[number] = (needed[number] ?? 0) + cost;
      const left = (missing[number] ?? 0) - 1;
      missing[number] = left;
      if (left === 0) perform(number);
    }
  };
  for (const fact of holding(relaxation, state)) offer(fact, 0, -1);
  for (let number = 0; number < needs.length; number += 1) if (needs[number] === 0) perform(number);
  for (const fact of waiting[0] ?? []) reach(fact, 0);
  const applicable: number[] = [];
  for (let number = 0; number < operators; number += 1) if (missing[number] === 0) applicable.push(number);
  // What reaches a fact is settled once that is reached: nothing that is reached later costs less.
  const isOpen = (fact: number): boolean => isReached[fact] === 0;
  for (let cost = 1; cost < waiting.length && relaxation.goal?.some(isOpen); cost += 1) {
    for (const fact of waiting[cost] ?? []) reach(fact, cost);
  }
  return { reachedBy, isReached, applicable };
}

/**
 * Finds a relaxed plan (the heuristic of FF, Hoffmann and Nebel, 2001) from a state with a 1 for each fact that holds;
 * undefined when the goal cannot be reached even so, and hence not at all.
 */
export function relaxedPlan(relaxation: Relaxation, state: Uint8Array): RelaxedPlan | undefined {
  const { rules, goal } = relaxation;
  const { reachedBy, isReached, applicable } = explore(relaxation, state);
  if (goal === undefined || goal.some((fact) => isReached[fact] === 0)) return undefined;
  const used = new Set<Rule>();
  const chosen = new Set<number>();
  const agenda = [...goal];
  for (let fact = agenda.pop(); fact !== undefined; fact = agenda.pop()) {
    const rule = rules[reachedBy[fact] ?? -1];
    if (rule === undefined || used.has(rule)) continue;
    used.add(rule);
    if (rule.operator >= 0) chosen.add(rule.operator);
    agenda.push(...rule.needs);
  }
  return {
    length: chosen.size,
    beginnings: new Set(applicable.filter((number) => chosen.has(number))),
    applicable,
  };
}
