import type { Usage } from "./chat-model.ts";
import { CostCapReached } from "./cost-cap-reached.ts";

/** What has been bought so far. */
export interface Totals {
  /** Attempts that bought something, also those that broke. */
  readonly calls: number;
  readonly promptTokens: number;
  /** The part of `promptTokens` that came from the provider's cache. */
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** The part of all tokens that is our estimate, from 0 to 1. */
  readonly estimatedShare: number;
  /** Dollars. */
  readonly cost: number;
}

/** A call that waits until its worst case fits. */
interface Waiting {
  readonly worst: number;
  readonly admit: () => void;
  readonly refuse: (error: CostCapReached) => void;
}

/**
 * The account of a run. Before a call its worst case is reserved; afterwards the reservation is replaced by
 * what it cost, so that spending and reservations together never pass the cap. Several models may share one.
 */
export class Ledger {
  /** Dollars; undefined when there is no cap. */
  readonly maxCost: number | undefined;
  #spent: number;
  #reserved = 0;
  #underWay = 0;
  #calls = 0;
  #promptTokens = 0;
  #cachedTokens = 0;
  #completionTokens = 0;
  #estimatedTokens = 0;
  #waiting: Waiting[] = [];

  /** `spent` is what earlier parts of a resumed run cost; the cap counts it. */
  constructor(maxCost?: number, spent = 0) {
    this.maxCost = maxCost;
    this.#spent = spent;
  }

  /**
   * Reserves `worst` dollars, waiting while calls under way may still give money back. Rejects with
   * {@link CostCapReached} when none is, and with the signal's reason.
   */
  async reserve(worst: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#waiting.length > 0 || !this.#fits(worst)) {
      if (this.#underWay === 0) throw this.#refusal(worst);
      await this.#wait(worst, signal);
      return;
    }
    this.#take(worst);
  }

  /** Replaces a reservation by what was bought; `usage` is undefined when nothing is known of it. */
  settle(worst: number, usage: Usage | undefined, cost: number): void {
    this.#reserved -= worst;
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#reserved = 0;
    this.#spent += cost;
    if (usage !== undefined) this.#count(usage);
    this.#admitWaiting();
  }

  /** What has been bought so far. */
  totals(): Totals {
    const tokens = this.#promptTokens + this.#completionTokens;
    return {
      calls: this.#calls,
      promptTokens: this.#promptTokens,
      cachedTokens: this.#cachedTokens,
      completionTokens: this.#completionTokens,
      estimatedShare: tokens === 0 ? 0 : this.#estimatedTokens / tokens,
      cost: this.#spent,
    };
  }

  #fits(worst: number): boolean {
    return this.maxCost === undefined || this.#spent + this.#reserved + worst <= this.maxCost;
  }

  #refusal(worst: number): CostCapReached {
    return new CostCapReached(this.maxCost ?? Number.POSITIVE_INFINITY, this.#spent, worst);
  }

  #take(worst: number): void {
    this.#reserved += worst;
    this.#underWay += 1;
  }

  #count(usage: Usage): void {
    this.#calls += 1;
    this.#promptTokens += usage.promptTokens;
    this.#cachedTokens += usage.cachedTokens;
    this.#completionTokens += usage.completionTokens;
    if (usage.estimated) this.#estimatedTokens += usage.promptTokens + usage.completionTokens;
  }

  #wait(worst: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal?.reason);
        // Those behind may fit where this one did not.
        this.#admitWaiting();
      };
      const done = (end: () => void): void => {
        signal?.removeEventListener("abort", leave);
        end();
      };
      const waiting: Waiting = {
        worst,
        admit: () => done(resolve),
        refuse: (error) => done(() => reject(error)),
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  /** Lets calls go in their order, and refuses the first when nothing under way can make room for it. */
  #admitWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const fits = this.#fits(next.worst);
      if (!fits && this.#underWay > 0) return;
      this.#waiting.shift();
      if (fits) {
        this.#take(next.worst);
        next.admit();
      } else {
        next.refuse(this.#refusal(next.worst));
      }
    }
  }
}
