import { RE2JS } from "re2js";
import { pythonToRe2 } from "./python-to-re2.ts";
import { isTriable, readSimplePattern, type SimplePattern } from "./simple-pattern.ts";

/** How long a pattern may be, in characters, and how many instructions it may compile to. */
export const MAXIMUM_PATTERN = 1000;
export const MAXIMUM_PROGRAM = 400;
/** How many classes of Unicode such as `\w` a pattern may have; each compiles to large tables in RE2. */
export const MAXIMUM_CLASSES = 20;
/** How long an action is, usually; a pattern that would be left to RE2 at that length is left to it at once. */
const USUAL_LENGTH = 40;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const IS_ASCII = /^[\u0000-\u007f]*$/;

/** What a pattern captured from a text. */
export interface Captures {
  readonly named: ReadonlyMap<string, string>;
  /** All capturing groups in order; undefined for a group that took no part in the match. */
  readonly groups: readonly (string | undefined)[];
}

/** A pattern whose matching takes a bounded time. */
export interface Pattern {
  /** Bounds the work of a match: `size * text.length`. */
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

type Match = (text: string) => Captures | undefined;

/** Compiles for RE2, which matches in time linear in the text, whatever the pattern. Throws RE2's error. */
function compileRe2(source: string, isAscii: boolean): { readonly expression: RE2JS; readonly match: Match } {
  const expression = RE2JS.compile(pythonToRe2(source, isAscii));
  const isTooLarge = expression.programSize() > MAXIMUM_PROGRAM;
  return { expression, match: (text) => (isTooLarge ? undefined : re2Captures(expression, text)) };
}

function nativeCaptures(
  expression: RegExp,
  groups: SimplePattern["groups"],
  text: string,
): Captures | undefined {
  const match = expression.exec(text);
  if (match === null) return undefined;
  const named = new Map<string, string>();
  groups.forEach((name, index) => {
    const captured = match[index + 1];
    if (name !== undefined && captured !== undefined) named.set(name, captured);
  });
  return { named, groups: match.slice(1) };
}

/** Matches with V8's engine, ten times as fast as RE2, while a text is short enough that it cannot run away. */
function simpleMatch(source: string, simple: SimplePattern, isAscii: boolean): Match {
  const expression = new RegExp(simple.source, "u");
  let linear: Match | undefined;
  return (text) => {
    if (isTriable(simple, text.length)) return nativeCaptures(expression, simple.groups, text);
    linear ??= compileRe2(source, isAscii).match;
    return linear(text);
  };
}

/** A match that is right for ASCII at once, and compiles the one for all of Unicode when a text needs it. */
function forAllTexts(ascii: Match, unicode: () => Match): Match {
  let other: Match | undefined;
  return (text) => {
    if (IS_ASCII.test(text)) return ascii(text);
    other ??= unicode();
    return other(text);
  };
}

function compileSimple(source: string, simple: SimplePattern): Pattern {
  const unicode = (): Match => {
    const wide = readSimplePattern(source, false);
    return wide === undefined ? () => undefined : simpleMatch(source, wide, false);
  };
  return {
    size: source.length,
    names: simple.groups.flatMap((name) => name ?? []),
    match: forAllTexts(simpleMatch(source, simple, true), unicode),
  };
}

function compileLinear(source: string): CompiledPattern {
  let compiled: ReturnType<typeof compileRe2>;
  try {
    compiled = compileRe2(source, true);
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    return { problem: `is not a regular expression without lookaround and backreferences: ${words}` };
  }
  const size = compiled.expression.programSize();
  if (size > MAXIMUM_PROGRAM) {
    return { problem: "is too large: use + or * instead of counted repetitions such as {1,100}" };
  }
  const match = forAllTexts(compiled.match, () => compileRe2(source, false).match);
  return { pattern: { size, names: Object.keys(compiled.expression.namedGroups()), match } };
}

/** How many classes such as `\w` or `\p{L}` a pattern has, each of which may compile to large tables. */
export function countClasses(source: string): number {
  return source.match(/\\[dDwWsSpP]/g)?.length ?? 0;
}

function compile(source: string): CompiledPattern {
  if (source.length > MAXIMUM_PATTERN) {
    return { problem: `has ${source.length} characters, more than the ${MAXIMUM_PATTERN} allowed` };
  }
  if (countClasses(source) > MAXIMUM_CLASSES) {
    return { problem: `has more than ${MAXIMUM_CLASSES} classes such as \\w; use one like [a-z ] instead` };
  }
  const simple = readSimplePattern(source, true);
  return simple !== undefined && isTriable(simple, USUAL_LENGTH)
    ? { pattern: compileSimple(source, simple) }
    : compileLinear(source);
}

/** How many compiled patterns are remembered; scripts of one model have many in common. */
const REMEMBERED = 1000;
const remembered = new Map<string, CompiledPattern>();

/** Compiles a pattern in Python's syntax for matching in bounded time. */
export function compilePattern(source: string): CompiledPattern {
  const known = remembered.get(source);
  if (known !== undefined) return known;
  if (remembered.size >= REMEMBERED) remembered.clear();
  const compiled = compile(source);
  remembered.set(source, compiled);
  return compiled;
}

const LITERAL_START = /^[A-Za-z0-9 _,:;'"-]*/;

/** Whether the pattern has alternatives outside of all groups. */
function hasAlternatives(source: string): boolean {
  const outside = source.replace(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/g, "");
  let depth = 0;
  for (const character of outside) {
    if (character === "(") depth += 1;
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
  return /^[?*{]/.test(source.slice(start.length)) ? start.slice(0, -1) : start;
}
