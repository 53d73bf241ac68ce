import { CostCapReached } from "../../model/ledger.ts";
import type { BudgetOptions } from "../budget.ts";

/** What a purse must know of the run besides its own counts. */
interface Reckoning {
  /** Dollars spent so far. */
  readonly spent: number;
  /** The most that open batches can still cost. */
  readonly reserved: number;
  /** Personas that have ended, and those that are under way with at least one reply or one request in a batch. */
  readonly ended: number;
  readonly begun: number;
  /** What those under way have cost. */
  readonly spentOnBegun: number;
}

/**
 * Keeps a run in batches within its cap. A batch is paid for whatever comes of it, so its worst case must fit before it
 * is submitted; a persona is begun only when the money carries it, and those that are under way, to their ends.
 */
export class Purse {
  readonly #budget: BudgetOptions | undefined;
  readonly #maximumCalls: number;
  readonly #reckon: () => Reckoning;

  constructor(budget: BudgetOptions | undefined, maximumCalls: number, reckon: () => Reckoning) {
    this.#budget = budget;
    this.#maximumCalls = maximumCalls;
    this.#reckon = reckon;
  }

  /** Whether a request fits that can cost so much, beside those that are chosen for the same batch. */
  fits(worst: number, chosen: number): boolean {
    if (this.#budget === undefined) return true;
    const { spent, reserved } = this.#reckon();
    return spent + reserved + chosen + worst <= this.#budget.maxCost;
  }

  /** Whether one more persona can be begun beside so many that are chosen for the same batch. */
  carries(worst: number, chosen: number): boolean {
    if (this.#budget === undefined) return true;
    const { spent, ended, begun, spentOnBegun } = this.#reckon();
    const mean = ended === 0 ? worst * this.#maximumCalls : (spent - spentOnBegun) / ended;
    const rest = Math.max(0, (begun + chosen + 1) * mean - spentOnBegun);
    return begun + chosen + ended === 0 || spent + rest + worst <= this.#budget.maxCost;
  }

  /** That nothing more can be asked, since this would cost too much. */
  refusal(worst: number): CostCapReached {
    return new CostCapReached(this.#budget?.maxCost ?? Number.POSITIVE_INFINITY, this.#reckon().spent, worst);
  }
}
