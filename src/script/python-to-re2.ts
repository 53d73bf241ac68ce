// RE2 spells these otherwise, or knows them for ASCII only; Python's are Unicode.
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["Z", "\\z"],
  ["d", "\\p{Nd}"],
  ["D", "\\P{Nd}"],
  ["w", "[\\p{L}\\p{N}_]"],
  ["W", "[^\\p{L}\\p{N}_]"],
  ["s", "[\\t-\\r\\x1c-\\x20\\x{85}\\p{Z}]"],
  ["S", "[^\\t-\\r\\x1c-\\x20\\x{85}\\p{Z}]"],
]);
// RE2 has no short form for the negations inside a class; they stay as they are.
const ESCAPES_IN_CLASS: ReadonlyMap<string, string> = new Map([
  ["d", "\\p{Nd}"],
  ["D", "\\P{Nd}"],
  ["w", "\\p{L}\\p{N}_"],
  ["s", "\\t-\\r\\x1c-\\x20\\x{85}\\p{Z}"],
]);

/**
 * Rewrites the parts of Python's syntax that RE2 spells otherwise: `\Z`, `{,n}`, and `\d`, `\w` and `\s`, which
 * are Unicode in Python and ASCII in RE2. All else is left as it is; RE2 refuses what it cannot match in linear
 * time.
 */
export function pythonToRe2(source: string): string {
  let result = "";
  let inClass = false;
  for (let i = 0; i < source.length; i += 1) {
    const character = source.charAt(i);
    if (character === "\\") {
      i += 1;
      const escaped = source.charAt(i);
      result += (inClass ? ESCAPES_IN_CLASS : ESCAPES).get(escaped) ?? `\\${escaped}`;
      continue;
    }
    if (inClass) inClass = character !== "]";
    else if (character === "[") {
      inClass = true;
      // A "]" that comes first (after "^") stands for itself.
      const opening = /^\[\^?\]?/.exec(source.slice(i, i + 3))?.[0] ?? "[";
      result += opening;
      i += opening.length - 1;
      continue;
    }
    const isOpenRange = !inClass && character === "{" && /^\{,\d*\}/.test(source.slice(i, i + 8));
    result += isOpenRange ? "{0" : character;
  }
  return result;
}
