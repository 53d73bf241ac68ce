import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BitSet } from "./bit-set.ts";

describe("BitSet", () => {
  it("behaves as a set of numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5000 })), fc.array(fc.nat({ max: 5000 })), (added, asked) => {
        const bits = new BitSet();
        const set = new Set<number>();
        for (const number of added) {
          expect(bits.add(number)).toBe(!set.has(number));
          set.add(number);
        }
        expect(bits.size).toBe(set.size);
        for (const number of [...added, ...asked]) expect(bits.has(number)).toBe(set.has(number));
      }),
    );
  });

  it("grows to a far number and keeps what it has", () => {
    const bits = new BitSet();
    for (const number of [0, 31, 32, 1023, 1024, 5_000_000]) bits.add(number);
    for (const number of [0, 31, 32, 1023, 1024, 5_000_000]) expect(bits.has(number)).toBe(true);
    for (const number of [1, 30, 33, 1022, 4_999_999, 5_000_001, 2 ** 29])
      expect(bits.has(number)).toBe(false);
  });

  it("refuses what is not a small whole number, and has none of it", () => {
    const bits = new BitSet();
    bits.add(0);
    bits.add(1);
    for (const number of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 30, 2 ** 32, 2 ** 32 + 1]) {
      expect(() => bits.add(number)).toThrow(RangeError);
      expect(bits.has(number)).toBe(false);
    }
  });
});
