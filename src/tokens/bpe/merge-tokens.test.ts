import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Merge, mergeTable, mergeTokens, NumberHeap } from "./merge-tokens.ts";

/** Merges of a few tokens, each pair once; a merged token can be merged again. */
const anyMerges = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 8 })), {
    selector: String,
    maxLength: 40,
  })
  .map((pairs) => pairs.map(([left, right], rank): Merge => ({ left, right, merged: 3 + (rank % 7) })));

/** Byte-pair encoding as it is defined, without any care for time. */
function slowly(tokens: readonly number[], merges: readonly Merge[]): readonly number[] {
  for (const { left, right, merged } of merges) {
    const place = tokens.findIndex((token, at) => token === left && tokens[at + 1] === right);
    if (place !== -1) return slowly([...tokens.slice(0, place), merged, ...tokens.slice(place + 2)], merges);
  }
  return tokens;
}

describe("mergeTokens", () => {
  it.each([
    ["short words", 0, 30],
    ["long words", 49, 120],
  ])("merges the first pair of the lowest rank again and again: %s", (_name, minLength, maxLength) => {
    fc.assert(
      fc.property(anyMerges, fc.array(fc.nat({ max: 2 }), { minLength, maxLength }), (merges, word) => {
        const tokens = [...word];
        mergeTokens(tokens, mergeTable(merges));
        expect(tokens).toEqual(slowly(word, merges));
      }),
    );
  });

  it("takes the later of two merges of one pair, as the libraries do", () => {
    const table = mergeTable([
      { left: 0, right: 1, merged: 5 },
      { left: 0, right: 1, merged: 6 },
    ]);
    const tokens = [0, 1];
    mergeTokens(tokens, table);
    expect(tokens).toEqual([6]);
  });
});

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
