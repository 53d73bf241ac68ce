import { resolve } from "node:path";
import { loadPrices, type Price, priceOf, priceSchema } from "../../model/prices.ts";
import type { Session } from "../run/session.ts";

/**
 * The price that a run's costs are counted with: the one given, else that of the list given, else the one the run
 * was started with, else that of the shipped list. `directory` is where a relative path begins. Undefined when it is
 * not known. Throws AgentRefineError.
 */
export async function priceOfRun(
  model: string,
  { options }: Session,
  savedPrice: unknown,
  directory: string,
): Promise<Price | undefined> {
  if (options.price !== undefined) return { cachedPrompt: options.price.prompt, ...options.price };
  const earlier = priceSchema.safeParse(savedPrice);
  if (options.prices === undefined && earlier.success) return earlier.data;
  const list = options.prices === undefined ? undefined : resolve(directory, options.prices);
  return priceOf(await loadPrices(list), model);
}
