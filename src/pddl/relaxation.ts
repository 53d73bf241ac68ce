import type { GroundFormula } from "./ground-formula.ts";
import { isTrue } from "./ground-formula.ts";
import type { GroundProblem, Operator } from "./ground-problem.ts";

/** How far the goal is when nothing is ever deleted. */
export interface RelaxedDistance {
  /** The additive estimate; infinite when the goal cannot be reached even so. */
  readonly estimate: number;
  /** Applicable operators that a relaxed plan begins with, by their numbers. */
  readonly helpful: ReadonlySet<number>;
}

/** Costs of a formula in the relaxation: sums over `and`, the cheapest of `or`; negations are taken as free. */
function costOf(formula: GroundFormula, costs: Float64Array): number {
  if (typeof formula === "number") return costs[formula] ?? Number.POSITIVE_INFINITY;
  if (typeof formula === "boolean") return formula ? 0 : Number.POSITIVE_INFINITY;
  if (formula.kind === "not") return 0;
  let total = formula.kind === "and" ? 0 : Number.POSITIVE_INFINITY;
  for (const part of formula.parts) {
    const cost = costOf(part, costs);
    total = formula.kind === "and" ? total + cost : Math.min(total, cost);
  }
  return total;
}

/** The facts that the cheapest way to make a formula true rests on. */
function supportOf(formula: GroundFormula, costs: Float64Array, into: number[]): void {
  if (typeof formula === "number") into.push(formula);
  if (typeof formula !== "object" || formula.kind === "not") return;
  if (formula.kind === "and") {
    for (const part of formula.parts) supportOf(part, costs, into);
    return;
  }
  const [first, ...others] = formula.parts;
  if (first === undefined) return;
  const cheapest = others.reduce(
    (best, part) => (costOf(part, costs) < costOf(best, costs) ? part : best),
    first,
  );
  supportOf(cheapest, costs, into);
}

interface Relaxation {
  readonly costs: Float64Array;
  /** For each fact the operator that reaches it cheapest, or -1. */
  readonly reachedBy: Int32Array;
  /** For each fact the condition of the effect that adds it. */
  readonly conditions: (GroundFormula | undefined)[];
}

function relax(operators: readonly Operator[], facts: Uint8Array): Relaxation {
  const costs = new Float64Array(facts.length).fill(Number.POSITIVE_INFINITY);
  const reachedBy = new Int32Array(facts.length).fill(-1);
  const conditions: (GroundFormula | undefined)[] = [];
  for (let fact = 0; fact < facts.length; fact += 1) if (facts[fact] === 1) costs[fact] = 0;
  const improve = (operator: Operator, number: number): boolean => {
    const before = costOf(operator.condition, costs);
    if (before === Number.POSITIVE_INFINITY) return false;
    let improved = false;
    for (const effect of operator.effects) {
      const cost = 1 + before + (effect.condition === true ? 0 : costOf(effect.condition, costs));
      for (const fact of effect.adds) {
        if (cost >= (costs[fact] ?? 0)) continue;
        costs[fact] = cost;
        reachedBy[fact] = number;
        conditions[fact] = effect.condition;
        improved = true;
      }
    }
    return improved;
  };
  for (let going = true; going; ) {
    going = false;
    operators.forEach((operator, number) => {
      if (improve(operator, number)) going = true;
    });
  }
  return { costs, reachedBy, conditions };
}

/** Estimates the distance to `goal` by the delete relaxation (additive heuristic) and extracts a relaxed plan. */
export function relaxedDistance(
  problem: GroundProblem,
  facts: Uint8Array,
  goal: GroundFormula,
): RelaxedDistance {
  const { costs, reachedBy, conditions } = relax(problem.operators, facts);
  const estimate = costOf(goal, costs);
  const helpful = new Set<number>();
  if (estimate === Number.POSITIVE_INFINITY) return { estimate, helpful };
  const agenda: number[] = [];
  supportOf(goal, costs, agenda);
  const seen = new Set<number>();
  for (let fact = agenda.pop(); fact !== undefined; fact = agenda.pop()) {
    const number = reachedBy[fact] ?? -1;
    if (seen.has(fact) || number < 0) continue;
    seen.add(fact);
    const operator = problem.operators[number];
    if (operator === undefined) continue;
    if (isTrue(operator.condition, facts)) helpful.add(number);
    else supportOf(operator.condition, costs, agenda);
    supportOf(conditions[fact] ?? true, costs, agenda);
  }
  return { estimate, helpful };
}
