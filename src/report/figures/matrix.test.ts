import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomFor } from "../../random.ts";
import { dot, type Matrix, normalNumbers, rowOf, rowVectors, withUnitRows, zeros } from "./matrix.ts";
import { symmetricEigen, symmetricEigenvalues } from "./symmetric-eigen.ts";
import { truncatedSvd } from "./truncated-svd.ts";

function matrix(...rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
}

/** A symmetric matrix of numbers of the normal distribution. */
function symmetric(size: number, seed: number): Matrix {
  const result = zeros(size, size);
  const numbers = normalNumbers(randomFor(seed), size * size);
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j <= i; j += 1) {
      result.values[i * size + j] = numbers[i * size + j]!;
      result.values[j * size + i] = numbers[i * size + j]!;
    }
  return result;
}

describe("the eigenvalues of a symmetric matrix", () => {
  test("are those that one calculates by hand", () => {
    expect([...symmetricEigenvalues(matrix([2, 1], [1, 2]))]).toEqual(
      [3, 1].map((each) => expect.closeTo(each, 12)),
    );
    expect([...symmetricEigenvalues(matrix([4]))]).toEqual([4]);
    expect([...symmetricEigenvalues(matrix([0, 0], [0, 0]))]).toEqual([0, 0]);
    // A path of three: 2 and 2 ± √2.
    const path = matrix([2, -1, 0], [-1, 2, -1], [0, -1, 2]);
    const wanted = [2 + Math.SQRT2, 2, 2 - Math.SQRT2];
    expect([...symmetricEigenvalues(path)]).toEqual(wanted.map((each) => expect.closeTo(each, 12)));
  });

  test("are NumPy's", () => {
    // numpy.linalg.eigvalsh of the matrix of min(i, j) + 1 / (1 + |i - j|), i and j from 1 to 6.
    const entry = (i: number, j: number): number => Math.min(i, j) + 1 / (1 + Math.abs(i - j));
    const rows = Array.from({ length: 6 }, (_row, i) =>
      Array.from({ length: 6 }, (_value, j) => entry(i + 1, j + 1)),
    );
    const wanted = [19.75651037, 3.26221374, 1.53969257, 1.00459422, 0.7703238, 0.66666532];
    expect([...symmetricEigenvalues(matrix(...rows))]).toEqual(wanted.map((each) => expect.closeTo(each, 7)));
  });

  test("and its vectors give the matrix again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer(), (size, seed) => {
        const given = symmetric(size, seed);
        const { values, vectors } = symmetricEigen(given);
        for (let i = 0; i < size; i += 1) {
          const image = rowVectors(given).times(rowOf(vectors, i));
          image.forEach((value, place) => {
            expect(value).toBeCloseTo((values[i] ?? 0) * (rowOf(vectors, i)[place] ?? 0), 9);
          });
          for (let j = 0; j <= i; j += 1)
            expect(dot(rowOf(vectors, i), rowOf(vectors, j))).toBeCloseTo(i === j ? 1 : 0, 9);
          if (i > 0) expect(values[i - 1]).toBeGreaterThanOrEqual(values[i] ?? 0);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("of a low rank come out without end of steps", () => {
    const ones: Matrix = { rows: 60, columns: 60, values: new Float64Array(3600).fill(1) };
    const [first = 0, ...rest] = symmetricEigenvalues(ones);
    expect(first).toBeCloseTo(60, 9);
    expect(Math.max(...rest.map(Math.abs))).toBeLessThan(1e-10);
  });
});

describe("the truncated singular value decomposition", () => {
  test("keeps all distances of rows that lie in few dimensions", () => {
    const random = randomFor(5);
    const [left, right] = [normalNumbers(random, 40 * 3), normalNumbers(random, 3 * 30)];
    const product = zeros(40, 30);
    for (let i = 0; i < 40; i += 1)
      for (let j = 0; j < 30; j += 1)
        for (let k = 0; k < 3; k += 1) product.values[i * 30 + j]! += left[i * 3 + k]! * right[k * 30 + j]!;
    const reduced = truncatedSvd(rowVectors(product), 3, 1);
    expect(reduced).toMatchObject({ rows: 40, columns: 3 });
    for (let i = 0; i < 40; i += 1)
      expect(dot(rowOf(reduced, 0), rowOf(reduced, i))).toBeCloseTo(
        dot(rowOf(product, 0), rowOf(product, i)),
        8,
      );
  });

  test("finds the singular values, the strongest first, and no more dimensions than there are", () => {
    const reduced = truncatedSvd(rowVectors(matrix([3, 0], [0, 0], [0, 4])), 50, 1);
    expect(reduced.columns).toBe(2);
    expect([...reduced.values]).toEqual([0, 3, 0, 0, 4, 0].map((each) => expect.closeTo(each, 10)));
  });
});

test("rows of length 1 leave those without anything", () => {
  expect([...withUnitRows(matrix([3, 4], [0, 0])).values]).toEqual([0.6, 0.8, 0, 0]);
});
