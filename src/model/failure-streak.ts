/** How many pieces of work may fail one after the other before a run pauses. */
export const STREAK_LIMIT = 16;

/**
 * Tells a piece of work that failed (a persona, an episode) from a server that is gone. A failure is held back
 * until the next success shows that the server lives; too many in a row, or one before any success, mean that the
 * run should pause, and what is held back is then still to be done.
 */
export class FailureStreak<Failure> {
  readonly #keep: (failure: Failure) => Promise<void>;
  #held: Failure[] = [];
  #hasSucceeded = false;

  /** `keep` is given each failure that turned out not to be the server's. */
  constructor(keep: (failure: Failure) => Promise<void>) {
    this.#keep = keep;
  }

  /** A call got its reply. */
  async succeed(): Promise<void> {
    this.#hasSucceeded = true;
    if (this.#held.length > 0) await this.flush();
  }

  /** A piece of work failed; returns true when the run should pause. */
  fail(failure: Failure): boolean {
    this.#held.push(failure);
    return !this.#hasSucceeded || this.#held.length >= STREAK_LIMIT;
  }

  /** Keeps the failures that are held back. */
  async flush(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    for (const failure of held) await this.#keep(failure);
  }
}
