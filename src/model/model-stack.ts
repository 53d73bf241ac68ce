import { Activity } from "./activity.ts";
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
  /** Counts what the calls do; a new one when not given. */
  readonly activity?: Activity;
}

/**
 * A model fit for a run, from outside to inside: a call is repeated; each attempt is paid for; each paid
 * attempt waits for its turn. So the cap covers every attempt, a call that waits for money or to be repeated
 * holds no place, and only calls on the wire count as running.
 */
export function stackModel(model: ChatModel, options: StackOptions): ChatModel {
  const { schedule = DEFAULT_SCHEDULE, clock = systemClock, seed } = options;
  const { activity = new Activity(clock) } = options;
  const limited = limitedModel(model, options.limiter, activity);
  const metered = meteredModel(limited, options.ledger, options);
  return persistentModel(metered, { schedule, clock, seed, activity });
}
