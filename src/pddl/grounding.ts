import { type ActionSchema, changingPredicates } from "./domain.ts";
import type { Effect, Existential, Formula } from "./formula.ts";
import { bindingOf, type GroundAction, walkEffect } from "./ground-action.ts";
import { type Binding, extensions, givenTo, groundTerms, queriesWithin } from "./holds.ts";
import type { Problem } from "./problem.ts";
import { eachBinding } from "./query.ts";
import { changeState, type Fact, isFact, type State } from "./state.ts";
import type { Universe } from "./universe.ts";

/** A formula without variables. A number is a fact that can change; all others were worked out. */
export type GroundFormula =
  | boolean
  | number
  | { readonly kind: "not"; readonly formula: GroundFormula }
  | { readonly kind: "and" | "or"; readonly parts: readonly GroundFormula[] };

/** Gives the number of a fact that can change, or whether a fact that cannot holds. */
type FactNumber = (fact: Fact) => number | boolean;

function combine(kind: "and" | "or", parts: Iterable<GroundFormula>): GroundFormula {
  const decisive = kind === "or";
  const open: GroundFormula[] = [];
  for (const part of parts) {
    if (part === decisive) return decisive;
    if (typeof part !== "boolean") open.push(part);
  }
  if (open.length === 0) return !decisive;
  return open.length === 1 && open[0] !== undefined ? open[0] : { kind, parts: open };
}

function negate(formula: GroundFormula): GroundFormula {
  return typeof formula === "boolean" ? !formula : { kind: "not", formula };
}

/** What formulas are grounded by. */
interface Grounding {
  readonly universe: Universe;
  readonly factNumber: FactNumber;
  /** All facts that can ever hold: no others need be looked for. */
  readonly reached: State;
}

/** The cases of an `exists`, found by joining its atoms over what can ever hold. */
function cases(formula: Existential, grounding: Grounding, binding: Binding): readonly GroundFormula[] {
  const { universe, factNumber, reached } = grounding;
  return queriesWithin(formula, binding).flatMap((query) => {
    const found: GroundFormula[] = [];
    const given = givenTo(query, formula, binding);
    const collect = (objects: readonly string[]): undefined => {
      const extended = new Map(query.variables.map(({ name }, place) => [name, objects[place] ?? ""]));
      const atoms = query.atoms.map(({ predicate, terms }) =>
        factNumber({
          predicate,
          objects: terms.map((term) => (typeof term === "number" ? (objects[term] ?? "") : term)),
        }),
      );
      const rest = query.rest.map((part) => groundFormula(part, grounding, extended));
      found.push(combine("and", [...atoms, ...rest]));
    };
    eachBinding(query, reached, universe, collect, given);
    return found;
  });
}

/** Replaces variables by objects and works out what no action can change. */
export function groundFormula(formula: Formula, grounding: Grounding, binding: Binding): GroundFormula {
  const { universe, factNumber } = grounding;
  const ground = (part: Formula, under: Binding = binding): GroundFormula =>
    groundFormula(part, grounding, under);
  switch (formula.kind) {
    case "atom":
      return factNumber({ predicate: formula.predicate, objects: groundTerms(formula, binding) });
    case "equal":
      return (binding.get(formula.left) ?? formula.left) === (binding.get(formula.right) ?? formula.right);
    case "not":
      return negate(ground(formula.formula));
    case "and":
    case "or":
      return combine(
        formula.kind,
        formula.parts.map((part) => ground(part)),
      );
    case "exists":
      return combine("or", cases(formula, grounding, binding));
    case "forall": {
      const all: GroundFormula[] = [];
      for (const extended of extensions(formula.variables, universe, binding)) {
        all.push(ground(formula.formula, extended));
      }
      return combine("and", all);
    }
  }
}

/** Whether a ground formula holds; `facts[n]` is 1 when fact n holds. */
export function isTrue(formula: GroundFormula, facts: Uint8Array): boolean {
  if (typeof formula === "number") return facts[formula] === 1;
  if (typeof formula === "boolean") return formula;
  if (formula.kind === "not") return !isTrue(formula.formula, facts);
  return formula.kind === "and"
    ? formula.parts.every((part) => isTrue(part, facts))
    : formula.parts.some((part) => isTrue(part, facts));
}

/** One conditional part of a ground action's effect, over numbered facts. */
interface GroundEffect {
  readonly condition: GroundFormula;
  readonly adds: readonly number[];
  readonly deletes: readonly number[];
}

function both(left: GroundFormula, right: GroundFormula): GroundFormula {
  if (left === true) return right;
  return right === true ? left : { kind: "and", parts: [left, right] };
}

/** Replaces variables by objects in an effect and gathers its changes by their conditions. */
function groundEffects(effect: Effect, grounding: Grounding, binding: Binding): readonly GroundEffect[] {
  const gathered = new Map<GroundFormula, { adds: number[]; deletes: number[] }>();
  walkEffect<GroundFormula>(effect, binding, true, {
    universe: grounding.universe,
    enter: (condition, own, under) => {
      const ground = groundFormula(condition, grounding, own);
      return ground === false ? undefined : both(under, ground);
    },
    found: (kind, fact, under) => {
      const number = grounding.factNumber(fact);
      if (typeof number !== "number") return;
      const part = gathered.get(under) ?? { adds: [], deletes: [] };
      gathered.set(under, part);
      (kind === "add" ? part.adds : part.deletes).push(number);
    },
  });
  return [...gathered].map(([condition, part]) => ({ condition, ...part }));
}

/** A ground action over numbered facts. */
export interface Operator {
  readonly action: GroundAction;
  readonly condition: GroundFormula;
  readonly effects: readonly GroundEffect[];
}

/** A problem with every action that could ever become applicable, from one state on. */
export interface GroundProblem {
  readonly operators: readonly Operator[];
  /** Facts that some action can change, each with a number. */
  readonly facts: readonly Fact[];
  readonly grounding: Grounding;
}

/** The actions whose demanded atoms can all become true when nothing is ever deleted, and the facts so reached. */
function reach(problem: Problem, state: State): { actions: readonly GroundAction[]; reached: State } {
  const known = new Set<string>();
  const actions: GroundAction[] = [];
  let reached = state;
  let grown: ReadonlySet<string> | undefined;
  const concerns = (schema: ActionSchema): boolean =>
    grown === undefined ||
    schema.queries.some(({ atoms }) => atoms.some(({ predicate }) => grown?.has(predicate)));
  for (;;) {
    const facts: Fact[] = [];
    for (const schema of problem.domain.actions.filter(concerns)) {
      for (const query of schema.queries) {
        eachBinding(query, reached, problem.universe, (bound) => {
          const objects = bound.slice(0, schema.parameters.length);
          const key = `${schema.name} ${objects.join(" ")}`;
          if (known.has(key)) return undefined;
          known.add(key);
          actions.push({ schema, objects });
          walkEffect(schema.effect, bindingOf(schema, objects), true, {
            universe: problem.universe,
            enter: () => true,
            found: (kind, fact) => void (kind === "add" && facts.push(fact)),
          });
          return undefined;
        });
      }
    }
    const fresh = facts.filter((fact) => !isFact(reached, fact.predicate, fact.objects));
    if (fresh.length === 0) return { actions, reached };
    grown = new Set(fresh.map((fact) => fact.predicate));
    reached = changeState(reached, [], fresh);
  }
}

/** Grounds a problem for plans that begin in `state`. */
export function groundProblem(problem: Problem, state: State): GroundProblem {
  const changing = changingPredicates(problem.domain);
  const { actions, reached } = reach(problem, state);
  const facts: Fact[] = [];
  const numbers = new Map<string, Map<string, number>>();
  for (const predicate of changing) {
    const own = new Map<string, number>();
    for (const [key, objects] of reached.relations.get(predicate)?.tuples ?? []) {
      own.set(key, facts.length);
      facts.push({ predicate, objects });
    }
    numbers.set(predicate, own);
  }
  const factNumber: FactNumber = (fact) =>
    changing.has(fact.predicate)
      ? (numbers.get(fact.predicate)?.get(fact.objects.join(" ")) ?? false)
      : isFact(state, fact.predicate, fact.objects);
  const grounding: Grounding = { universe: problem.universe, factNumber, reached };
  const operators: Operator[] = [];
  for (const action of actions) {
    const binding = bindingOf(action.schema, action.objects);
    const condition = groundFormula(action.schema.precondition, grounding, binding);
    if (condition === false) continue;
    const effects = groundEffects(action.schema.effect, grounding, binding);
    if (effects.length > 0) operators.push({ action, condition, effects });
  }
  return { operators, facts, grounding };
}
