import { describe, expect, test } from "vitest";
import { CostCapReached } from "../model/money.ts";
import { PersonaBudget } from "./budget.ts";

const { signal } = new AbortController();

/** A budget under which one persona has ended, for 10 cents in one call. */
async function budgetOf(maxCost: number): Promise<PersonaBudget> {
  const budget = new PersonaBudget(maxCost, 4, 0);
  await budget.begin(0, 0, 0.1, signal);
  budget.charge(0, 0.1);
  budget.end(0, true);
  return budget;
}

/** Whether the persona begins at once. */
async function beginsAtOnce(budget: PersonaBudget, index: number): Promise<boolean> {
  let hasBegun = false;
  budget.begin(index, 0, 0.1, signal).then(
    () => {
      hasBegun = true;
    },
    () => {},
  );
  await new Promise((resolve) => setImmediate(resolve));
  return hasBegun;
}

describe("a budget of personas", () => {
  test("keeps enough for the last call, whose prompt is longer than the first one's", async () => {
    const budget = await budgetOf(1);
    await budget.begin(1, 0, 0.1, signal);
    budget.foresee(0.75);
    budget.charge(1, 0.1);
    expect(await beginsAtOnce(budget, 2)).toBe(false);
    budget.end(1, true);
    await expect(budget.begin(3, 0, 0.1, signal)).rejects.toBeInstanceOf(CostCapReached);
  });

  test("keeps a call more for a persona that has cost more than the others and has not ended", async () => {
    const budget = await budgetOf(0.65);
    await budget.begin(1, 0, 0.1, signal);
    for (let call = 0; call < 3; call += 1) budget.charge(1, 0.1);
    expect(await beginsAtOnce(budget, 2)).toBe(false);
    budget.end(1, false);
    expect(await beginsAtOnce(budget, 3)).toBe(true);
  });
});
