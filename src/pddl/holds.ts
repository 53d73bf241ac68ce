import { type Atom, type Existential, type Formula, isVariable, type TypedName } from "./formula.ts";
import { eachBinding, type Query, queriesOf } from "./query.ts";
import { isFact, type State } from "./state.ts";
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

/** The queries of formulas, with the variables that were bound around them. */
const known = new WeakMap<Existential, { readonly outer: string; readonly queries: readonly Query[] }>();

/** The queries of an `exists` whose first variables are those bound around it. They are worked out once. */
export function queriesWithin(formula: Existential, binding: Binding): readonly Query[] {
  const names = [...binding.keys()];
  const outer = names.join(" ");
  const cached = known.get(formula);
  if (cached?.outer === outer) return cached.queries;
  const own = new Set(formula.variables.map(({ name }) => name));
  const variables = names.filter((name) => !own.has(name)).map((name) => ({ name, types: [] }));
  const queries = queriesOf([...variables, ...formula.variables], formula.formula);
  known.set(formula, { outer, queries });
  return queries;
}

/** What the variables of a formula's query are bound to beforehand, by their places. */
export function givenTo(
  { variables }: Query,
  formula: Existential,
  binding: Binding,
): readonly (string | undefined)[] {
  const own = new Set(formula.variables.map(({ name }) => name));
  return variables.map(({ name }) => (own.has(name) ? undefined : binding.get(name)));
}

/** Whether what a query demands beside its atoms holds for the objects of its variables. */
export function restHolds(
  { rest, variables }: Query,
  objects: readonly string[],
  state: State,
  universe: Universe,
): boolean {
  if (rest.length === 0) return true;
  const binding = new Map(variables.map(({ name }, place) => [name, objects[place] ?? ""]));
  return rest.every((part) => holds(part, state, universe, binding));
}

function exists(formula: Existential, state: State, universe: Universe, binding: Binding): boolean {
  for (const query of queriesWithin(formula, binding)) {
    let isFound = false;
    const found = (objects: readonly string[]): boolean => {
      isFound = restHolds(query, objects, state, universe);
      return isFound;
    };
    eachBinding(query, state, universe, found, givenTo(query, formula, binding));
    if (isFound) return true;
  }
  return false;
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
      return exists(formula, state, universe, binding);
    case "forall":
      for (const extended of extensions(formula.variables, universe, binding)) {
        if (!holds(formula.formula, state, universe, extended)) return false;
      }
      return true;
  }
}
