import type { ActionSchema } from "./action-schema.ts";
import { eachBinding } from "./bindings.ts";
import type { Effect } from "./effect.ts";
import { type Binding, extensions, groundTerms, holds } from "./holds.ts";
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
    eachBinding(schema, state, problem.universe, (objects) => {
      if (schema.rest.length > 0) {
        const binding = bindingOf(schema, objects);
        if (!schema.rest.every((part) => holds(part, state, problem.universe, binding))) return;
      }
      found.push({ schema, objects });
    });
  }
  return found;
}

interface Changes {
  readonly adds: Fact[];
  readonly deletes: Fact[];
}

function collect(effect: Effect, state: State, universe: Universe, binding: Binding, changes: Changes): void {
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

/**
 * The state after an action whose precondition holds: first the deletes, then the adds; conditions of effects
 * are looked up in the old state. The same state object comes back when nothing changes.
 */
export function applyAction(action: GroundAction, state: State, universe: Universe): State {
  const changes: Changes = { adds: [], deletes: [] };
  collect(action.schema.effect, state, universe, bindingOf(action.schema, action.objects), changes);
  return changeState(state, changes.deletes, changes.adds);
}
