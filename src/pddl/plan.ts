import type { Formula } from "./formula.ts";
import type { GroundAction } from "./ground-action.ts";
import { type GroundFormula, groundFormula, isTrue } from "./ground-formula.ts";
import { type GroundProblem, groundProblem, type Operator } from "./ground-problem.ts";
import { NO_BINDING } from "./holds.ts";
import { priorityQueue } from "./priority-queue.ts";
import type { Problem } from "./problem.ts";
import { relaxedDistance } from "./relaxation.ts";
import { isFact, type State } from "./state.ts";

/** How much work a search may do. */
export interface PlanLimits {
  /** The most states that are expanded. */
  readonly nodes: number;
}

/** A found plan, or why there is none: it is proved that none exists, or the limit was reached. */
export type PlanResult =
  | { readonly plan: readonly GroundAction[]; readonly code?: undefined }
  | { readonly plan?: undefined; readonly code: "unsolvable" | "limit-reached" };

/** Finds plans in one problem; grounded once, from the initial state. */
export interface Planner {
  /** `state` must be reachable from the problem's initial state. The same arguments always give the same plan. */
  findPlan(state: State, goal: Formula, limits?: PlanLimits): PlanResult;
}

interface Node {
  readonly facts: Uint8Array;
  readonly parent: Node | undefined;
  readonly operator: Operator | undefined;
}

const DEFAULT_LIMITS: PlanLimits = { nodes: 20_000 };
const HIGHEST_PRIORITY = 1_000_000;

function planTo(node: Node): readonly GroundAction[] {
  const plan: GroundAction[] = [];
  for (let at: Node | undefined = node; at?.operator !== undefined; at = at.parent)
    plan.push(at.operator.action);
  return plan.reverse();
}

function successor(facts: Uint8Array, operator: Operator): Uint8Array {
  const next = facts.slice();
  const active = operator.effects.filter((effect) => isTrue(effect.condition, facts));
  for (const effect of active) for (const fact of effect.deletes) next[fact] = 0;
  for (const effect of active) for (const fact of effect.adds) next[fact] = 1;
  return next;
}

function keyOf(facts: Uint8Array): string {
  return String.fromCharCode(...facts);
}

/** The states that follow, each with the number of the operator that leads there. */
function* successors(problem: GroundProblem, node: Node): Generator<[number, Node]> {
  for (const [number, operator] of problem.operators.entries()) {
    if (!isTrue(operator.condition, node.facts)) continue;
    yield [number, { facts: successor(node.facts, operator), parent: node, operator }];
  }
}

/**
 * Greedy best-first search: a state is estimated when it is taken up, its successors wait under that estimate,
 * and those that the relaxed plan begins with go first. Plans are not always the shortest.
 */
function search(
  problem: GroundProblem,
  start: Uint8Array,
  goal: GroundFormula,
  limits: PlanLimits,
): PlanResult {
  const queue = priorityQueue<Node>();
  const seen = new Set<string>([keyOf(start)]);
  queue.add(0, { facts: start, parent: undefined, operator: undefined });
  let expanded = 0;
  for (let node = queue.take(); node !== undefined; node = queue.take()) {
    if (isTrue(goal, node.facts)) return { plan: planTo(node) };
    if (expanded >= limits.nodes) return { code: "limit-reached" };
    expanded += 1;
    const { estimate, helpful } = relaxedDistance(problem, node.facts, goal);
    if (estimate === Number.POSITIVE_INFINITY) continue;
    const priority = 2 * Math.min(Math.round(estimate), HIGHEST_PRIORITY);
    for (const [number, next] of successors(problem, node)) {
      const key = keyOf(next.facts);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.add(helpful.has(number) ? priority : priority + 1, next);
    }
  }
  return { code: "unsolvable" };
}

/** Grounds a problem so that plans can be found in it. */
export function createPlanner(problem: Problem): Planner {
  const grounded = groundProblem(problem, problem.initial);
  return {
    findPlan: (state, goal, limits = DEFAULT_LIMITS) => {
      const facts = Uint8Array.from(grounded.facts, (fact) =>
        isFact(state, fact.predicate, fact.objects) ? 1 : 0,
      );
      const groundGoal = groundFormula(goal, problem.universe, NO_BINDING, grounded.factNumber);
      return search(grounded, facts, groundGoal, limits);
    },
  };
}
