import type { Atom, Formula } from "./formula.ts";
import type { TypedName } from "./typed-list.ts";

/** An atom with its variables replaced by their places among a query's variables. */
export interface JoinAtom {
  readonly predicate: string;
  /** A number is the place of a variable, a text is an object. */
  readonly terms: readonly (number | string)[];
}

/** A condition as a join: which objects in the places of the variables make its atoms and the rest hold. */
export interface Query {
  readonly variables: readonly TypedName[];
  /** What is demanded outright: what bindings are joined from. */
  readonly atoms: readonly JoinAtom[];
  /** What else is demanded, to be checked when every variable is bound. */
  readonly rest: readonly Formula[];
}

/** A conjunction with the variables that an `exists` brought in. */
interface Conjunction {
  readonly variables: readonly TypedName[];
  readonly parts: readonly Formula[];
}

const NOTHING: Conjunction = { variables: [], parts: [] };
/** More alternatives than these are not joined one by one; the condition is checked as it stands. */
const MOST_ALTERNATIVES = 16;

function variablesIn(formula: Formula, into: Set<string>): Set<string> {
  if (formula.kind === "atom") for (const term of formula.terms) into.add(term);
  else if (formula.kind === "and" || formula.kind === "or") {
    for (const part of formula.parts) variablesIn(part, into);
  }
  return into;
}

/** Splits a condition into alternatives, each a conjunction; what `keep` says stays as it stands. */
function alternatives(formula: Formula, keep: (formula: Formula) => boolean): readonly Conjunction[] {
  if (formula.kind === "and") {
    let all: readonly Conjunction[] = [NOTHING];
    for (const part of formula.parts) {
      const own = alternatives(part, keep);
      all = all.flatMap(({ variables, parts }) =>
        own.map((one) => ({
          variables: [...variables, ...one.variables],
          parts: [...parts, ...one.parts],
        })),
      );
    }
    return all;
  }
  if (formula.kind === "or" && (formula.parts.length === 1 || !keep(formula))) {
    return formula.parts.flatMap((part) => alternatives(part, keep));
  }
  if (formula.kind === "exists") {
    return alternatives(formula.formula, keep).map(({ variables, parts }) => ({
      variables: [...formula.variables, ...variables],
      parts,
    }));
  }
  return [{ variables: [], parts: [formula] }];
}

/** The terms of atoms that every alternative demands, whatever its other choices are. */
function demanded(formula: Formula, into: Set<string>): Set<string> {
  if (formula.kind === "atom") variablesIn(formula, into);
  else if (formula.kind === "and") for (const part of formula.parts) demanded(part, into);
  else if (formula.kind === "exists") demanded(formula.formula, into);
  else if (formula.kind === "or" && formula.parts.length === 1) demanded(formula.parts[0] ?? formula, into);
  return into;
}

function hasTwice(variables: readonly TypedName[]): boolean {
  return new Set(variables.map(({ name }) => name)).size < variables.length;
}

/**
 * A condition as queries over the given variables first and then those of its `exists`; it holds for the objects that
 * some query finds. An `or` is split where its atoms bind variables that nothing else does, and checked elsewhere.
 */
export function queriesOf(variables: readonly TypedName[], condition: Formula): readonly Query[] {
  const bound = demanded(condition, new Set());
  const isBound = (formula: Formula): boolean =>
    [...variablesIn(formula, new Set())].every((term) => bound.has(term) || !term.startsWith("?"));
  let found = alternatives(condition, isBound);
  // An inner variable of an outer one's name, or too many alternatives: checked without a join.
  if (found.length > MOST_ALTERNATIVES || found.some((each) => hasTwice([...variables, ...each.variables]))) {
    found = [{ variables: [], parts: [condition] }];
  }
  return found.map((each) => {
    const all = [...variables, ...each.variables];
    const places = new Map(all.map(({ name }, place) => [name, place]));
    const joinAtom = ({ predicate, terms }: Atom): JoinAtom => ({
      predicate,
      terms: terms.map((term) => places.get(term) ?? term),
    });
    return {
      variables: all,
      atoms: each.parts.filter((part) => part.kind === "atom").map(joinAtom),
      rest: each.parts.filter((part) => part.kind !== "atom"),
    };
  });
}
