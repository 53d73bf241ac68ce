/** The label of a token that is not in the loss; PyTorch, LLaMA-Factory, TRL and axolotl agree on it. */
export const IGNORED = -100;

/** A training example as tokens. */
export interface TokenizedRow {
  /** The tokens of the conversation. */
  readonly ids: Int32Array;
  /** For each token its id when it belongs to a correct player turn (Eq. 1), else {@link IGNORED}. */
  readonly labels: Int32Array;
}

/** Why an example gives no row. */
export type DropReason = "no-supervised-turn" | "too-long" | "special-token";

/** What tokenising an example comes to. */
export type Tokenized =
  | { readonly code: "row"; readonly row: TokenizedRow; readonly wasCut: boolean }
  | { readonly code: "dropped"; readonly reason: DropReason }
  /** The tokens of the parts differ from those of the whole text; `near` is the text around the first difference. */
  | { readonly code: "mismatch"; readonly near: string };

/** What was tokenised, cut and dropped. */
export interface TokenizedTally {
  readonly rows: number;
  /** Rows of which turns at the end were cut because of the limit of tokens. */
  readonly cut: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly tokens: number;
  /** Tokens in the loss. */
  readonly supervised: number;
  /** The tokens of the longest row. */
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

function supervisedTokens(labels: Int32Array): number {
  let count = 0;
  for (const label of labels) if (label !== IGNORED) count += 1;
  return count;
}

/** The tally with one more example. */
export function addTokenized(tally: TokenizedTally, tokenized: Tokenized): TokenizedTally {
  if (tokenized.code === "mismatch") return tally;
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
    supervised: tally.supervised + supervisedTokens(labels),
    longest: Math.max(tally.longest, ids.length),
  };
}
