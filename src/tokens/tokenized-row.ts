import type { ParquetTable } from "../dataset/write-parquet.ts";
import type { TextTokenizer } from "./text-tokenizer.ts";

/** The label of a token that is not in the loss; PyTorch, LLaMA-Factory, TRL and axolotl agree on it. */
export const IGNORED = -100;

export interface TokenizedRow {
  readonly ids: Int32Array;
  /** For each token its id when it belongs to a correct player turn (Eq. 1), else {@link IGNORED}. */
  readonly labels: Int32Array;
}

export type DropReason = "no-supervised-turn" | "too-long" | "special-token";

/** What an example becomes that can be tokenised rightly. */
export type TokenizedExample =
  | { readonly code: "row"; readonly row: TokenizedRow; readonly wasCut: boolean }
  | { readonly code: "dropped"; readonly reason: DropReason };

export type Tokenized =
  | TokenizedExample
  /** The tokens of the parts differ from those of the whole text; `near` is the text around the first difference. */
  | { readonly code: "mismatch"; readonly near: string };

export interface TokenizedTally {
  readonly rows: number;
  /** Rows of which turns at the end were cut because of the limit of tokens. */
  readonly cut: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly tokens: number;
  /** Tokens in the loss. */
  readonly supervised: number;
  readonly longest: number;
}

/** The tally of nothing, from which a fold begins. */
export const NOTHING_TOKENIZED: TokenizedTally = {
  rows: 0,
  cut: 0,
  dropped: { "no-supervised-turn": 0, "too-long": 0, "special-token": 0 },
  tokens: 0,
  supervised: 0,
  longest: 0,
};

export function addTokenized(tally: TokenizedTally, tokenized: TokenizedExample): TokenizedTally {
  if (tokenized.code === "dropped") {
    const { reason } = tokenized;
    return { ...tally, dropped: { ...tally.dropped, [reason]: tally.dropped[reason] + 1 } };
  }
  const { ids, labels } = tokenized.row;
  return {
    ...tally,
    rows: tally.rows + 1,
    cut: tally.cut + (tokenized.wasCut ? 1 : 0),
    tokens: tally.tokens + ids.length,
    supervised: tally.supervised + labels.reduce((sum, label) => sum + (label === IGNORED ? 0 : 1), 0),
    longest: Math.max(tally.longest, ids.length),
  };
}

/**
 * A tokenised row as the engines read it, with exactly these three columns: any other breaks LLaMA-Factory. Nothing is
 * padded, so the mask is 1 everywhere.
 */
export function tokenizedColumns({ ids, labels }: TokenizedRow) {
  return {
    input_ids: Array.from(ids),
    attention_mask: new Array<number>(ids.length).fill(1),
    labels: Array.from(labels),
  };
}

const COLUMNS = ["input_ids", "attention_mask", "labels"] as const;

/** The Parquet schema of {@link tokenizedColumns}: three columns list<int32>. */
export const TOKENIZED_TABLE: ParquetTable = {
  columns: COLUMNS,
  schema: [
    { name: "schema", num_children: COLUMNS.length },
    ...COLUMNS.flatMap((name): ParquetTable["schema"] => [
      { name, converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "INT32", repetition_type: "OPTIONAL" },
    ]),
  ],
  rowsPerGroup: 100,
};

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
