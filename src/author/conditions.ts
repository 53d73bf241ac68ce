import type { Atom, Formula } from "../pddl/formula.ts";

/** The name of an object in planning terms: without blanks. */
export function objectOf(name: string): string {
  return name.replaceAll(" ", "_");
}

/** The name of a thing from its name in planning terms. */
export function nameOf(object: string): string {
  return object.replaceAll("_", " ");
}

/** The condition that a predicate holds of things given by their names. */
export function fact(predicate: string, ...names: readonly string[]): Atom {
  return { kind: "atom", predicate, terms: names.map(objectOf) };
}

export function all(...parts: readonly Formula[]): Formula {
  return { kind: "and", parts };
}

export function any(...parts: readonly Formula[]): Formula {
  return { kind: "or", parts };
}

export function not(formula: Formula): Formula {
  return { kind: "not", formula };
}

/** The condition that a number of items lie where they belong. */
export function placed(items: readonly string[], fixture: string): Formula {
  return all(...items.map((item) => fact("on", item, fixture)));
}
