import { hasType, type State, type Universe } from "../../../pddl/state.ts";
import type { Condition, Placeholder } from "./symbols.ts";

/** Objects by the names of variables (for expressions) and by names with types (for queries). */
export type Values = ReadonlyMap<string, string>;

/** A variable of a query. Another type under the same name is another variable. */
export function typedKey({ name, type }: Placeholder): string {
  return `${name}:${type}`;
}

const NONE: readonly (readonly string[])[] = [];

function compareTuples(one: readonly string[], other: readonly string[]): number {
  for (let i = 0; i < one.length; i += 1) {
    const [a = "", b = ""] = [one[i], other[i]];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

/** The facts that a condition can match, in the order of their objects. */
function candidates(condition: Condition, state: State, values: Values): readonly (readonly string[])[] {
  const relation = state.relations.get(condition.predicate);
  if (relation === undefined) return NONE;
  let fewest: readonly (readonly string[])[] | undefined;
  condition.placeholders.forEach((placeholder, place) => {
    const object = values.get(typedKey(placeholder));
    if (object === undefined) return;
    const list = relation.at(place, object);
    if (fewest === undefined || list.length < fewest.length) fewest = list;
  });
  const list = fewest ?? [...relation.tuples.values()];
  return list.length < 2 ? list : [...list].sort(compareTuples);
}

/** Binds what is free in a condition to the objects of a fact; undefined where that does not fit. */
function bind(
  { placeholders }: Condition,
  fact: readonly string[],
  values: Values,
  universe: Universe,
): Values | undefined {
  if (fact.length !== placeholders.length) return undefined;
  let extended: Map<string, string> | undefined;
  for (const [place, placeholder] of placeholders.entries()) {
    const object = fact[place] ?? "";
    const key = typedKey(placeholder);
    const bound = (extended ?? values).get(key);
    if (bound === object) continue;
    // Two variables never stand for the same object.
    if (bound !== undefined || isUsed(object, extended ?? values)) return undefined;
    if (!hasType(universe, object, [placeholder.type])) return undefined;
    extended ??= new Map(values);
    extended.set(key, object).set(placeholder.name, object);
  }
  return extended ?? values;
}

function isUsed(object: string, values: Values): boolean {
  for (const [key, value] of values) if (value === object && key.includes(":")) return true;
  return false;
}

/** Every way to bind the free variables of a query, in the order of conditions and objects. */
export function* matches(
  query: readonly Condition[],
  state: State,
  universe: Universe,
  values: Values,
  depth = 0,
): Generator<Values> {
  const condition = query[depth];
  if (condition === undefined) {
    yield values;
    return;
  }
  for (const fact of candidates(condition, state, values)) {
    const extended = bind(condition, fact, values, universe);
    if (extended !== undefined) yield* matches(query, state, universe, extended, depth + 1);
  }
}
