import { describe, expect, test } from "vitest";
import { meanPairwiseDistance, vendiScore } from "./diversity.ts";
import { type Matrix, zeros } from "./matrix.ts";

/** Similarities of so many texts by their places. */
function similarities(size: number, of: (i: number, j: number) => number): Matrix {
  const matrix = zeros(size, size);
  for (let i = 0; i < size; i += 1) for (let j = 0; j < size; j += 1) matrix.values[i * size + j] = of(i, j);
  return matrix;
}

describe("diversity", () => {
  test("of texts that share nothing is as many as they are", () => {
    const apart = similarities(7, (i, j) => (i === j ? 1 : 0));
    expect(vendiScore(apart)).toBeCloseTo(7, 10);
    expect(meanPairwiseDistance(apart)).toBe(1);
  });

  test("of texts that are all the same is one", () => {
    const same = similarities(7, () => 1);
    expect(vendiScore(same)).toBeCloseTo(1, 10);
    expect(meanPairwiseDistance(same)).toBeCloseTo(0, 12);
  });

  test("of two groups of equal texts is two, however many there are", () => {
    const groups = similarities(10, (i, j) => (i % 2 === j % 2 ? 1 : 0));
    expect(vendiScore(groups)).toBeCloseTo(2, 10);
    // 40 of the 90 ordered pairs are of one group.
    expect(meanPairwiseDistance(groups)).toBeCloseTo(50 / 90, 12);
  });

  test("is what one calculates with NumPy", () => {
    const fading = similarities(5, (i, j) => Math.exp(-Math.abs(i - j) / 2));
    expect(vendiScore(fading)).toBeCloseTo(3.522990800933929, 10);
    expect(meanPairwiseDistance(fading)).toBeCloseTo(0.5888643434101667, 12);
  });

  test("of one text is one", () => {
    const one = similarities(1, () => 1);
    expect([vendiScore(one), meanPairwiseDistance(one)]).toEqual([1, 0]);
  });
});
