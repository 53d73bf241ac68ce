import type { GroundAction } from "../../../pddl/ground-action.ts";
import { type PriorityQueue, priorityQueue } from "../../../pddl/priority-queue.ts";
import { type RelaxedPlan, relaxedPlan } from "./relaxed-plan.ts";
import type { StripsOperator, StripsProblem } from "./strips.ts";

/** How a search goes about. */
export interface SearchSettings {
  /** How much the estimate counts beside the actions done so far; infinite: nothing else counts. */
  readonly weight: number;
  /** The most states that are expanded. */
  readonly nodes: number;
  /** Only plans with fewer actions are of use. */
  readonly shorterThan: number;
}

interface Node {
  readonly state: Uint8Array;
  readonly key: string;
  readonly parent: Node | undefined;
  readonly operator: StripsOperator | undefined;
  /** The actions done so far. */
  readonly cost: number;
}

/** So many states are taken from the preferred ones in a row after each advance. */
const BOOST = 1000;

function planTo(node: Node): readonly GroundAction[] {
  const plan: GroundAction[] = [];
  for (let at: Node | undefined = node; at?.operator !== undefined; at = at.parent)
    plan.push(at.operator.action);
  return plan.reverse();
}

function keyOf(state: Uint8Array): string {
  return Buffer.from(state.buffer).toString("latin1");
}

function beginAt(state: Uint8Array): Node {
  return { state, key: keyOf(state), parent: undefined, operator: undefined, cost: 0 };
}

function follow(node: Node, operator: StripsOperator): Node {
  const state = node.state.slice();
  for (const fact of operator.deletes) state[fact] = 0;
  for (const fact of operator.adds) state[fact] = 1;
  return { state, key: keyOf(state), parent: node, operator, cost: node.cost + 1 };
}

/** Two queues over the same states: all, and those that a relaxed plan leads to. Each has its turn. */
interface Agenda {
  add(priority: number, node: Node, isPreferred: boolean): void;
  take(): Node | undefined;
  /** Lets the preferred ones go first for a while. */
  advance(): void;
}

function createAgenda(): Agenda {
  const all: PriorityQueue<Node> = priorityQueue();
  const preferred: PriorityQueue<Node> = priorityQueue();
  let boost = 0;
  let isPreferredTurn = false;
  return {
    add: (priority, node, isPreferred) => {
      all.add(priority, node);
      if (isPreferred) preferred.add(priority, node);
    },
    take: () => {
      isPreferredTurn = boost > 0 || !isPreferredTurn;
      boost = Math.max(0, boost - 1);
      return isPreferredTurn ? (preferred.take() ?? all.take()) : (all.take() ?? preferred.take());
    },
    advance: () => {
      boost = BOOST;
    },
  };
}

/** The states that follow and have not been met after as few actions, each with whether it is preferred. */
function* successors(
  problem: StripsProblem,
  node: Node,
  { applicable, beginnings }: RelaxedPlan,
  costs: Map<string, number>,
): Generator<readonly [Node, boolean]> {
  for (const number of applicable) {
    const operator = problem.operators[number];
    if (operator === undefined) continue;
    const next = follow(node, operator);
    if ((costs.get(next.key) ?? Number.POSITIVE_INFINITY) <= next.cost) continue;
    costs.set(next.key, next.cost);
    yield [next, beginnings.has(number)];
  }
}

/** The next state that is neither expanded nor meanwhile reached with fewer actions. */
function takeFresh(
  agenda: Agenda,
  expanded: ReadonlySet<Node>,
  costs: ReadonlyMap<string, number>,
): Node | undefined {
  for (let node = agenda.take(); node !== undefined; node = agenda.take()) {
    if (!expanded.has(node) && (costs.get(node.key) ?? 0) >= node.cost) return node;
  }
  return undefined;
}

function priorityOf(node: Node, estimate: number, weight: number): number {
  return weight === Number.POSITIVE_INFINITY ? estimate : Math.round(node.cost + weight * estimate);
}

/**
 * Weighted best-first search with the relaxed plan's length as estimate and its first actions preferred (after
 * LAMA, Richter and Westphal, 2010). Undefined when no plan of use was found; the same arguments always give the
 * same plan.
 */
export function searchPlan(
  problem: StripsProblem,
  goal: readonly number[],
  { weight, nodes, shorterThan }: SearchSettings,
): readonly GroundAction[] | undefined {
  const agenda = createAgenda();
  const start = beginAt(problem.initial);
  const costs = new Map<string, number>([[start.key, 0]]);
  const expanded = new Set<Node>();
  let nearest = Number.POSITIVE_INFINITY;
  agenda.add(0, start, false);
  while (expanded.size < nodes) {
    const node = takeFresh(agenda, expanded, costs);
    if (node === undefined) return undefined;
    const relaxed = relaxedPlan(problem, node.state, goal);
    if (relaxed === undefined) continue;
    if (relaxed.length === 0) return planTo(node);
    expanded.add(node);
    if (relaxed.length < nearest) agenda.advance();
    nearest = Math.min(nearest, relaxed.length);
    if (node.cost + 1 >= shorterThan) continue;
    const priority = priorityOf(node, relaxed.length, weight);
    for (const [next, isPreferred] of successors(problem, node, relaxed, costs)) {
      agenda.add(priority, next, isPreferred);
    }
  }
  return undefined;
}
