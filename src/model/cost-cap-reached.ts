/**
 * The next call could cost more than what is left of the cap, and no call is under way that could give money
 * back. The run stops taking work; nothing is lost.
 */
export class CostCapReached extends Error {
  override readonly name = "CostCapReached";
  /** Dollars. */
  readonly maxCost: number;
  /** Dollars spent so far, and what the refused call could have cost at most. */
  readonly spent: number;
  readonly needed: number;

  constructor(maxCost: number, spent: number, needed: number) {
    super(
      `the cost limit of $${maxCost} leaves $${Math.max(0, maxCost - spent).toFixed(4)}, ` +
        `and one more call may cost $${needed.toFixed(4)}`,
    );
    this.maxCost = maxCost;
    this.spent = spent;
    this.needed = needed;
  }
}
