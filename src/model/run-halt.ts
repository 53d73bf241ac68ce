import { setMaxListeners } from "node:events";
import { AgentRefineError } from "../errors.ts";
import { FailureStreak } from "./failure-streak.ts";
import { CostCapReached } from "./ledger.ts";

/** Why a run stopped before its end although it was not told to; what is needed is the user. */
export interface Pause {
  readonly error: Error;
}

/**
 * How a run that works on many things at once ends before it is through: it is told to stop, it pauses, or something
 * breaks. A failure is a piece of work whose model gave no answer: see {@link FailureStreak}.
 */
export class RunHalt<Failure> {
  /** Fires when the run is told to stop, pauses or breaks, so that all workers end. */
  readonly signal: AbortSignal;
  readonly #halt = new AbortController();
  readonly #streak: FailureStreak<Failure>;
  #pause: Pause | undefined;
  #defect: { readonly error: unknown } | undefined;

  /** `keepFailure` keeps a failure that turned out not to be the server's. */
  constructor(stop: AbortSignal, keepFailure: (failure: Failure) => Promise<void>) {
    this.#streak = new FailureStreak((failure) => this.keep(keepFailure(failure)));
    this.signal = AbortSignal.any([stop, this.#halt.signal]);
    // Every call that waits listens to it; Node would take that for a leak.
    setMaxListeners(0, this.signal);
  }

  /** Waits until something is kept. What cannot be kept is no reason for a pause but for an end. */
  async keep(kept: Promise<void>): Promise<void> {
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
    await Promise.all([this.keep(kept), this.#streak.succeed()]);
  }

  /** Takes a failure with its reason; pauses when it is likely to be the server's. */
  fail(failure: Failure, reason: Error): void {
    if (this.#streak.fail(failure)) this.pauseFor(reason);
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
    if (this.#defect !== undefined) throw this.#defect.error;
    if (this.#pause === undefined) await this.#streak.flush();
    return this.#pause;
  }
}
