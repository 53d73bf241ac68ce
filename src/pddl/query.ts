import type { Atom, Formula, TypedName } from "./formula.ts";
import type { State } from "./state.ts";
import { hasType, type Universe } from "./universe.ts";

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
  const hasTwice = found.some((each) => {
    const names = [...variables, ...each.variables].map(({ name }) => name);
    return new Set(names).size < names.length;
  });
  if (found.length > MOST_ALTERNATIVES || hasTwice) {
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

const NONE: readonly (readonly string[])[] = [];

/** The shortest list of facts that an atom can match under the parameters bound so far. */
function candidates(
  atom: JoinAtom,
  state: State,
  bound: readonly (string | undefined)[],
): readonly (readonly string[])[] | undefined {
  const relation = state.relations.get(atom.predicate);
  if (relation === undefined) return NONE;
  let shortest: readonly (readonly string[])[] | undefined;
  for (let place = 0; place < atom.terms.length; place += 1) {
    const term = atom.terms[place];
    const object = typeof term === "number" ? bound[term] : term;
    if (object === undefined) continue;
    const list = relation.at(place, object);
    if (shortest === undefined || list.length < shortest.length) shortest = list;
  }
  return shortest;
}

/** The atom that leaves the fewest choices, with the facts that it can match. */
function fewestChoices(
  atoms: readonly JoinAtom[],
  state: State,
  bound: readonly (string | undefined)[],
): { readonly atom: JoinAtom | undefined; readonly choices: Iterable<readonly string[]> } {
  let best: JoinAtom | undefined;
  let choices: Iterable<readonly string[]> = NONE;
  let fewest = Number.POSITIVE_INFINITY;
  for (const atom of atoms) {
    const list = candidates(atom, state, bound);
    const tuples = state.relations.get(atom.predicate)?.tuples;
    const count = list?.length ?? tuples?.size ?? 0;
    if (count >= fewest) continue;
    best = atom;
    fewest = count;
    choices = list ?? tuples?.values() ?? NONE;
    if (count === 0) break;
  }
  return { atom: best, choices };
}

/**
 * Calls `found` with the objects of every binding of a query's variables under which its atoms hold (the rest is not
 * looked at), until it returns true. A join over the facts, always going on with the atom that leaves the fewest
 * choices. `given` binds variables beforehand, by their places.
 */
export function eachBinding(
  query: Query,
  state: State,
  universe: Universe,
  found: (objects: readonly string[]) => boolean | undefined,
  given: readonly (string | undefined)[] = [],
): void {
  const bound: (string | undefined)[] = query.variables.map((_, place) => given[place]);
  let isDone = false;
  const enumerate = (place: number): void => {
    const variable = query.variables[place];
    if (variable === undefined) {
      isDone = found(bound.map((object) => object ?? "")) === true;
      return;
    }
    if (bound[place] !== undefined) {
      enumerate(place + 1);
      return;
    }
    for (const object of universe.ofTypes(variable.types)) {
      bound[place] = object;
      enumerate(place + 1);
      if (isDone) return;
    }
    bound[place] = undefined;
  };
  /** Binds the variable at `place`, or compares it when it is bound; `fresh` remembers what was bound. */
  const bind = (place: number, object: string, fresh: number[]): boolean => {
    if (bound[place] !== undefined) return bound[place] === object;
    if (!hasType(universe, object, query.variables[place]?.types ?? [])) return false;
    bound[place] = object;
    fresh.push(place);
    return true;
  };
  const unify = (atom: JoinAtom | undefined, tuple: readonly string[], next: () => void): void => {
    const fresh: number[] = [];
    let fits = tuple.length === atom?.terms.length;
    for (let i = 0; fits && i < tuple.length; i += 1) {
      const term = atom?.terms[i];
      const object = tuple[i] ?? "";
      fits = typeof term === "number" ? bind(term, object, fresh) : term === object;
    }
    if (fits) next();
    for (const place of fresh) bound[place] = undefined;
  };
  const join = (remaining: readonly JoinAtom[]): void => {
    if (remaining.length === 0) {
      enumerate(0);
      return;
    }
    const { atom, choices } = fewestChoices(remaining, state, bound);
    const others = remaining.filter((each) => each !== atom);
    for (const tuple of choices) {
      unify(atom, tuple, () => join(others));
      if (isDone) return;
    }
  };
  join(query.atoms);
}
