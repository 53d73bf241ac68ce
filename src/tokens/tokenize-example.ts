import type { TrainingExample } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";
import { type OpenTemplate, openTemplate, type RenderedTurn, type TemplateName } from "./template.ts";
import { openTokenizer, type TextTokenizer } from "./text-tokenizer.ts";
import { IGNORED, type Tokenized, type TokenizedExample, type TokenizedRow } from "./tokenized-row.ts";
import { readTokenizerFolder, type TokenizerFolder } from "./tokenizer-folder.ts";

export interface OpenJob {
  readonly folder: TokenizerFolder;
  readonly tokenizer: TextTokenizer;
  readonly template: OpenTemplate;
  /** The most tokens of a row (App. D: 8192, 4096 for 70B models). */
  readonly maxTokens: number;
}

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
  { tokenizer, template, maxTokens }: Omit<OpenJob, "folder">,
): Tokenized {
  if (example.messages.some(({ content }) => tokenizer.specialIn(content) !== undefined)) {
    return { code: "dropped", reason: "special-token" };
  }
  const rendered = upToSupervised(template.render(example.messages));
  if (rendered.length === 0) return { code: "dropped", reason: "no-supervised-turn" };
  const turns = rendered.map((turn) => encoded(tokenizer, turn));
  const near = mismatchNear(tokenizer, rendered, rowOf(turns).ids);
  if (near !== undefined) return { code: "mismatch", near };
  const kept = upToSupervised(fitting(turns, maxTokens));
  if (kept.length === 0) return { code: "dropped", reason: "too-long" };
  return { code: "row", row: rowOf(kept), wasCut: kept.length < turns.length };
}

export interface TokenizeJob {
  readonly tokenizer: string;
  readonly template: TemplateName;
  /** The most tokens of a row (App. D: 8192, 4096 for 70B models). */
  readonly maxTokens: number;
}

/**
 * Opens what a job names.
 *
 * @throws AgentRefineError when the tokenizer cannot be read or does not fit the template
 */
export async function openJob({ tokenizer, template, maxTokens }: TokenizeJob): Promise<OpenJob> {
  const folder = await readTokenizerFolder(tokenizer);
  const opened = openTokenizer(folder);
  return { folder, tokenizer: opened, template: openTemplate(template, folder, opened), maxTokens };
}

/**
 * Tokenises examples in order, one after the other.
 *
 * @throws AgentRefineError when the tokens of an example's parts are not those of its whole text
 */
export async function* tokenizeExamples(
  examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>,
  job: OpenJob,
): AsyncGenerator<TokenizedExample> {
  for await (const example of examples) {
    const tokenized = tokenizeExample(example, job);
    if (tokenized.code === "mismatch") {
      throw new AgentRefineError(
        `in row ${example.id}, context and answer share a token near ${JSON.stringify(tokenized.near)}`,
        { fix: "Use the template that belongs to this tokenizer, or another tokenizer." },
      );
    }
    yield tokenized;
  }
}
