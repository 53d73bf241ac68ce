import { randomFor } from "../random.ts";
import {
  ChatError,
  type ChatModel,
  type ChatOptions,
  type ChatReply,
  type ChatRequest,
  isRepeatable,
  isStarting,
  totalUsage,
  turnOptions,
  type Usage,
  waitSignal,
  withUsage,
} from "./chat-model.ts";
import { type Clock, type Limiter, systemClock } from "./limiter.ts";
import { type Ledger, type MeterOptions, meteredModel } from "./money.ts";
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
  return retryingModel(metered, { schedule, clock, seed, activity, note });
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

/** How often and how soon a broken call is retried. */
interface RetrySchedule {
  /** Attempts in all, the first included; 1 never retries. */
  readonly attempts: number;
  /** The wait before the second attempt, in milliseconds; it doubles with each further one. */
  readonly firstWait: number;
  /** The longest wait of our own making; what the provider asks for may be longer. */
  readonly longestWait: number;
  /**
   * Milliseconds for which a server that refuses connections or says that it is not ready (503) is waited for before
   * such attempts count, since models take minutes to load; 0 when not given.
   */
  readonly patience?: number;
}

/** Six attempts, waiting about 1, 2, 4, 8 and 16 seconds, and five minutes for a server that is starting. */
export const DEFAULT_SCHEDULE: RetrySchedule = {
  attempts: 6,
  firstWait: 1000,
  longestWait: 60_000,
  patience: 300_000,
};

/** The longest wait for a server that is starting, in milliseconds. */
const LONGEST_LOOK = 15_000;

/**
 * The wait after attempt number `attempt` (from 1), in milliseconds. `draw` in [0, 1) is the jitter over the upper
 * half of its range, so that calls that broke together do not come back together.
 */
export function waitAfter(schedule: RetrySchedule, attempt: number, draw: number): number {
  const full = Math.min(schedule.longestWait, schedule.firstWait * 2 ** (attempt - 1));
  return full * (0.5 + draw / 2);
}

interface RetryOptions {
  readonly schedule: RetrySchedule;
  readonly clock: Clock;
  /** Seeds the jitter of the waits. */
  readonly seed: number | string;
  /** Where retries are counted. */
  readonly activity?: Activity;
  /** Told once when a server that is starting is waited for. */
  readonly note?: Note | undefined;
}

/**
 * A model that retries a call which broke for a passing reason, with a new watch each time. It waits as long as
 * the provider asks, or longer. What broken attempts bought is counted into the reply's usage, and into the
 * usage of the error after the last attempt, which is also the error of a wait that `stop` ends.
 */
export function retryingModel(model: ChatModel, options: RetryOptions): ChatModel {
  const { schedule, clock, activity = new Activity(clock), note = () => {} } = options;
  const draws = randomFor(options.seed, "retry-waits");
  let say: Note | undefined = note;

  const chat = async (request: ChatRequest, chatOptions: ChatOptions = {}): Promise<ChatReply> => {
    const attempts = new Attempts(schedule, clock);
    const bought: Usage[] = [];
    for (;;) {
      const outcome = await attemptCall(model, request, chatOptions);
      if (outcome.usage !== undefined) bought.push(outcome.usage);
      if ("finish" in outcome) return { ...outcome, usage: totalUsage(bought) };
      const wait = attempts.waitAfter(outcome, draws.next());
      if (wait === undefined) throw withBought(outcome, bought, attempts.made);
      if (attempts.isWaiting) {
        say?.(
          `Waiting up to ${(schedule.patience ?? 0) / 60_000} minutes for the server: ${outcome.message}.`,
        );
        say = undefined;
      }
      await activity
        .retry(outcome.message, () => clock.sleep(wait, waitSignal(chatOptions)))
        .catch((reason: unknown) => {
          throw endOfWait(reason, withBought(outcome, bought, 1), chatOptions);
        });
    }
  };
  return { name: model.name, chat };
}

/** The attempts of one call. Those that met a server that is starting count only once patience is at its end. */
class Attempts {
  /** Attempts so far. */
  made = 0;
  /** Whether the last attempt met a server that is starting and is waited for. */
  isWaiting = false;
  readonly #schedule: RetrySchedule;
  readonly #clock: Clock;
  readonly #began: number;
  #counted = 0;

  constructor(schedule: RetrySchedule, clock: Clock) {
    this.#schedule = schedule;
    this.#clock = clock;
    this.#began = clock.now();
  }

  /** How long to wait after an attempt that failed, in milliseconds; undefined when it was the last. */
  waitAfter(failure: ChatError, draw: number): number | undefined {
    const { attempts, patience = 0 } = this.#schedule;
    this.made += 1;
    const isPatient = attempts > 1 && this.#clock.now() - this.#began < patience;
    this.isWaiting = isPatient && isStarting(failure);
    if (!this.isWaiting) this.#counted += 1;
    if (!isRepeatable(failure) || this.#counted >= attempts) return undefined;
    const own = waitAfter(this.#schedule, this.isWaiting ? this.made : this.#counted, draw);
    return Math.max(this.isWaiting ? Math.min(own, LONGEST_LOOK) : own, failure.retryAfter ?? 0);
  }
}

/** The error with all that was bought and how often it was tried. */
function withBought(error: ChatError, bought: readonly Usage[], attempts: number): ChatError {
  const message = attempts > 1 ? `${error.message}; tried ${attempts} times` : error.message;
  if (bought.length === 0 && attempts === 1) return error;
  return withUsage(error, bought.length === 0 ? undefined : totalUsage(bought), message);
}

/** What the end of a wait is told with: the reason of `stop` alone would take what was bought out of the account. */
function endOfWait(reason: unknown, failure: ChatError, { signal }: ChatOptions): unknown {
  return failure.usage === undefined || signal?.aborted === true ? reason : failure;
}

/** A reply, or the error that stands in its place; anything else is thrown. */
async function attemptCall(
  model: ChatModel,
  request: ChatRequest,
  options: ChatOptions,
): Promise<ChatReply | ChatError> {
  try {
    return await model.chat(request, options);
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
}
