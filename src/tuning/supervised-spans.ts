import type { TextTokenizer } from "./text-tokenizer.ts";
import { IGNORED, type TokenizedRow } from "./tokenized-row.ts";

/** A stretch of tokens that are all trained or all not. */
export interface TokenSpan {
  /** The text of the tokens, special ones included, decoded from the ids that the engine is given. */
  readonly text: string;
  readonly isSupervised: boolean;
  readonly tokens: number;
}

/** The stretches of a row in order, for a person who wants to see what is trained. */
export function supervisedSpans(
  { ids, labels }: TokenizedRow,
  tokenizer: TextTokenizer,
): readonly TokenSpan[] {
  const spans: TokenSpan[] = [];
  let start = 0;
  for (let at = 1; at <= ids.length; at += 1) {
    const isSupervised = labels[start] !== IGNORED;
    if (at < ids.length && (labels[at] !== IGNORED) === isSupervised) continue;
    spans.push({ text: tokenizer.decode([...ids.subarray(start, at)]), isSupervised, tokens: at - start });
    start = at;
  }
  return spans;
}
