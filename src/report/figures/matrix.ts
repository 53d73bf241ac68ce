import type { Random } from "../../random.ts";

/** Rows of numbers, one row after the other. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** Rows of numbers, one a text, however they are stored. */
export interface RowVectors {
  readonly rows: number;
  readonly columns: number;
  /** All numbers of a row. */
  row(place: number): Float64Array;
  /** Some of the rows, in that order. */
  select(places: readonly number[]): RowVectors;
  /** The scalar product of each row with a vector. */
  times(vector: Float64Array): Float64Array;
  /** The sum of the rows, each as often as the vector says. */
  transposedTimes(vector: Float64Array): Float64Array;
}

/** A matrix of nothing but zeros. */
export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

/** The scalar product. */
export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += (one[i] ?? 0) * (other[i] ?? 0);
  return sum;
}

/** Adds a multiple of a vector to another one. */
export function addMultiple(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < target.length; i += 1) target[i] = (target[i] ?? 0) + factor * (vector[i] ?? 0);
}

/** Makes a vector one of length 1; one of zeros stays as it is. */
export function normalise(vector: Float64Array): void {
  const length = Math.sqrt(dot(vector, vector));
  if (length > 0) for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) / length;
}

/** A row of a matrix; a change of it is a change of the matrix. */
export function rowOf({ values, columns }: Matrix, row: number): Float64Array {
  return values.subarray(row * columns, (row + 1) * columns);
}

/** The matrix with each of its rows of length 1, but for rows of zeros. */
export function withUnitRows(matrix: Matrix): Matrix {
  const unit = { ...matrix, values: Float64Array.from(matrix.values) };
  for (let row = 0; row < unit.rows; row += 1) normalise(rowOf(unit, row));
  return unit;
}

/** The rows of a matrix, which holds all numbers. */
export function rowVectors(matrix: Matrix): RowVectors {
  const { rows, columns } = matrix;
  return {
    rows,
    columns,
    row: (place) => rowOf(matrix, place),
    select: (places) => {
      const selected = zeros(places.length, columns);
      places.forEach((place, row) => {
        rowOf(selected, row).set(rowOf(matrix, place));
      });
      return rowVectors(selected);
    },
    times: (vector) => Float64Array.from({ length: rows }, (_value, row) => dot(rowOf(matrix, row), vector)),
    transposedTimes: (vector) => {
      const sum = new Float64Array(columns);
      for (let row = 0; row < rows; row += 1) addMultiple(sum, vector[row] ?? 0, rowOf(matrix, row));
      return sum;
    },
  };
}

/** The scalar products of all rows with each other. */
export function products(vectors: RowVectors): Matrix {
  const { rows } = vectors;
  const result = zeros(rows, rows);
  for (let row = 0; row < rows; row += 1) rowOf(result, row).set(vectors.times(vectors.row(row)));
  return result;
}

/** Numbers of the normal distribution (Box and Muller). */
export function normalNumbers(random: Random, count: number): Float64Array {
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
    const angle = 2 * Math.PI * random.next();
    numbers[i] = radius * Math.cos(angle);
    if (i + 1 < count) numbers[i + 1] = radius * Math.sin(angle);
  }
  return numbers;
}
