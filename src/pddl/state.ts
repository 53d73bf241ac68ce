/** A ground atom: a predicate and the objects it holds for. */
export interface Fact {
  readonly predicate: string;
  readonly objects: readonly string[];
}

/** All facts of one predicate. Never changes; states that agree on a predicate share its relation. */
interface Relation {
  readonly tuples: ReadonlyMap<string, readonly string[]>;
  /** The facts whose object at `place` is `object`; the index is built when it is first asked for. */
  readonly at: (place: number, object: string) => readonly (readonly string[])[];
}

/** A set of facts; all else is false. Never changes. */
export interface State {
  readonly relations: ReadonlyMap<string, Relation>;
}

const NONE: readonly (readonly string[])[] = [];

function keyOf(objects: readonly string[]): string {
  if (objects.length === 1) return objects[0] ?? "";
  return objects.join(" ");
}

function relationOf(tuples: ReadonlyMap<string, readonly string[]>): Relation {
  const indexes: Map<string, (readonly string[])[]>[] = [];
  const indexAt = (place: number): Map<string, (readonly string[])[]> => {
    const index = new Map<string, (readonly string[])[]>();
    for (const tuple of tuples.values()) {
      const object = tuple[place] ?? "";
      const list = index.get(object);
      if (list === undefined) index.set(object, [tuple]);
      else list.push(tuple);
    }
    indexes[place] = index;
    return index;
  };
  return { tuples, at: (place, object) => (indexes[place] ?? indexAt(place)).get(object) ?? NONE };
}

/** The state in which exactly these facts hold. */
export function stateOf(facts: readonly Fact[]): State {
  const tuples = new Map<string, Map<string, readonly string[]>>();
  for (const { predicate, objects } of facts) {
    const own = tuples.get(predicate);
    if (own === undefined) tuples.set(predicate, new Map([[keyOf(objects), objects]]));
    else own.set(keyOf(objects), objects);
  }
  return { relations: new Map([...tuples].map(([predicate, own]) => [predicate, relationOf(own)])) };
}

/** Whether a ground atom holds. */
export function isFact(state: State, predicate: string, objects: readonly string[]): boolean {
  return state.relations.get(predicate)?.tuples.has(keyOf(objects)) ?? false;
}

/** All facts that hold. */
export function factsOf(state: State): readonly Fact[] {
  return [...state.relations].flatMap(([predicate, relation]) =>
    [...relation.tuples.values()].map((objects) => ({ predicate, objects })),
  );
}

/** Takes `deletes` away, then adds `adds`. The same state object comes back when nothing changes. */
export function changeState(state: State, deletes: readonly Fact[], adds: readonly Fact[]): State {
  const changed = new Map<string, Map<string, readonly string[]>>();
  const open = (predicate: string): Map<string, readonly string[]> => {
    const opened = changed.get(predicate) ?? new Map(state.relations.get(predicate)?.tuples);
    changed.set(predicate, opened);
    return opened;
  };
  const added = new Set(adds.map((fact) => `${fact.predicate} ${keyOf(fact.objects)}`));
  for (const fact of deletes) {
    if (added.has(`${fact.predicate} ${keyOf(fact.objects)}`)) continue;
    if (isFact(state, fact.predicate, fact.objects)) open(fact.predicate).delete(keyOf(fact.objects));
  }
  for (const fact of adds) {
    if (!isFact(state, fact.predicate, fact.objects))
      open(fact.predicate).set(keyOf(fact.objects), fact.objects);
  }
  if (changed.size === 0) return state;
  const relations = new Map(state.relations);
  for (const [predicate, tuples] of changed) relations.set(predicate, relationOf(tuples));
  return { relations };
}
