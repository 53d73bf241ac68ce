import type { TrainingExample } from "../dataset/training-example.ts";
import type { Render, RenderedTurn } from "./render.ts";
import type { TextTokenizer } from "./text-tokenizer.ts";
import { IGNORED, type Tokenized, type TokenizedRow } from "./tokenized-row.ts";

/** What an example is tokenised with. */
export interface TokenizeSettings {
  readonly tokenizer: TextTokenizer;
  readonly render: Render;
  /** The most tokens of a row (App. D: 8192, 4096 for 70B models). */
  readonly maxTokens: number;
}

/** A turn as tokens. */
interface EncodedTurn {
  readonly source: readonly number[];
  readonly target: readonly number[];
  readonly tail: readonly number[];
  readonly loss: boolean;
}

/** How many tokens on either side of a difference are shown. */
const SHOWN = 6;

function encoded(tokenizer: TextTokenizer, { source, target, tail, loss }: RenderedTurn): EncodedTurn {
  const ids = (text: string): readonly number[] => (text === "" ? [] : tokenizer.encode(text));
  return { source: ids(source), target: ids(target), tail: ids(tail), loss };
}

/** The turns up to and with the last one that is trained: what comes after it changes no gradient. */
function upToSupervised<Turn extends { readonly loss: boolean }>(turns: readonly Turn[]): readonly Turn[] {
  return turns.slice(0, turns.findLastIndex(({ loss }) => loss) + 1);
}

function length({ source, target, tail }: EncodedTurn): number {
  return source.length + target.length + tail.length;
}

/** As many whole turns as fit. */
function fitting(turns: readonly EncodedTurn[], maxTokens: number): readonly EncodedTurn[] {
  let tokens = 0;
  const over = turns.findIndex((turn) => {
    tokens += length(turn);
    return tokens > maxTokens;
  });
  return over === -1 ? turns : turns.slice(0, over);
}

/** The row of turns: all their tokens, and as labels those of the answers that are trained. */
function rowOf(turns: readonly EncodedTurn[]): TokenizedRow {
  const size = turns.reduce((sum, turn) => sum + length(turn), 0);
  const ids = new Int32Array(size);
  const labels = new Int32Array(size).fill(IGNORED);
  let at = 0;
  for (const { source, target, tail, loss } of turns) {
    ids.set(source, at);
    ids.set(target, at + source.length);
    if (loss) labels.set(target, at + source.length);
    ids.set(tail, at + source.length + target.length);
    at += source.length + target.length + tail.length;
  }
  return { ids, labels };
}

/** The text around the first token in which the parts differ from the whole, or undefined when they are equal. */
function mismatchNear(
  tokenizer: TextTokenizer,
  turns: readonly RenderedTurn[],
  parts: Int32Array,
): string | undefined {
  const texts = turns.flatMap(({ source, target, tail }) => [source, target, tail]);
  if (tokenizer.joins(texts)) return undefined;
  const whole = tokenizer.encode(texts.join(""));
  const at = whole.findIndex((id, place) => parts[place] !== id);
  if (at === -1 && whole.length === parts.length) return undefined;
  const place = at === -1 ? whole.length : at;
  return tokenizer.decode(whole.slice(Math.max(0, place - SHOWN), place + SHOWN));
}

/**
 * Tokenises an example for Eq. 1: the labels of the correct player turns, their end-of-turn tokens included, are
 * their ids, all others are {@link IGNORED}. The row ends on a trained turn and is cut after one when it is too
 * long. An example whose texts hold a special token is dropped, because it would write turns of its own. Parts are
 * tokenised one by one, so that the border between context and answer is also one between tokens. They must be the
 * tokens of the whole text, which are what a model reads when it is used: where that is not certain from what stands
 * at the borders, the whole is tokenised too and compared.
 */
export function tokenizeExample(
  example: TrainingExample,
  { tokenizer, render, maxTokens }: TokenizeSettings,
): Tokenized {
  if (example.messages.some(({ content }) => tokenizer.specialIn(content) !== undefined)) {
    return { code: "dropped", reason: "special-token" };
  }
  const rendered = upToSupervised(render(example.messages));
  if (rendered.length === 0) return { code: "dropped", reason: "no-supervised-turn" };
  const turns = rendered.map((turn) => encoded(tokenizer, turn));
  const near = mismatchNear(tokenizer, rendered, rowOf(turns).ids);
  if (near !== undefined) return { code: "mismatch", near };
  const kept = upToSupervised(fitting(turns, maxTokens));
  if (kept.length === 0) return { code: "dropped", reason: "too-long" };
  return { code: "row", row: rowOf(kept), wasCut: kept.length < turns.length };
}
