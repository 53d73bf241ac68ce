import type { ChatModel } from "./chat-model.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Ledger } from "./ledger.ts";
import { limitedModel } from "./limited-model.ts";
import type { Limiter } from "./limiter.ts";
import { type MeterOptions, meteredModel } from "./metered-model.ts";
import { DEFAULT_SCHEDULE, persistentModel, type RetrySchedule } from "./persistent-model.ts";

/** What {@link stackModel} puts around a model. */
export interface StackOptions extends MeterOptions {
  readonly limiter: Limiter;
  readonly ledger: Ledger;
  /** Seeds the spread of the waits between attempts. */
  readonly seed: number | string;
  readonly schedule?: RetrySchedule;
  readonly clock?: Clock;
}

/**
 * A model fit for a run, from outside to inside: a call is repeated; each attempt is paid for; each paid
 * attempt waits for its turn. So the cap covers every attempt, a call that waits for money or to be repeated
 * holds no place, and the limiter's latencies are the provider's alone.
 */
export function stackModel(model: ChatModel, options: StackOptions): ChatModel {
  const limited = limitedModel(model, options.limiter);
  const metered = meteredModel(limited, options.ledger, options);
  const { schedule = DEFAULT_SCHEDULE, clock = systemClock, seed } = options;
  return persistentModel(metered, { schedule, clock, seed });
}
