import type { Formula } from "./formula.ts";
import type { GroundAction } from "./ground-action.ts";
import { type GroundProblem, groundFormula, groundProblem, isTrue, type Operator } from "./grounding.ts";
import { NO_BINDING } from "./holds.ts";
import type { Problem } from "./problem.ts";
import { type Relaxation, type RelaxedPlan, relax, relaxedPlan } from "./relaxation.ts";
import { isFact, type State } from "./state.ts";

/** How a search goes about. */
export interface SearchSettings {
  /** The most states that are expanded; 20,000 by default. */
  readonly nodes?: number;
  /** How much the estimate counts beside the actions done so far; infinite, as by default: nothing else counts. */
  readonly weight?: number;
  /** Only plans with fewer actions are of use; any by default. */
  readonly shorterThan?: number;
}

/** A found plan, or why there is none: it is proved that none of use exists, or the limit was reached. */
type PlanResult =
  | { readonly plan: readonly GroundAction[]; readonly code?: undefined }
  | { readonly plan?: undefined; readonly code: "unsolvable" | "limit-reached" };

/** Finds plans in one problem; grounded once, from the initial state. */
export interface Planner {
  /** `state` must be reachable from the problem's initial state. The same arguments always give the same plan. */
  findPlan(state: State, goal: Formula, settings?: SearchSettings): PlanResult;
}

interface Node {
  readonly state: Uint8Array;
  readonly key: string;
  readonly parent: Node | undefined;
  readonly operator: Operator | undefined;
  /** The actions done so far. */
  readonly cost: number;
}

const MOST_NODES = 20_000;
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

function follow(node: Node, operator: Operator): Node {
  const state = node.state.slice();
  const effects = operator.effects.filter(({ condition }) => isTrue(condition, node.state));
  for (const { deletes } of effects) for (const fact of deletes) state[fact] = 0;
  for (const { adds } of effects) for (const fact of adds) state[fact] = 1;
  return { state, key: keyOf(state), parent: node, operator, cost: node.cost + 1 };
}

/** Gives the node of the lowest priority first, and of equal ones the one that was added first. */
class Queue {
  /** One list for each priority, which is a whole number, so that ties keep their order. */
  readonly #buckets: { readonly nodes: Node[]; taken: number }[] = [];
  #lowest = 0;

  add(priority: number, node: Node): void {
    for (let i = this.#buckets.length; i <= priority; i += 1) this.#buckets.push({ nodes: [], taken: 0 });
    this.#buckets[priority]?.nodes.push(node);
    this.#lowest = Math.min(this.#lowest, priority);
  }

  take(): Node | undefined {
    for (; this.#lowest < this.#buckets.length; this.#lowest += 1) {
      const bucket = this.#buckets[this.#lowest];
      if (bucket === undefined || bucket.taken >= bucket.nodes.length) continue;
      bucket.taken += 1;
      return bucket.nodes[bucket.taken - 1];
    }
    return undefined;
  }
}

/** Two queues over the same states: all, and those that a relaxed plan leads to. Each has its turn. */
class Agenda {
  readonly #all = new Queue();
  readonly #preferred = new Queue();
  #boost = 0;
  #isPreferredTurn = false;

  add(priority: number, node: Node, isPreferred: boolean): void {
    this.#all.add(priority, node);
    if (isPreferred) this.#preferred.add(priority, node);
  }

  take(): Node | undefined {
    this.#isPreferredTurn = this.#boost > 0 || !this.#isPreferredTurn;
    this.#boost = Math.max(0, this.#boost - 1);
    const [first, second] = this.#isPreferredTurn
      ? [this.#preferred, this.#all]
      : [this.#all, this.#preferred];
    return first.take() ?? second.take();
  }

  /** Lets the preferred ones go first for a while. */
  advance(): void {
    this.#boost = BOOST;
  }
}

/** The states that follow and have not been met after as few actions, each with whether it is preferred. */
function* successors(
  { operators }: GroundProblem,
  node: Node,
  { applicable, beginnings }: RelaxedPlan,
  costs: Map<string, number>,
): Generator<readonly [Node, boolean]> {
  for (const number of applicable) {
    const operator = operators[number];
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

/**
 * Weighted best-first search with the relaxed plan's length as estimate and its first actions preferred (after LAMA,
 * Richter and Westphal, 2010). A state is estimated when it is taken up, and its successors wait under that estimate.
 */
function search(
  problem: GroundProblem,
  relaxation: Relaxation,
  initial: Uint8Array,
  settings: SearchSettings,
): PlanResult {
  const { nodes = MOST_NODES, weight = Number.POSITIVE_INFINITY } = settings;
  const { shorterThan = Number.POSITIVE_INFINITY } = settings;
  const agenda = new Agenda();
  const start: Node = {
    state: initial,
    key: keyOf(initial),
    parent: undefined,
    operator: undefined,
    cost: 0,
  };
  const costs = new Map<string, number>([[start.key, 0]]);
  const expanded = new Set<Node>();
  let nearest = Number.POSITIVE_INFINITY;
  agenda.add(0, start, false);
  while (expanded.size < nodes) {
    const node = takeFresh(agenda, expanded, costs);
    if (node === undefined) return { code: "unsolvable" };
    const relaxed = relaxedPlan(relaxation, node.state);
    if (relaxed === undefined) continue;
    if (relaxed.length === 0) return { plan: planTo(node) };
    expanded.add(node);
    if (relaxed.length < nearest) agenda.advance();
    nearest = Math.min(nearest, relaxed.length);
    if (node.cost + 1 >= shorterThan) continue;
    const isGreedy = weight === Number.POSITIVE_INFINITY;
    const priority = isGreedy ? relaxed.length : Math.round(node.cost + weight * relaxed.length);
    for (const [next, isPreferred] of successors(problem, node, relaxed, costs)) {
      agenda.add(priority, next, isPreferred);
    }
  }
  return { code: "limit-reached" };
}

/** A goal that plans were asked for, and those that were found. */
interface Aim {
  readonly relaxation: Relaxation;
  readonly found: Map<string, PlanResult>;
}

/** Grounds a problem so that plans can be found in it. What was found is kept, as long as the planner is. */
export function createPlanner(problem: Problem): Planner {
  const grounded = groundProblem(problem, problem.initial);
  const aims = new Map<Formula, Aim>();
  const aimAt = (goal: Formula): Aim => {
    const relaxation = relax(grounded, groundFormula(goal, grounded.grounding, NO_BINDING));
    const aim: Aim = { relaxation, found: new Map() };
    aims.set(goal, aim);
    return aim;
  };
  return {
    findPlan: (state, goal, settings = {}) => {
      const facts = Uint8Array.from(grounded.facts, (fact) =>
        isFact(state, fact.predicate, fact.objects) ? 1 : 0,
      );
      const { relaxation, found } = aims.get(goal) ?? aimAt(goal);
      const key = `${JSON.stringify(settings)} ${keyOf(facts)}`;
      const result = found.get(key) ?? search(grounded, relaxation, facts, settings);
      found.set(key, result);
      return result;
    },
  };
}
