import type { TypedName } from "./formula.ts";

/** The objects of a problem by their types. */
export interface Universe {
  /** Every object with all its types, inherited ones and `object` included. */
  readonly typesOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** The objects that have one of these types, in the order of their declaration. */
  readonly ofTypes: (types: readonly string[]) => readonly string[];
}

function ancestors(type: string, types: ReadonlyMap<string, readonly string[]>, into: Set<string>): void {
  if (into.has(type)) return;
  into.add(type);
  for (const parent of types.get(type) ?? []) ancestors(parent, types, into);
}

/** Works out the types of all objects from the type hierarchy. */
export function universeOf(
  objects: readonly TypedName[],
  types: ReadonlyMap<string, readonly string[]>,
): Universe {
  const typesOf = new Map<string, Set<string>>();
  for (const object of objects) {
    const all = typesOf.get(object.name) ?? new Set(["object"]);
    for (const type of object.types) ancestors(type, types, all);
    typesOf.set(object.name, all);
  }
  const known = new Map<string, readonly string[]>();
  const ofTypes = (wanted: readonly string[]): readonly string[] => {
    const key = wanted.join(" ");
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const found: string[] = [];
    for (const [name, its] of typesOf) if (wanted.some((type) => its.has(type))) found.push(name);
    known.set(key, found);
    return found;
  };
  return { typesOf, ofTypes };
}

/** Whether an object has one of these types. */
export function hasType(universe: Universe, object: string, types: readonly string[]): boolean {
  const its = universe.typesOf.get(object);
  return its !== undefined && types.some((type) => its.has(type));
}
