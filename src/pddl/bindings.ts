import type { JoinAtom, Query } from "./query.ts";
import type { State } from "./state.ts";
import { hasType, type Universe } from "./universe.ts";

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
