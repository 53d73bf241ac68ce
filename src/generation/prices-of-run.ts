import type { RunDriving } from "../config/driving.ts";
import { OFFLINE, type RunSettings } from "../config/run-settings.ts";
import { ownValue } from "../model/call.ts";
import type { CostOf, Price } from "../model/money.ts";
import { costWith, FREE, priceOfRun } from "../model/run-model.ts";
import { drivingOfWriter } from "./driving.ts";

/** The names of the models that write for a run. */
export function namesIn({ model, writers }: RunSettings): readonly string[] {
  return writers === undefined ? [model.name] : Object.keys(writers);
}

/** What the models of a run cost. */
export interface RunPrices {
  readonly priceOf: (name: string) => Price | undefined;
  readonly costOf: CostOf;
  /** What is kept of it: the price of the one model, or those of several by name. */
  readonly saved: Price | Readonly<Record<string, Price>> | undefined;
}

/** The prices that a run's costs are counted with; the built-in author is free. Throws AgentRefineError. */
export async function pricesOf(
  settings: RunSettings,
  driving: RunDriving,
  saved: unknown,
  directory: string,
): Promise<RunPrices> {
  const { model, writers } = settings;
  const prices = new Map<string, Price>();
  for (const name of namesIn(settings)) {
    const [own, before] =
      writers === undefined
        ? [driving, saved]
        : [drivingOfWriter(settings, driving, name), ownValue(saved, name)];
    const price = name === OFFLINE ? FREE : await priceOfRun(name, own, before, directory);
    if (price !== undefined) prices.set(name, price);
  }
  const priceOf = (name: string): Price | undefined => prices.get(name);
  return {
    priceOf,
    costOf: (usage, name = model.name) => costWith(priceOf(name))(usage),
    saved: writers === undefined ? priceOf(model.name) : Object.fromEntries(prices),
  };
}
