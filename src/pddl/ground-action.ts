import type { ActionSchema } from "./action-schema.ts";
import { eachBinding } from "./bindings.ts";
import type { Effect } from "./effect.ts";
import { type Binding, extensions, groundTerms, holds, restHolds } from "./holds.ts";
import type { Problem } from "./problem.ts";
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

interface Collected {
  readonly adds: Fact[];
  readonly deletes: Fact[];
}

function collect(
  effect: Effect,
  state: State,
  universe: Universe,
  binding: Binding,
  changes: Collected,
): void {
  switch (effect.kind) {
    case "add":
    case "delete": {
      const fact = { predicate: effect.atom.predicate, objects: groundTerms(effect.atom, binding) };
      (effect.kind === "add" ? changes.adds : changes.deletes).push(fact);
      return;
    }
    case "all":
      for (const part of effect.parts) collect(part, state, universe, binding, changes);
      return;
    case "forall":
      for (const extended of extensions(effect.variables, universe, binding)) {
        collect(effect.effect, state, universe, extended, changes);
      }
      return;
    case "when":
      if (holds(effect.condition, state, universe, binding)) {
        collect(effect.effect, state, universe, binding, changes);
      }
  }
}

/** What an action whose precondition holds deletes and then adds; conditions are looked up in the given state. */
export function changesOf(action: GroundAction, state: State, universe: Universe): Changes {
  const changes: Collected = { adds: [], deletes: [] };
  collect(action.schema.effect, state, universe, bindingOf(action.schema, action.objects), changes);
  return changes;
}

/** The state after an action whose precondition holds. The same state object comes back when nothing changes. */
export function applyAction(action: GroundAction, state: State, universe: Universe): State {
  const { deletes, adds } = changesOf(action, state, universe);
  return changeState(state, deletes, adds);
}
