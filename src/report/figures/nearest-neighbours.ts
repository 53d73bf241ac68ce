import type { Matrix } from "./matrix.ts";

/** Of each row its nearest other rows, the nearest first; equally near ones by their places. */
export interface Neighbours {
  readonly rows: number;
  /** Neighbours of each row. */
  readonly count: number;
  readonly places: Uint32Array;
  /** Squared Euclidean distances. */
  readonly squares: Float64Array;
}

/** The squared Euclidean distance of two rows. */
export function squaredDistance({ values, columns }: Matrix, one: number, other: number): number {
  const [first, second] = [one * columns, other * columns];
  let sum = 0;
  for (let i = 0; i < columns; i += 1) {
    const difference = (values[first + i] ?? 0) - (values[second + i] ?? 0);
    sum += difference * difference;
  }
  return sum;
}

/** The nearest of one row, into a part of the lists that stays sorted. */
function findNearest(matrix: Matrix, row: number, places: Uint32Array, squares: Float64Array): void {
  const last = places.length - 1;
  squares.fill(Number.POSITIVE_INFINITY);
  for (let other = 0; other < matrix.rows; other += 1) {
    if (other === row) continue;
    const square = squaredDistance(matrix, row, other);
    if (square >= (squares[last] ?? 0)) continue;
    let place = last;
    for (; place > 0 && square < (squares[place - 1] ?? 0); place -= 1) {
      squares[place] = squares[place - 1] ?? 0;
      places[place] = places[place - 1] ?? 0;
    }
    squares[place] = square;
    places[place] = other;
  }
}

/**
 * Finds them by comparing each row with each: exact, and quick enough for some ten thousand rows of 50 numbers.
 * `onRow` is called before each row.
 */
export function nearestNeighbours(matrix: Matrix, count: number, onRow: (row: number) => void): Neighbours {
  const { rows } = matrix;
  const places = new Uint32Array(rows * count);
  const squares = new Float64Array(rows * count);
  for (let row = 0; row < rows; row += 1) {
    onRow(row);
    const [start, end] = [row * count, (row + 1) * count];
    findNearest(matrix, row, places.subarray(start, end), squares.subarray(start, end));
  }
  return { rows, count, places, squares };
}
