import { addAbortListener } from "node:events";
import { setTimeout as sleepFor } from "node:timers/promises";
import { ChatError, type TurnOptions } from "./chat-model.ts";

/** Between which limits to learn, and how fast. */
export interface LimitBounds {
  /** Calls at once to begin with. */
  readonly start: number;
  /** The most calls at once, ever. */
  readonly maximum: number;
  /** Successes with the limit in use after which it grows by one, once the provider has throttled. */
  readonly growEvery: number;
}

/** What has been learnt about how many calls may run at once. */
export interface LimitState {
  /** Calls that may run at once; at least 1. */
  readonly limit: number;
  /** How often the limit was lowered. A call that began before the last time says nothing new. */
  readonly generation: number;
  /** Successes since the limit last changed. */
  readonly successes: number;
  /** Calls of this generation that ended in a reply or a refusal, and those that were refused. */
  readonly ended: number;
  readonly refused: number;
  /** The share that was refused when the limit was last lowered for it; undefined when it is not in question. */
  readonly refusedBefore: number | undefined;
  /** A share of refusals that less load did not change, so that it is not our doing. */
  readonly tolerated: number;
}

export interface CallEnd {
  readonly outcome: "success" | "throttled" | "other";
  /** The generation in which the call began. */
  readonly generation: number;
  /** Calls that were running when it ended, itself included. */
  readonly running: number;
}

const DECREASE = 0.75;

/** A state in which nothing has been learnt. */
export function initialLimit(bounds: LimitBounds): LimitState {
  return {
    limit: Math.max(1, Math.min(bounds.start, bounds.maximum)),
    generation: 0,
    successes: 0,
    ended: 0,
    refused: 0,
    refusedBefore: undefined,
    tolerated: 0,
  };
}

/**
 * Additive increase, multiplicative decrease: one more for every `growEvery` successes while the limit is in
 * use (for every success until the first refusal); three quarters at the first refusal, and again, once for each
 * burst, while many calls are refused and lowering helps. A share of refusals that lowering does not change is not
 * our doing and is tolerated, or a provider that refuses one call in ten at random would bring the run to a halt.
 */
export function learn(state: LimitState, end: CallEnd, bounds: LimitBounds): LimitState {
  const isNews = end.generation === state.generation;
  if (end.outcome === "throttled") return isNews ? refuse(state) : state;
  if (end.outcome === "other") return state;
  const counted = isNews ? count(state, 0) : state;
  if (end.running < counted.limit) return counted;
  const successes = counted.successes + 1;
  if (successes < (counted.generation === 0 ? 1 : bounds.growEvery)) return { ...counted, successes };
  return { ...counted, successes: 0, limit: Math.min(counted.limit + 1, Math.max(1, bounds.maximum)) };
}

/** How many calls must have ended before their refusals are judged. */
function windowOf({ limit }: LimitState): number {
  return Math.max(20, limit);
}

function count(state: LimitState, refused: 0 | 1): LimitState {
  const counted = { ...state, ended: state.ended + 1, refused: state.refused + refused };
  // What was long ago counts half.
  if (counted.ended < 4 * windowOf(state)) return counted;
  return { ...counted, ended: counted.ended / 2, refused: counted.refused / 2 };
}

/** Whether the share of refusals is nearer to what it was than to what less load would have made of it. */
function isUnchanged(share: number, before: number): boolean {
  const expected = Math.max(0, 1 - (1 - before) / DECREASE);
  return share > (before + expected) / 2;
}

function refuse(state: LimitState): LimitState {
  const counted = count(state, 1);
  if (state.generation === 0) return lower(counted);
  if (counted.ended < windowOf(state)) return counted;
  const share = counted.refused / counted.ended;
  const isMost = share >= 0.5;
  if (!isMost && share <= 1.5 * state.tolerated) return counted;
  if (!isMost && state.refusedBefore !== undefined && isUnchanged(share, state.refusedBefore)) {
    return { ...counted, tolerated: share, refusedBefore: undefined, ended: 0, refused: 0 };
  }
  return { ...lower(counted), refusedBefore: share };
}

function lower(state: LimitState): LimitState {
  const limit = Math.max(1, Math.floor(state.limit * DECREASE));
  return { ...state, limit, generation: state.generation + 1, ended: 0, refused: 0, successes: 0 };
}

/** What a limiter is doing now, for the panel. */
export interface LimiterSnapshot {
  /** Calls that may run at once. */
  readonly limit: number;
  /** Calls that run, those held back by a pause included. */
  readonly running: number;
  /** Calls that wait for one to end. */
  readonly waiting: number;
  /** Milliseconds until the pause that the provider asked for is over; 0 when there is none. */
  readonly paused: number;
  /** The provider's words with which it asked for the pause; left out when there is none. */
  readonly pausedBecause?: string;
  /** Calls that the provider refused because it was asked too much (429, 503, 529), so far. */
  readonly throttled: number;
}

const DEFAULT_BOUNDS: LimitBounds = { start: 32, maximum: 512, growEvery: 10 };

/** Statuses with which a provider says that it is asked too much. */
const THROTTLING: ReadonlySet<number | undefined> = new Set([429, 503, 529]);

/**
 * Lets as many calls run at once as the provider bears, which it learns from how they end (see {@link learn}).
 * Waiting for a turn is never an error and takes as long as it takes; only a signal ends it.
 */
export class Limiter {
  readonly #bounds: LimitBounds;
  readonly #clock: Clock;
  readonly #waiting = new WaitingList<() => void>();
  #state: LimitState;
  #running = 0;
  #throttled = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #pausedBecause = "";

  constructor(clock: Clock, bounds: Partial<LimitBounds> = {}) {
    this.#bounds = { ...DEFAULT_BOUNDS, ...bounds };
    this.#clock = clock;
    this.#state = initialLimit(this.#bounds);
  }

  /** Runs `call` when its turn has come, and learns from its end. */
  async run<Value>(call: () => Promise<Value>, { signal, priority = 0 }: TurnOptions = {}): Promise<Value> {
    signal?.throwIfAborted();
    if (this.#running < this.#state.limit) this.#running += 1;
    else await this.#turn(priority, signal);
    try {
      if (this.#pausedUntil > this.#clock.now()) await this.#pause(signal);
      const { generation } = this.#state;
      try {
        const value = await call();
        this.#learn("success", generation);
        return value;
      } catch (error) {
        this.#learn(this.#outcomeOf(error), generation);
        throw error;
      }
    } finally {
      this.#running -= 1;
      this.#admit();
    }
  }

  snapshot(): LimiterSnapshot {
    const paused = Math.max(0, this.#pausedUntil - this.#clock.now());
    return {
      limit: this.#state.limit,
      running: this.#running,
      waiting: this.#waiting.size,
      paused,
      ...(paused > 0 ? { pausedBecause: this.#pausedBecause } : {}),
      throttled: this.#throttled,
    };
  }

  #turn(priority: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.add(resolve, priority, signal, reject));
  }

  /** A turn is taken for those who are let go before they run, so that none is given twice. */
  #admit(): void {
    while (this.#running < this.#state.limit && this.#waiting.size > 0) {
      this.#running += 1;
      this.#waiting.shift()?.();
    }
  }

  /** Waits until the pause is over. Calls wait in their turn, so that no timer outlives the calls. */
  async #pause(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const rest = this.#pausedUntil - this.#clock.now();
      if (rest <= 0) return;
      await this.#clock.sleep(rest, signal);
    }
  }

  #outcomeOf(error: unknown): CallEnd["outcome"] {
    if (!(error instanceof ChatError)) return "other";
    const until = this.#clock.now() + (error.retryAfter ?? 0);
    if (error.retryAfter !== undefined && until > this.#pausedUntil) {
      this.#pausedUntil = until;
      this.#pausedBecause = error.message;
    }
    const isThrottling = error.code === "rate-limited" || THROTTLING.has(error.status);
    if (isThrottling) this.#throttled += 1;
    return isThrottling || error.code === "timeout" ? "throttled" : "other";
  }

  #learn(outcome: CallEnd["outcome"], generation: number): void {
    this.#state = learn(this.#state, { outcome, generation, running: this.#running }, this.#bounds);
  }
}

/** One who waits. */
interface Entry<Item> {
  readonly item: Item;
  readonly priority: number;
  readonly listener: Disposable | undefined;
}

/** Those who wait for a turn: the higher priority first, then in the order of arrival. */
export class WaitingList<Item> {
  readonly #entries: Entry<Item>[] = [];

  /** How many wait. */
  get size(): number {
    return this.#entries.length;
  }

  /** Whose turn is next. */
  get first(): Item | undefined {
    return this.#entries[0]?.item;
  }

  /** Lets `item` wait. When `signal` fires first, the item leaves the list and `leave` is called with the reason. */
  add(item: Item, priority: number, signal?: AbortSignal, leave?: (reason: unknown) => void): void {
    const onAbort = (): void => {
      this.#entries.splice(this.#entries.indexOf(entry), 1);
      leave?.(signal?.reason);
    };
    const listener = signal === undefined ? undefined : addAbortListener(signal, onAbort);
    const entry: Entry<Item> = { item, priority, listener };
    this.#entries.splice(this.#placeFor(priority), 0, entry);
  }

  /** Takes the next out of the list. */
  shift(): Item | undefined {
    const entry = this.#entries.shift();
    entry?.listener?.[Symbol.dispose]();
    return entry?.item;
  }

  /**
   * Behind all of the same priority. Most come with the lowest or the same as others, so the search is from the end.
   */
  #placeFor(priority: number): number {
    let place = this.#entries.length;
    while (place > 0 && (this.#entries[place - 1]?.priority ?? 0) < priority) place -= 1;
    return place;
  }
}

/** Time as the limiter and the retries see it; tests hand in their own. */
export interface Clock {
  /** Milliseconds since some moment; only differences count. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when that comes first. */
  sleep(duration: number, signal?: AbortSignal): Promise<void>;
}

/** The longest wait that Node's timers keep; a longer one would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The time of this machine. It never goes back when the machine's date is set. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (duration, signal) => {
    signal?.throwIfAborted();
    try {
      await sleepFor(Math.min(duration, LONGEST_TIMER), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
