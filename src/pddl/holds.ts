import { type Atom, type Formula, isVariable } from "./formula.ts";
import type { State } from "./state.ts";
import { isFact } from "./state.ts";
import type { TypedName } from "./typed-list.ts";
import type { Universe } from "./universe.ts";

/** Variables and the objects they stand for. */
export type Binding = ReadonlyMap<string, string>;

/** The binding of no variable. */
export const NO_BINDING: Binding = new Map();

/** The terms of an atom with its variables replaced. An unbound variable stays, and is true of nothing. */
export function groundTerms(atom: Atom, binding: Binding): readonly string[] {
  return atom.terms.map((term) => (isVariable(term) ? (binding.get(term) ?? term) : term));
}

/** Every extension of `binding` to `variables`, over the objects of their types. */
export function* extensions(
  variables: readonly TypedName[],
  universe: Universe,
  binding: Binding,
): Generator<Binding> {
  const [first, ...others] = variables;
  if (first === undefined) {
    yield binding;
    return;
  }
  for (const object of universe.ofTypes(first.types)) {
    yield* extensions(others, universe, new Map(binding).set(first.name, object));
  }
}

/** Whether a formula holds in a state. */
export function holds(
  formula: Formula,
  state: State,
  universe: Universe,
  binding: Binding = NO_BINDING,
): boolean {
  switch (formula.kind) {
    case "atom":
      return isFact(state, formula.predicate, groundTerms(formula, binding));
    case "equal":
      return (binding.get(formula.left) ?? formula.left) === (binding.get(formula.right) ?? formula.right);
    case "not":
      return !holds(formula.formula, state, universe, binding);
    case "and":
      return formula.parts.every((part) => holds(part, state, universe, binding));
    case "or":
      return formula.parts.some((part) => holds(part, state, universe, binding));
    case "exists":
      for (const extended of extensions(formula.variables, universe, binding)) {
        if (holds(formula.formula, state, universe, extended)) return true;
      }
      return false;
    case "forall":
      for (const extended of extensions(formula.variables, universe, binding)) {
        if (!holds(formula.formula, state, universe, extended)) return false;
      }
      return true;
  }
}
