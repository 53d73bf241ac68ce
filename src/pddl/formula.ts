import {
  asList,
  asWord,
  headOf,
  type List,
  type Position,
  pddlError,
  type SExpression,
} from "./s-expression.ts";

/** A name with the types that it may have; several for `either`, and `object` when none was given. */
export interface TypedName {
  readonly name: string;
  readonly types: readonly string[];
}

function typesAt(expression: SExpression | undefined, near: Position): readonly string[] {
  if (expression?.kind === "word") return [expression.text];
  const list: List = asList(expression, "a type", near);
  if (asWord(list.items[0], '"either"', list.position) !== "either")
    throw pddlError('expected "either"', list.position);
  return list.items.slice(1).map((item) => asWord(item, "a type", list.position));
}

/** Reads `a b - t c - (either t u) d`. */
export function readTypedList(items: readonly SExpression[], near: Position): readonly TypedName[] {
  const result: TypedName[] = [];
  let waiting: string[] = [];
  for (let i = 0; i < items.length; i += 1) {
    const item = items[i];
    const word = asWord(item, "a name", near);
    if (word !== "-") {
      waiting.push(word);
      continue;
    }
    if (waiting.length === 0) throw pddlError('a type without a name before "-"', item?.position ?? near);
    i += 1;
    const types = typesAt(items[i], item?.position ?? near);
    for (const name of waiting) result.push({ name, types });
    waiting = [];
  }
  for (const name of waiting) result.push({ name, types: ["object"] });
  return result;
}

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
    case "forall": {
      const names = asList(rest[0], "a list of variables", list.position);
      const variables = readTypedList(names.items, names.position);
      return { kind: head, variables, formula: readFormula(rest[1], list) };
    }
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

/** What an action changes. */
export type Effect =
  | { readonly kind: "add" | "delete"; readonly atom: Atom }
  | { readonly kind: "all"; readonly parts: readonly Effect[] }
  | { readonly kind: "forall"; readonly variables: readonly TypedName[]; readonly effect: Effect }
  | { readonly kind: "when"; readonly condition: Formula; readonly effect: Effect };

/** The effect that changes nothing. */
export const NO_EFFECT: Effect = { kind: "all", parts: [] };

const COSTS: ReadonlySet<string> = new Set(["increase", "decrease", "assign", "scale-up", "scale-down"]);

/** Reads an effect. Costs are left out. */
export function readEffect(expression: SExpression | undefined, parent: List): Effect {
  const list = asList(expression, "an effect", parent.position);
  const head = headOf(list);
  if (list.items.length === 0 || (head !== undefined && COSTS.has(head))) return NO_EFFECT;
  switch (head) {
    case "and":
      return { kind: "all", parts: list.items.slice(1).map((part) => readEffect(part, list)) };
    case "not":
      return { kind: "delete", atom: readAtom(asList(list.items[1], "an atom", list.position)) };
    case "forall": {
      const variables = asList(list.items[1], "a list of variables", list.position);
      return {
        kind: "forall",
        variables: readTypedList(variables.items, variables.position),
        effect: readEffect(list.items[2], list),
      };
    }
    case "when":
      return {
        kind: "when",
        condition: readFormula(list.items[1], list),
        effect: readEffect(list.items[2], list),
      };
    case "or":
    case "exists":
    case "imply":
      throw pddlError(`"${head}" cannot stand in an effect`, list.position);
    default:
      return { kind: "add", atom: readAtom(list) };
  }
}
