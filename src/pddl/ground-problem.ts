import type { ActionSchema } from "./action-schema.ts";
import { eachBinding } from "./bindings.ts";
import { changingPredicates } from "./domain.ts";
import type { Effect } from "./effect.ts";
import { bindingOf, type GroundAction } from "./ground-action.ts";
import { type GroundEffect, groundEffects } from "./ground-effect.ts";
import { type FactNumber, type GroundFormula, type Grounding, groundFormula } from "./ground-formula.ts";
import { type Binding, extensions, groundTerms } from "./holds.ts";
import type { Problem } from "./problem.ts";
import { changeState, type Fact, isFact, type State } from "./state.ts";

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

function addedFacts(effect: Effect, problem: Problem, binding: Binding, into: Fact[]): void {
  switch (effect.kind) {
    case "add":
      into.push({ predicate: effect.atom.predicate, objects: groundTerms(effect.atom, binding) });
      return;
    case "delete":
      return;
    case "all":
      for (const part of effect.parts) addedFacts(part, problem, binding, into);
      return;
    case "forall":
      for (const extended of extensions(effect.variables, problem.universe, binding)) {
        addedFacts(effect.effect, problem, extended, into);
      }
      return;
    case "when":
      addedFacts(effect.effect, problem, binding, into);
  }
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
          addedFacts(schema.effect, problem, bindingOf(schema, objects), facts);
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
