import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binsOf, Counter, summaryOf } from "./distribution.ts";

function distributionOf(values: readonly number[]) {
  const counter = new Counter();
  for (const value of values) counter.add(value);
  return counter.distribution();
}

const numbers = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 60 });

describe("a distribution", () => {
  test("is summed up as its numbers are", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const sorted = [...values].sort((one, other) => one - other);
        const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
        const summary = summaryOf(distributionOf(values));
        expect(summary).toMatchObject({
          count: values.length,
          least: sorted[0],
          median: at(0.5),
          ninetieth: at(0.9),
          most: sorted.at(-1),
        });
        expect(summary?.mean).toBeCloseTo(values.reduce((sum, each) => sum + each, 0) / values.length);
      }),
    );
  });

  test("of nothing is nothing", () => {
    expect(summaryOf({})).toBeUndefined();
    expect(binsOf({})).toEqual([]);
  });

  test("has every number in one bin, and no more bins than one beyond what is asked", () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 2, max: 40 }), (values, most) => {
        const bins = binsOf(distributionOf(values), most);
        expect(bins.length).toBeLessThanOrEqual(most + 1);
        for (const { from, to, count } of bins)
          expect(values.filter((each) => each >= from && each <= to)).toHaveLength(count);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
      }),
    );
  });
});
