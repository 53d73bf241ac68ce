import { randomFor } from "../../random.ts";
import { addMultiple, dot, type Matrix, normalise, normalNumbers, type RowVectors, zeros } from "./matrix.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** Directions beyond those that are asked for, and rounds of sharpening: with both the first ones come out well. */
const SPARE = 10;
const ROUNDS = 4;

/** Makes vectors stand at right angles with length 1, in their order; twice, as rounding undoes the first time. */
function orthogonalise(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, place) => {
    for (let time = 0; time < 2; time += 1) {
      for (const before of vectors.slice(0, place)) addMultiple(vector, -dot(before, vector), before);
      normalise(vector);
    }
  });
}

/**
 * The rows of a matrix in so many dimensions fewer that as much as possible of it is left: U Σ of the truncated
 * singular value decomposition, found by multiplying with random directions (Halko, Martinsson and Tropp). With the
 * same seed the same; the first dimension is the strongest.
 */
export function truncatedSvd(matrix: RowVectors, dimensions: number, seed: number): Matrix {
  const kept = Math.min(dimensions, matrix.rows, matrix.columns);
  const tried = Math.min(kept + SPARE, matrix.rows, matrix.columns);
  const random = randomFor(seed, "truncated-svd");
  const directions = Array.from({ length: tried }, () => normalNumbers(random, matrix.columns));
  let range = directions.map((direction) => matrix.times(direction));
  orthogonalise(range);
  for (let round = 0; round < ROUNDS; round += 1) {
    const across = range.map((vector) => matrix.transposedTimes(vector));
    orthogonalise(across);
    range = across.map((vector) => matrix.times(vector));
    orthogonalise(range);
  }
  const across = range.map((vector) => matrix.transposedTimes(vector));
  const products = zeros(tried, tried);
  across.forEach((one, i) => {
    across.forEach((other, j) => {
      products.values[i * tried + j] = dot(one, other);
    });
  });
  const { values, vectors } = symmetricEigen(products);
  const result = zeros(matrix.rows, kept);
  for (let dimension = 0; dimension < kept; dimension += 1) {
    const strength = Math.sqrt(Math.max(0, values[dimension] ?? 0));
    const column = new Float64Array(matrix.rows);
    range.forEach((vector, i) => {
      addMultiple(column, strength * (vectors.values[dimension * tried + i] ?? 0), vector);
    });
    // Either sign would do; that of the largest number is made the same everywhere.
    let largest = 0;
    for (const value of column) if (Math.abs(value) > Math.abs(largest)) largest = value;
    const sign = largest < 0 ? -1 : 1;
    column.forEach((value, row) => {
      result.values[row * kept + dimension] = sign * value;
    });
  }
  return result;
}
