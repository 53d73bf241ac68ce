import { type ChatModel, type ChatReply, turnOptions } from "./chat-model.ts";
import { type Ledger, type MeterOptions, meteredModel } from "./ledger.ts";
import { type Clock, type Limiter, systemClock } from "./limiter.ts";
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

/**
 * What the calls of a run are doing now and have met with, for the panel, the log and the summary. What was
 * throttled, the limiter counts (see `LimiterSnapshot`).
 */
export interface CallActivity {
  /** Calls on the wire now. */
  readonly running: number;
  /** Attempts that were made again after one that failed, so far. */
  readonly retried: number;
  /** Calls that wait now to be made again, and the failure that came last. */
  readonly retrying: number;
  readonly lastFailure?: string;
  /**
   * Milliseconds since any call on the wire last brought text or reasoning, or since the first of those that run
   * was sent when none has brought any; 0 when none runs.
   */
  readonly silentFor: number;
  /** Characters, reasoning included, that the calls on the wire have brought so far. */
  readonly streamedCharacters: number;
}

/** Counts what the calls of a run do. */
export class Activity {
  readonly #clock: Clock;
  #running = 0;
  #retried = 0;
  #retrying = 0;
  #lastFailure: string | undefined;
  #lastSign = 0;
  #streamed = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call while it is on the wire; `sign` tells it how many characters have just come. */
  async track<Value>(call: (sign: (characters: number) => void) => Promise<Value>): Promise<Value> {
    if (this.#running === 0) this.#lastSign = this.#clock.now();
    this.#running += 1;
    let brought = 0;
    try {
      return await call((characters) => {
        brought += characters;
        this.#streamed += characters;
        this.#lastSign = this.#clock.now();
      });
    } finally {
      this.#running -= 1;
      this.#streamed -= brought;
    }
  }

  /** Counts a call as one to be made again, while it waits for that. */
  async retry<Value>(failure: string, wait: () => Promise<Value>): Promise<Value> {
    this.#retrying += 1;
    this.#lastFailure = failure;
    try {
      const value = await wait();
      this.#retried += 1;
      return value;
    } finally {
      this.#retrying -= 1;
    }
  }

  /** What the calls are doing now. */
  snapshot(): CallActivity {
    return {
      running: this.#running,
      retried: this.#retried,
      retrying: this.#retrying,
      ...(this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure }),
      silentFor: this.#running === 0 ? 0 : this.#clock.now() - this.#lastSign,
      streamedCharacters: this.#streamed,
    };
  }
}
