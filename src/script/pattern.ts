import { RE2JS } from "re2js";

/** How long a pattern may be, in characters, and how many instructions it may compile to. */
export const MAXIMUM_PATTERN = 1000;
export const MAXIMUM_PROGRAM = 400;

/** What a pattern captured from a text. */
export interface Captures {
  readonly named: ReadonlyMap<string, string>;
  /** All capturing groups in order; undefined for a group that took no part in the match. */
  readonly groups: readonly (string | undefined)[];
}

/** A pattern that matches in time linear in the text. */
export interface Pattern {
  /** Instructions of the compiled program; `size * text.length` bounds the work of a match. */
  readonly size: number;
  /** The names of its named groups. */
  readonly names: readonly string[];
  /** Matches the whole text, as Python's `re.fullmatch` does. */
  match(text: string): Captures | undefined;
}

/** A compiled pattern, or why it cannot be used. */
export type CompiledPattern =
  | { readonly pattern: Pattern; readonly problem?: undefined }
  | { readonly pattern?: undefined; readonly problem: string };

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["Z", "\\z"],
  ["d", "\\p{Nd}"],
  ["w", "[\\p{L}\\p{N}_]"],
]);
const ESCAPES_IN_CLASS: ReadonlyMap<string, string> = new Map([
  ["d", "\\p{Nd}"],
  ["w", "\\p{L}\\p{N}_"],
]);

/**
 * Rewrites the parts of Python's syntax that RE2 spells otherwise: `\Z`, and `\d` and `\w`, which are Unicode
 * in Python and ASCII in RE2. All else is left as it is; RE2 refuses what it cannot match in linear time.
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
    if (inClass && character === "]") inClass = false;
    else if (!inClass && character === "[") {
      inClass = true;
      // A "]" that comes first (after "^") stands for itself.
      const opening = /^\[\^?\]?/.exec(source.slice(i, i + 3))?.[0] ?? "[";
      result += opening;
      i += opening.length - 1;
      continue;
    }
    result += character;
  }
  return result;
}

function capturesOf(expression: RE2JS, text: string): Captures | undefined {
  const matcher = expression.matcher(text);
  if (!matcher.matches()) return undefined;
  const groups: (string | undefined)[] = [];
  for (let i = 1; i <= expression.groupCount(); i += 1) groups.push(matcher.group(i) ?? undefined);
  const named = new Map<string, string>();
  for (const name of Object.keys(expression.namedGroups())) {
    const captured = matcher.group(name);
    if (captured !== null) named.set(name, captured);
  }
  return { named, groups };
}

/** Compiles a pattern in Python's syntax for matching in linear time (RE2), within bounds of size. */
export function compilePattern(source: string): CompiledPattern {
  if (source.length > MAXIMUM_PATTERN) {
    return { problem: `has ${source.length} characters, more than the ${MAXIMUM_PATTERN} allowed` };
  }
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(pythonToRe2(source));
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    return { problem: `is not a regular expression without lookaround and backreferences: ${words}` };
  }
  const size = expression.programSize();
  if (size > MAXIMUM_PROGRAM) {
    return { problem: `is too large: use + or * instead of counted repetitions such as {1,100}` };
  }
  return {
    pattern: {
      size,
      names: Object.keys(expression.namedGroups()),
      match: (text) => capturesOf(expression, text),
    },
  };
}
