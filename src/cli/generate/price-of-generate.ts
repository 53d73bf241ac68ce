import { OFFLINE } from "../../config/run-settings.ts";
import type { Price } from "../../model/prices.ts";
import { priceOfRun } from "../model/price-of-run.ts";
import type { Session } from "../run/session.ts";

const FREE: Price = { prompt: 0, cachedPrompt: 0, completion: 0 };

/** The price of a run's model: see {@link priceOfRun}. The built-in author is free. */
export async function priceOfGenerate(
  model: string,
  session: Session,
  savedPrice: unknown,
  directory: string,
): Promise<Price | undefined> {
  return model === OFFLINE ? FREE : priceOfRun(model, session, savedPrice, directory);
}
