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

/** Compiles a label's regular expression. Lookaround and backreferences cannot be matched in linear time. */
export function compileLabelPattern(source: string): CompiledLabelPattern {
  if (source.length > LONGEST) {
    return { problem: `the pattern has ${source.length} characters, more than ${LONGEST}` };
  }
  try {
    const expression = RE2JS.compile(pythonToRe2(source, false, true));
    if (expression.programSize() > MOST_INSTRUCTIONS)
      return { problem: `the pattern ${source} is too large` };
    return { pattern: { source, occursIn: (text) => expression.matcher(text).find() } };
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    return { problem: `the pattern ${source} cannot be read: ${words}` };
  }
}
