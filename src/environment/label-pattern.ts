import { RE2JS } from "re2js";
import { pythonToRe2 } from "../python-to-re2.ts";

/** A regular expression of a label in Python's syntax, matched in time linear in the text. */
export interface LabelPattern {
  readonly source: string;
  /** Whether it matches anywhere in the text, as Python's `re.search` does. */
  occursIn(text: string): boolean;
}

/** A compiled pattern, or in words why it cannot be used. */
export type CompiledLabelPattern =
  | { readonly pattern: LabelPattern; readonly problem?: undefined }
  | { readonly pattern?: undefined; readonly problem: string };

/** A label is a line that someone wrote; a longer pattern than this is no label. */
const LONGEST = 2000;
const MOST_INSTRUCTIONS = 20_000;

/** A part of a pattern with the place after it: an escaped character, a class, or any other character. */
const PART = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|./sy;

/** Where the group that begins at a place ends; undefined when it does not. */
function groupEnd(source: string, begin: number): number | undefined {
  let depth = 0;
  PART.lastIndex = begin;
  for (let part = PART.exec(source)?.[0]; part !== undefined; part = PART.exec(source)?.[0]) {
    if (part === "(") depth += 1;
    if (part === ")") depth -= 1;
    if (depth === 0) return PART.lastIndex;
  }
  return undefined;
}

/**
 * A pattern as others that must all match from the beginning of the text: AgentBoard's labels of ALFWorld say so with
 * lookaheads, as `^(?=.* you see)(?=.*a mug \d+)`, of which the engine has none. Undefined for a pattern of another
 * form.
 */
function conjunction(source: string): readonly string[] | undefined {
  if (!source.startsWith("^(?=")) return undefined;
  const parts: string[] = [];
  let rest = source.slice(1);
  while (rest.startsWith("(?=")) {
    const end = groupEnd(rest, 0);
    if (end === undefined) return undefined;
    parts.push(rest.slice("(?=".length, end - 1));
    rest = rest.slice(end);
  }
  // What follows may be no quantifier, and no other branch, to which the beginning would not belong.
  return /^[*+?{]|\|/.test(rest) ? undefined : [...parts, rest].map((part) => `^(?:${part})`);
}

/** Compiles a label's regular expression. Other lookaround and backreferences cannot be matched in linear time. */
export function compileLabelPattern(source: string): CompiledLabelPattern {
  if (source.length > LONGEST) {
    return { problem: `the pattern has ${source.length} characters, more than ${LONGEST}` };
  }
  try {
    const all = (conjunction(source) ?? [source]).map((part) =>
      RE2JS.compile(pythonToRe2(part, false, true)),
    );
    if (all.reduce((sum, each) => sum + each.programSize(), 0) > MOST_INSTRUCTIONS) {
      return { problem: `the pattern ${source} is too large` };
    }
    return { pattern: { source, occursIn: (text) => all.every((each) => each.matcher(text).find()) } };
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    return { problem: `the pattern ${source} cannot be read: ${words}` };
  }
}
