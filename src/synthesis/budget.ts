import type { Purse } from "../batch/choose-requests.ts";
import { CostCapReached } from "../model/money.ts";

/** What a run may spend. */
export interface BudgetOptions {
  /** Dollars in all, with those that earlier parts of the run have spent. */
  readonly maxCost: number;
  /** The most tokens that a reply may have. */
  readonly maxTokens: number;
}

/**
 * Lets personas begin only as long as the money carries them, and those that are under way, to their ends. Without
 * it a run that works on many at once spends its money on the scripts of many and on the trajectories of few. What a
 * persona will cost is the mean of those that have ended; before one has, the most that its calls can cost.
 */
export class PersonaBudget {
  readonly #maxCost: number;
  readonly #maximumCalls: number;
  #spent: number;
  /** What each persona under way has cost. */
  readonly #running = new Map<number, number>();
  #ended = { personas: 0, cost: 0 };
  #calls = { count: 0, cost: 0 };
  /** The most that one call can cost, as far as is known. */
  #worstCall = 0;
  #waiting: (() => void)[] = [];

  /** `spent` is what earlier parts of the run have cost, in dollars. */
  constructor(maxCost: number, maximumCalls: number, spent: number) {
    this.#maxCost = maxCost;
    this.#maximumCalls = maximumCalls;
    this.#spent = spent;
  }

  /**
   * Resolves when the persona may begin. One that has bought replies before, for `spent` dollars, may at once. Rejects
   * with {@link CostCapReached} when no persona is under way and the rest carries none, and with the signal's reason.
   */
  async begin(index: number, spent: number, worstCall: number, signal: AbortSignal): Promise<void> {
    this.foresee(worstCall);
    while (spent === 0 && !this.#carries()) {
      if (this.#running.size === 0) throw new CostCapReached(this.#maxCost, this.#spent, this.#needed());
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
      signal.throwIfAborted();
    }
    this.#running.set(index, spent);
  }

  /**
   * Takes note of the most that a call about to be sent can cost. Later calls of a persona have longer prompts than
   * its first, so that money set aside for a first call would not carry the last.
   */
  foresee(worstCall: number): void {
    this.#worstCall = Math.max(this.#worstCall, worstCall);
  }

  /** Counts what a call of a persona under way has cost. */
  charge(index: number, cost: number): void {
    this.#spent += cost;
    this.#calls = { count: this.#calls.count + 1, cost: this.#calls.cost + cost };
    this.#running.set(index, (this.#running.get(index) ?? 0) + cost);
  }

  /** A persona is no longer under way; `isWhole` says whether it went to its end. */
  end(index: number, isWhole: boolean): void {
    const cost = this.#running.get(index) ?? 0;
    this.#running.delete(index);
    if (isWhole) this.#ended = { personas: this.#ended.personas + 1, cost: this.#ended.cost + cost };
    this.wake();
  }

  /** Lets those who wait look again. */
  wake(): void {
    for (const look of this.#waiting.splice(0)) look();
  }

  #mean(): number {
    const { personas, cost } = this.#ended;
    return personas === 0 ? this.#worstCall * this.#maximumCalls : cost / personas;
  }

  /** What it takes to begin one more; the last call of all must fit with the most that it can cost. */
  #needed(): number {
    const mean = this.#mean();
    // One that has cost the mean already is not at its end for that: those that end late cost more than the mean.
    const call = this.#calls.count === 0 ? 0 : this.#calls.cost / this.#calls.count;
    let rest = mean;
    for (const cost of this.#running.values()) rest += Math.max(call, mean - cost);
    return rest + this.#worstCall;
  }

  #carries(): boolean {
    // The first of all is begun in any case: the strict account of calls decides then.
    const isFirst = this.#running.size === 0 && this.#ended.personas === 0;
    return isFirst ? this.#spent < this.#maxCost : this.#spent + this.#needed() <= this.#maxCost;
  }
}

/** How the money of a run stands, and how far its personas are. */
interface Reckoning extends Omit<Purse, "maxCost" | "carries"> {
  /** Personas that have ended, and those that are under way with at least one reply or one request in a batch. */
  readonly ended: number;
  readonly begun: number;
  /** What those under way have cost. */
  readonly spentOnBegun: number;
}

/** A purse that lets a persona begin only when the money carries it, and those that are under way, to their ends. */
export function personaPurse(
  budget: BudgetOptions | undefined,
  maximumCalls: number,
  { spent, reserved, ended, begun, spentOnBegun }: Reckoning,
): Purse {
  if (budget === undefined) return { maxCost: undefined, spent, reserved };
  const { maxCost } = budget;
  const carries = (worst: number, chosen: number): boolean => {
    const mean = ended === 0 ? worst * maximumCalls : (spent - spentOnBegun) / ended;
    const rest = Math.max(0, (begun + chosen + 1) * mean - spentOnBegun);
    return begun + chosen + ended === 0 || spent + rest + worst <= maxCost;
  };
  return { maxCost, spent, reserved, carries };
}
