import { asList, asWord, headOf, type List, pddlError, type SExpression } from "./s-expression.ts";
import { readTypedList, type TypedName } from "./typed-list.ts";

/** A predicate with its terms. A term that begins with `?` is a variable, any other is an object. */
export interface Atom {
  readonly kind: "atom";
  readonly predicate: string;
  readonly terms: readonly string[];
}

/** A condition on a state. `imply` is written with `or` and `not`. */
export type Formula =
  | Atom
  | { readonly kind: "equal"; readonly left: string; readonly right: string }
  | { readonly kind: "not"; readonly formula: Formula }
  | { readonly kind: "and" | "or"; readonly parts: readonly Formula[] }
  | Existential
  | { readonly kind: "forall"; readonly variables: readonly TypedName[]; readonly formula: Formula };

/** Asks for objects in the places of its variables. */
export interface Existential {
  readonly kind: "exists";
  readonly variables: readonly TypedName[];
  readonly formula: Formula;
}

/** The condition that always holds. */
export const ALWAYS: Formula = { kind: "and", parts: [] };

/** Whether a term is a variable. */
export function isVariable(term: string): boolean {
  return term.startsWith("?");
}

/** Reads `(predicate term …)`. */
export function readAtom(list: List): Atom {
  const [head, ...terms] = list.items;
  return {
    kind: "atom",
    predicate: asWord(head, "a predicate", list.position),
    terms: terms.map((term) => asWord(term, "a variable or an object", list.position)),
  };
}

function readQuantified(kind: "exists" | "forall", list: List): Formula {
  const names = asList(list.items[1], "a list of variables", list.position);
  const variables = readTypedList(names.items, names.position);
  return { kind, variables, formula: readFormula(list.items[2], list) };
}

/** Reads a precondition, a condition or a goal. `()` always holds. */
export function readFormula(expression: SExpression | undefined, parent: List): Formula {
  const list = asList(expression, "a condition", parent.position);
  if (list.items.length === 0) return ALWAYS;
  const head = headOf(list);
  const rest = list.items.slice(1);
  switch (head) {
    case "and":
    case "or":
      return { kind: head, parts: rest.map((part) => readFormula(part, list)) };
    case "not":
      if (rest.length !== 1) throw pddlError('"not" takes one condition', list.position);
      return { kind: "not", formula: readFormula(rest[0], list) };
    case "imply":
      if (rest.length !== 2) throw pddlError('"imply" takes two conditions', list.position);
      return {
        kind: "or",
        parts: [{ kind: "not", formula: readFormula(rest[0], list) }, readFormula(rest[1], list)],
      };
    case "exists":
    case "forall":
      return readQuantified(head, list);
    case "=":
      if (rest.length !== 2) throw pddlError('"=" takes two terms', list.position);
      return {
        kind: "equal",
        left: asWord(rest[0], "a term", list.position),
        right: asWord(rest[1], "a term", list.position),
      };
    default:
      return readAtom(list);
  }
}
