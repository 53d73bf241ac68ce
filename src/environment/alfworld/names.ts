const ESCAPES: readonly (readonly [written: string, sign: string])[] = [
  ["_minus_", "-"],
  ["_plus_", "+"],
  ["_dot_", "."],
  ["_comma_", ","],
];

function readable(text: string): string {
  if (!text.includes("_")) return text;
  return ESCAPES.reduce((read, [written, sign]) => read.replaceAll(written, sign), text);
}

/** What an id is called without its number; undefined for one that gets none, as it has no place. */
function kindOf(id: string): string | undefined {
  const end = id.indexOf("_bar_");
  if (end < 0) return undefined;
  return id.includes("basin") ? `${id.slice(0, end)}basin` : id.slice(0, end);
}

/**
 * What things are called, by their ids: `mug_bar_…` is `mug 2`. Things of a kind are numbered from the end of the
 * sorted ids, so that the first one has the highest number; an id without a place keeps its name and a blank.
 */
export function namesOf(ids: ReadonlySet<string>): ReadonlyMap<string, string> {
  const left = new Map<string, number>();
  const sorted = [...ids].sort().map((id) => ({ id, kind: kindOf(id) }));
  for (const { kind } of sorted) if (kind !== undefined) left.set(kind, (left.get(kind) ?? 0) + 1);
  const names = new Map<string, string>();
  for (const { id, kind } of sorted) {
    const number = kind === undefined ? 0 : (left.get(kind) ?? 0);
    if (kind !== undefined) left.set(kind, number - 1);
    names.set(id, kind === undefined ? `${readable(id)} ` : `${readable(kind)} ${number}`);
  }
  return names;
}
