import { isBatched, type RunSettings } from "../../config/run-settings.ts";
import { ANTHROPIC_DISCOUNT, discountAt } from "../../model/batch/batch-providers.ts";
import { batchPrice, type Price } from "../../model/prices.ts";
import { likelyProvider } from "../../model/providers.ts";
import { dollars } from "../../numbers.ts";
import { type CostEstimate, estimateBatches, type RehearsedCall } from "../../synthesis/rehearsal.ts";
import type { Row } from "../terminal/table.ts";

/** What the batch service of a run asks of the price of a live call. */
function discountOf({ model, batchFiles }: RunSettings): number {
  if (batchFiles !== undefined) return 1;
  const { baseUrl, provider = likelyProvider({ baseUrl, model: model.name }) } = model;
  return provider === "anthropic" ? ANTHROPIC_DISCOUNT : discountAt(baseUrl);
}

/** What a run may cost in batches, in dollars; undefined for one that is asked live, or whose price is not known. */
export function batchesOf(
  settings: RunSettings,
  calls: readonly RehearsedCall[],
  price: Price | undefined,
  personas: number,
): number | undefined {
  if (price === undefined || !isBatched(settings)) return undefined;
  return estimateBatches(calls, batchPrice(price, discountOf(settings)), personas);
}

/** What a run costs in batches, and whether that is the cheaper way. */
export function batchRows(inBatches: number | undefined, live: CostEstimate | undefined): readonly Row[] {
  if (inBatches === undefined || live === undefined) return [];
  const isDearer = inBatches >= live.total;
  return [
    ["In batches", `about ${dollars(inBatches)}`, "for all: no cache counted, no reply stopped at a fault"],
    ...(isDearer
      ? [["", "", `dearer than live (about ${dollars(live.total)}), where prompts are cached`] as const]
      : []),
  ];
}
