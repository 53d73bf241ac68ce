import PQueue from "p-queue";
import { ChatError } from "./chat-error.ts";
import type { Clock } from "./clock.ts";
import { type CallEnd, initialLimit, type LimitBounds, type LimitState, learn } from "./limit-rule.ts";

/** What a limiter is doing now, for the progress line. */
export interface LimiterSnapshot {
  /** Calls that may run at once. */
  readonly limit: number;
  /** Calls that run, those held back by a pause included. */
  readonly running: number;
  /** Calls that wait for one to end. */
  readonly waiting: number;
  /** Milliseconds until the pause that the provider asked for is over; 0 when there is none. */
  readonly paused: number;
}

/** A call as the limiter knows it: the call says when its first text came. */
export type LimitedCall<Value> = (noteFirstText: () => void) => Promise<Value>;

const DEFAULT_BOUNDS: LimitBounds = { start: 32, maximum: 512, growEvery: 10 };

/** Statuses with which a provider says that it is asked too much. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([429, 503, 529]);

/**
 * Lets as many calls run at once as the provider bears, which it learns from how they end (see `learn`).
 * Waiting for a turn is never an error and takes as long as it takes; only a signal ends it.
 */
export class Limiter {
  readonly #bounds: LimitBounds;
  readonly #clock: Clock;
  readonly #queue: PQueue;
  #state: LimitState;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, bounds: Partial<LimitBounds> = {}) {
    this.#bounds = { ...DEFAULT_BOUNDS, ...bounds };
    this.#clock = clock;
    this.#state = initialLimit(this.#bounds);
    this.#queue = new PQueue({ concurrency: this.#state.limit });
  }

  /**
   * Runs `call` when its turn has come, and learns from its end. `signal` ends the wait: at once when the
   * provider asked for a pause, else when the turn comes, which is when one of the calls that run has ended.
   */
  run<Value>(call: LimitedCall<Value>, signal?: AbortSignal): Promise<Value> {
    // The queue's own signals would give up a call that runs, and cost as much as the rest of the limiter.
    return this.#queue.add(() => this.#attempt(call, signal));
  }

  /** What the limiter is doing now. */
  snapshot(): LimiterSnapshot {
    return {
      limit: this.#state.limit,
      running: this.#queue.pending,
      waiting: this.#queue.size,
      paused: Math.max(0, this.#pausedUntil - this.#clock.now()),
    };
  }

  async #attempt<Value>(call: LimitedCall<Value>, signal: AbortSignal | undefined): Promise<Value> {
    signal?.throwIfAborted();
    if (this.#pausedUntil > this.#clock.now()) await this.#pause(signal);
    const { generation } = this.#state;
    const began = this.#clock.now();
    let latency: number | undefined;
    const noteFirstText = (): void => {
      latency ??= this.#clock.now() - began;
    };
    try {
      const value = await call(noteFirstText);
      noteFirstText();
      this.#learn("success", generation, latency);
      return value;
    } catch (error) {
      this.#learn(this.#outcomeOf(error), generation, undefined);
      throw error;
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
    if (error.retryAfter !== undefined) {
      this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + error.retryAfter);
    }
    const refused = error.code === "rate-limited" || error.code === "timeout" || REFUSALS.has(error.status);
    return refused ? "pushed-back" : "other";
  }

  #learn(outcome: CallEnd["outcome"], generation: number, latency: number | undefined): void {
    const running = this.#queue.pending;
    const end: CallEnd = { outcome, generation, running, ...(latency === undefined ? {} : { latency }) };
    this.#state = learn(this.#state, end, this.#bounds);
    if (this.#queue.concurrency !== this.#state.limit) this.#queue.concurrency = this.#state.limit;
  }
}
