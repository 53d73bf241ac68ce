import type { Usage } from "../model/chat-model.ts";

/** Tokens and money. */
export interface Spending {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** Dollars; null as soon as the price of a part is unknown. */
  readonly cost: number | null;
}

/** What has cost nothing yet. */
export const NOTHING_SPENT: Spending = { promptTokens: 0, cachedTokens: 0, completionTokens: 0, cost: 0 };

/** With one more call, or with all the calls of one more episode. */
export function addSpending(
  spending: Spending,
  { usage, cost }: { readonly usage: Usage; readonly cost: number | null },
): Spending {
  return {
    promptTokens: spending.promptTokens + usage.promptTokens,
    cachedTokens: spending.cachedTokens + usage.cachedTokens,
    completionTokens: spending.completionTokens + usage.completionTokens,
    cost: spending.cost === null || cost === null ? null : spending.cost + cost,
  };
}
