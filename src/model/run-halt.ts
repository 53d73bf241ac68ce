import { setMaxListeners } from "node:events";
import { AgentRefineError } from "../errors.ts";
import { ChatError, isRepeatable } from "./chat-model.ts";
import { CostCapReached } from "./money.ts";

/** Why a run stopped before its end although it was not told to; what is needed is the user. */
export interface Pause {
  readonly error: Error;
}

/** How many pieces of work may fail one after the other before a run pauses. */
export const STREAK_LIMIT = 16;

/** How a run takes failures. */
export interface HaltOptions {
  /** Whether the same refusal of many pieces of work pauses the run; true when not given. */
  readonly pausesForRefusals?: boolean;
}

/**
 * How a run that works on many things at once ends before it is through: it is told to stop, it pauses, or something
 * breaks. It also tells a piece of work that failed (a persona, an episode: one whose model gave no answer) from a
 * server that is gone:
 * - A refusal (a bad request, a content filter) shows that the server lives, and is the work's own failure. When many
 *   are refused in the same words before any reply came, a setting is wrong: the run pauses, and they stay failures.
 * - Silence and errors of the server are held back until a reply or a refusal shows that the server lives. Too many
 *   in a row, or one before any sign of life, pause the run, and what is held back is then still to be done.
 */
export class RunHalt<Failure> {
  /** Fires when the run is told to stop, pauses or breaks, so that all workers end. */
  readonly signal: AbortSignal;
  readonly #halt = new AbortController();
  readonly #keepFailure: (failure: Failure) => Promise<void>;
  readonly #pausesForRefusals: boolean;
  #held: Failure[] = [];
  #hasReplied = false;
  #isAlive = false;
  #refusal = { words: "", count: 0 };
  #keeping: Promise<void> = Promise.resolve();
  #pause: Pause | undefined;
  #defect: { readonly error: unknown } | undefined;

  /** `keepFailure` keeps a failure that turned out not to be the server's. */
  constructor(
    stop: AbortSignal,
    keepFailure: (failure: Failure) => Promise<void>,
    { pausesForRefusals = true }: HaltOptions = {},
  ) {
    this.#keepFailure = keepFailure;
    this.#pausesForRefusals = pausesForRefusals;
    this.signal = AbortSignal.any([stop, this.#halt.signal]);
    // Every call that waits listens to it; Node would take that for a leak.
    setMaxListeners(0, this.signal);
  }

  /** Waits until something is kept. What cannot be kept is no reason for a pause but for an end. */
  async keep(kept: Promise<unknown>): Promise<void> {
    try {
      await kept;
    } catch (error) {
      this.breakFor(error);
      throw error;
    }
  }

  /**
   * Waits until a reply that has just been bought is kept. It shows that the server lives when it comes, not when it
   * is kept; that a failure from before cannot be kept does not hinder the keeping of the reply.
   */
  async keepReply(kept: Promise<void>): Promise<void> {
    this.#hasReplied = true;
    await Promise.all([this.keep(kept), this.#showLife()]);
  }

  /** Takes a failure with its reason; pauses when it is likely to be the server's or a setting's. */
  fail(failure: Failure, reason: Error): void {
    this.#held.push(failure);
    if (reason instanceof ChatError && !isRepeatable(reason)) {
      // What cannot be kept has broken the run by then.
      const shown = this.#showLife().catch(() => undefined);
      this.#keeping = Promise.all([this.#keeping, shown]).then(() => undefined);
      this.#countRefusal(reason);
    } else if (!this.#isAlive || this.#held.length >= STREAK_LIMIT) this.pauseFor(reason);
  }

  /** Pauses the run until the user has done something. */
  pauseFor(error: Error): void {
    this.#pause ??= { error };
    this.#halt.abort();
  }

  /** Ends the run, whose {@link finish} then rejects with the error. */
  breakFor(error: unknown): void {
    this.#defect ??= { error };
    this.#halt.abort();
  }

  /** Takes what a worker threw: the signal's reason, what the user can put right, or a defect. */
  take(error: unknown): void {
    if (this.signal.aborted && error === this.signal.reason) return;
    if (error instanceof CostCapReached || error instanceof AgentRefineError) this.pauseFor(error);
    else this.breakFor(error);
  }

  /** To be called when all workers have ended: the reason of a pause. Rejects with what broke the run. */
  async finish(): Promise<Pause | undefined> {
    await this.#keeping;
    // Whether what is held back after a stop was the server's fault is not known, so it is still to be done.
    if (!this.signal.aborted) await this.#showLife();
    if (this.#defect !== undefined) throw this.#defect.error;
    return this.#pause;
  }

  /** The server has answered: what was held back were failures of their own. */
  async #showLife(): Promise<void> {
    this.#isAlive = true;
    const held = this.#held;
    this.#held = [];
    for (const failure of held) await this.keep(this.#keepFailure(failure));
  }

  #countRefusal({ message }: ChatError): void {
    // Counts of tokens differ from one request to the next.
    const words = message.replace(/\d+/g, "0");
    const count = words === this.#refusal.words ? this.#refusal.count + 1 : 1;
    this.#refusal = { words, count };
    if (count < STREAK_LIMIT || this.#hasReplied || !this.#pausesForRefusals) return;
    this.pauseFor(
      new AgentRefineError(`the first ${count} requests were refused, all in the same words: ${message}`, {
        fix: "Change the setting that it names, then resume with 'retryFailed'.",
      }),
    );
  }
}
