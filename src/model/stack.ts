import { Activity } from "./activity.ts";
import { type ChatModel, type ChatReply, turnOptions } from "./chat-model.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Ledger, type MeterOptions, meteredModel } from "./ledger.ts";
import type { Limiter } from "./limiter.ts";
import { DEFAULT_SCHEDULE, type RetrySchedule, retryingModel } from "./retrying.ts";
import type { Note } from "./server-limits.ts";

/** What {@link stackModel} puts around a model. */
export interface StackOptions extends MeterOptions {
  readonly limiter: Limiter;
  readonly ledger: Ledger;
  /** Seeds the jitter of the waits between attempts. */
  readonly seed: number | string;
  readonly schedule?: RetrySchedule;
  readonly clock?: Clock;
  /** Counts what the calls do; a new one when not given. */
  readonly activity?: Activity;
  /** Told, each once, of what the user should know of the server. */
  readonly note?: Note;
}

/**
 * A model fit for a run, from outside to inside: a call is retried; each attempt is paid for; each paid
 * attempt waits for its turn. So the cap covers every attempt, a call that waits for money or to be retried
 * holds no place, and only calls on the wire count as running.
 */
export function stackModel(model: ChatModel, options: StackOptions): ChatModel {
  const { schedule = DEFAULT_SCHEDULE, clock = systemClock, seed } = options;
  const { activity = new Activity(clock), note } = options;
  const limited = limitedModel(model, options.limiter, activity);
  const metered = meteredModel(limited, options.ledger, options);
  return retryingModel(metered, {
    schedule,
    clock,
    seed,
    activity,
    ...(note === undefined ? {} : { note }),
  });
}

/**
 * A model whose calls wait for their turn in `limiter`, which several models of one provider may share, and are
 * counted in `activity` while they are on the wire.
 */
export function limitedModel(model: ChatModel, limiter: Limiter, activity: Activity): ChatModel {
  return {
    name: model.name,
    chat: (request, options = {}) => {
      const call = (): Promise<ChatReply> =>
        activity.track((sign) => {
          const progress = (characters: number): void => {
            sign(characters);
            options.progress?.(characters);
          };
          return model.chat(request, { ...options, progress });
        });
      return limiter.run(call, turnOptions(options));
    },
  };
}
