/** A piece of an action's name: literal text, or a placeholder with the name of its parameter. */
export type NamePart = { readonly literal: string } | { readonly parameter: string };

const PLACEHOLDER = /\{([^{}]+)\}|<([^<>]+)>|\[([^[\]]+)\]/g;

/**
 * Splits an action's name at its placeholders. `{object}` is always one, as in the paper's App. K; `<object>`
 * and `[object]`, which models write too, are placeholders when a parameter has that name.
 */
export function nameParts(name: string, parameters: readonly string[]): readonly NamePart[] {
  const parts: NamePart[] = [];
  let end = 0;
  for (const match of name.matchAll(PLACEHOLDER)) {
    const parameter = (match[1] ?? match[2] ?? match[3] ?? "").trim();
    if (match[1] === undefined && !parameters.includes(parameter)) continue;
    if (match.index > end) parts.push({ literal: name.slice(end, match.index) });
    parts.push({ parameter });
    end = match.index + match[0].length;
  }
  if (end < name.length) parts.push({ literal: name.slice(end) });
  return parts;
}

/** The names of the placeholders of an action's name, each once, in order. */
export function placeholders(parts: readonly NamePart[]): readonly string[] {
  return [...new Set(parts.flatMap((part) => ("parameter" in part ? [part.parameter] : [])))];
}

/** The name with each placeholder filled by its value. */
export function fillName(parts: readonly NamePart[], values: ReadonlyMap<string, string>): string {
  return parts
    .map((part) => ("literal" in part ? part.literal : (values.get(part.parameter) ?? "")))
    .join("");
}
