import { RE2JS } from "re2js";
import { pythonToRe2 } from "../python-to-re2.ts";

/**
 * How long a pattern may be, in characters, and how many instructions it may compile to: these, or as many as it has
 * characters, which suffice for plain words and alternatives.
 */
export const MAXIMUM_PATTERN = 1000;
export const MAXIMUM_PROGRAM = 400;
/** How many classes of Unicode such as `\w` a pattern may have; each compiles to large tables in RE2. */
const PATTERN_CLASSES = 20;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const IS_ASCII = /^[\u0000-\u007f]*$/;

export interface Captures {
  readonly named: ReadonlyMap<string, string>;
  /** All capturing groups in order; undefined for a group that took no part in the match. */
  readonly groups: readonly (string | undefined)[];
}

/** A pattern whose matching takes a bounded time. */
export interface Pattern {
  /** Bounds the work of a match: `size * text.length`. */
  readonly size: number;
  readonly names: readonly string[];
  accepts(text: string): boolean;
  /** Matches the whole text, as Python's `re.fullmatch` does. */
  match(text: string): Captures | undefined;
}

export type CompiledPattern =
  | { readonly pattern: Pattern; readonly problem?: undefined }
  | { readonly pattern?: undefined; readonly problem: string };

function re2Captures(expression: RE2JS, text: string): Captures | undefined {
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

/** Compiles for RE2, which matches in time linear in the text, whatever the pattern. Throws RE2's error. */
function compileRe2(source: string, isAscii: boolean): RE2JS {
  return RE2JS.compile(pythonToRe2(source, isAscii));
}

/** The expression that is right for ASCII alone, or the one for all of Unicode, compiled when a text needs it. */
function forAllTexts(ascii: RE2JS, source: string): (text: string) => RE2JS | undefined {
  let unicode: RE2JS | undefined;
  return (text) => {
    if (IS_ASCII.test(text)) return ascii;
    unicode ??= compileRe2(source, false);
    return unicode.programSize() > Math.max(MAXIMUM_PROGRAM, source.length) ? undefined : unicode;
  };
}

function compileLinear(source: string): CompiledPattern {
  let expression: RE2JS;
  try {
    expression = compileRe2(source, true);
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    return { problem: `is not a regular expression without lookaround and backreferences: ${words}` };
  }
  const size = expression.programSize();
  if (size > Math.max(MAXIMUM_PROGRAM, source.length)) {
    return { problem: "is too large: use + or * instead of counted repetitions such as {1,100}" };
  }
  const expressionFor = forAllTexts(expression, source);
  return {
    pattern: {
      size,
      names: Object.keys(expression.namedGroups()),
      accepts: (text) => expressionFor(text)?.matcher(text).matches() ?? false,
      match: (text) => {
        const fitting = expressionFor(text);
        return fitting && re2Captures(fitting, text);
      },
    },
  };
}

/** What makes a pattern compile to the tables of all of Unicode: characters beyond ASCII, or upper for lower case. */
const COSTLY = /[^\0-\x7f]|\(\?[a-zA-Z-]*i/;

/**
 * How many classes such as `\w` or `\p{L}` a pattern has, each of which may compile to large tables; twice as many
 * where they take twice the time.
 */
export function countClasses(source: string): number {
  const classes = source.includes("\\") ? (source.match(/\\[dDwWsSpP]/g)?.length ?? 0) : 0;
  return classes > 0 && COSTLY.test(source) ? 2 * classes : classes;
}

function compile(source: string): CompiledPattern {
  if (source.length > MAXIMUM_PATTERN) {
    return { problem: `has ${source.length} characters, more than the ${MAXIMUM_PATTERN} allowed` };
  }
  if (countClasses(source) > PATTERN_CLASSES) {
    return { problem: `has more than ${PATTERN_CLASSES} classes such as \\w; use one like [a-z ] instead` };
  }
  return compileLinear(source);
}

/** How many compiled patterns are remembered, of about 8 KiB each; scripts of one model have many in common. */
const REMEMBERED = 2000;
/** In the order in which they were used last, so that the first is the one to forget. */
const remembered = new Map<string, CompiledPattern>();

/** Compiles a pattern in Python's syntax for matching in bounded time. */
export function compilePattern(source: string): CompiledPattern {
  const compiled = remembered.get(source) ?? compile(source);
  remembered.delete(source);
  remembered.set(source, compiled);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value ?? source);
  return compiled;
}

const LITERAL_START = /^[A-Za-z0-9 _,:;'"-]*/;

/** Whether the pattern has alternatives outside of all groups. */
function hasAlternatives(source: string): boolean {
  let depth = 0;
  let isInClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === "\\") at += 1;
    else if (isInClass) isInClass = character !== "]";
    else if (character === "[") {
      isInClass = true;
      // A "]" that comes first stands for itself.
      at += /^\^?\]?/.exec(source.slice(at + 1, at + 3))?.[0].length ?? 0;
    } else if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    else if (character === "|" && depth === 0) return true;
  }
  return false;
}

/** The literal text with which every text that the pattern accepts begins; it often decides alone. */
export function literalStart(source: string): string {
  const start = LITERAL_START.exec(source)?.[0] ?? "";
  if (start === "" || (source.includes("|") && hasAlternatives(source))) return "";
  // The last character may be optional.
  return /[?*{]/.test(source.charAt(start.length)) ? start.slice(0, -1) : start;
}
