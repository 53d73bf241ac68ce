import type { Purse } from "../../batch/choose-requests.ts";
import type { BudgetOptions } from "../budget.ts";

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
