import fc from "fast-check";
import { expect, it } from "vitest";
import { NumberHeap } from "./number-heap.ts";

it("gives numbers back in order, also when more come in between", () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.array(fc.nat()), (some, more) => {
      const heap = new NumberHeap();
      for (const number of some) heap.push(number);
      const lowest = heap.pop();
      expect(lowest).toBe(some.length === 0 ? undefined : Math.min(...some));
      for (const number of more) heap.push(number);
      const rest = [...some.toSorted((a, b) => a - b).slice(1), ...more].sort((a, b) => a - b);
      for (const number of rest) expect(heap.pop()).toBe(number);
      expect(heap.pop()).toBeUndefined();
    }),
  );
});
