/** What an id is called, without its number. */
function nameOf(id: string): string {
  const [kind = ""] = id.split("_bar_", 1);
  return id.includes("basin") && hasNumber(id) ? `${kind}basin` : kind;
}

function hasNumber(id: string): boolean {
  return id.includes("_bar_");
}

function readable(text: string): string {
  return text
    .replaceAll("_minus_", "-")
    .replaceAll("_plus_", "+")
    .replaceAll("_dot_", ".")
    .replaceAll("_comma_", ",");
}

/**
 * What things are called, by their ids: `mug_bar_…` is `mug 2`. Things of a kind are numbered from the end of the
 * sorted ids, so that the first one has the highest number; an id without a place keeps its name and a blank.
 */
export function namesOf(ids: Iterable<string>): ReadonlyMap<string, string> {
  const sorted = [...new Set(ids)].sort();
  const left = new Map<string, number>();
  for (const id of sorted) if (hasNumber(id)) left.set(nameOf(id), (left.get(nameOf(id)) ?? 0) + 1);
  return new Map(
    sorted.map((id) => {
      const name = nameOf(id);
      if (!hasNumber(id)) return [id, `${readable(id)} `];
      const number = left.get(name) ?? 0;
      left.set(name, number - 1);
      return [id, `${readable(name)} ${number}`];
    }),
  );
}
