import type { ActionSchema } from "./domain.ts";
import type { Effect, Formula } from "./formula.ts";
import { type Binding, extensions, groundTerms, holds, restHolds } from "./holds.ts";
import type { Problem } from "./problem.ts";
import { eachBinding } from "./query.ts";
import { changeState, type Fact, type State } from "./state.ts";
import { hasType, type Universe } from "./universe.ts";

/** An action with objects in the places of its parameters. */
export interface GroundAction {
  readonly schema: ActionSchema;
  readonly objects: readonly string[];
}

/** The binding of an action's parameters to its objects. */
export function bindingOf(schema: ActionSchema, objects: readonly string[]): Binding {
  const binding = new Map<string, string>();
  schema.parameters.forEach((parameter, place) => {
    const object = objects[place];
    if (object !== undefined) binding.set(parameter.name, object);
  });
  return binding;
}

/** Whether the objects have the parameters' types and the precondition holds. */
export function isApplicable(action: GroundAction, state: State, universe: Universe): boolean {
  const { schema, objects } = action;
  if (objects.length !== schema.parameters.length) return false;
  const typed = schema.parameters.every((parameter, place) =>
    hasType(universe, objects[place] ?? "", parameter.types),
  );
  return typed && holds(schema.precondition, state, universe, bindingOf(schema, objects));
}

/** Every applicable action, in the order of the domain's actions. */
export function applicableActions(problem: Problem, state: State): readonly GroundAction[] {
  const found: GroundAction[] = [];
  for (const schema of problem.domain.actions) {
    const { queries, parameters } = schema;
    // One binding of the parameters can be found in several ways only when there are alternatives or further variables.
    const isUnique = queries.length === 1 && queries[0]?.variables.length === parameters.length;
    const known = isUnique ? undefined : new Set<string>();
    for (const query of queries) {
      eachBinding(query, state, problem.universe, (bound) => {
        if (!restHolds(query, bound, state, problem.universe)) return undefined;
        const objects = bound.slice(0, parameters.length);
        const key = known === undefined ? "" : objects.join(" ");
        if (known?.has(key)) return undefined;
        known?.add(key);
        found.push({ schema, objects });
        return undefined;
      });
    }
  }
  return found;
}

/** What an action changes in a state. */
export interface Changes {
  readonly adds: readonly Fact[];
  readonly deletes: readonly Fact[];
}

/** How the changes of an effect are gone through. */
interface EffectWalk<Under> {
  readonly universe: Universe;
  /** What is passed on to the part of an effect under a condition; undefined for a part that is not looked at. */
  enter(condition: Formula, binding: Binding, under: Under): Under | undefined;
  found(kind: "add" | "delete", fact: Fact, under: Under): void;
}

/** Goes through what an effect adds and deletes, for all objects that it speaks of, and under which conditions. */
export function walkEffect<Under>(
  effect: Effect,
  binding: Binding,
  under: Under,
  walk: EffectWalk<Under>,
): void {
  switch (effect.kind) {
    case "add":
    case "delete": {
      const { predicate } = effect.atom;
      walk.found(effect.kind, { predicate, objects: groundTerms(effect.atom, binding) }, under);
      return;
    }
    case "all":
      for (const part of effect.parts) walkEffect(part, binding, under, walk);
      return;
    case "forall":
      for (const extended of extensions(effect.variables, walk.universe, binding)) {
        walkEffect(effect.effect, extended, under, walk);
      }
      return;
    case "when": {
      const inner = walk.enter(effect.condition, binding, under);
      if (inner !== undefined) walkEffect(effect.effect, binding, inner, walk);
    }
  }
}

/** What an action whose precondition holds deletes and then adds; conditions are looked up in the given state. */
export function changesOf(action: GroundAction, state: State, universe: Universe): Changes {
  const adds: Fact[] = [];
  const deletes: Fact[] = [];
  walkEffect(action.schema.effect, bindingOf(action.schema, action.objects), true, {
    universe,
    enter: (condition, binding) => holds(condition, state, universe, binding) || undefined,
    found: (kind, fact) => void (kind === "add" ? adds : deletes).push(fact),
  });
  return { adds, deletes };
}

/** The state after an action whose precondition holds. The same state object comes back when nothing changes. */
export function applyAction(action: GroundAction, state: State, universe: Universe): State {
  const { deletes, adds } = changesOf(action, state, universe);
  return changeState(state, deletes, adds);
}
