import type { Matrix } from "./matrix.ts";
import { nearestNeighbours, squaredDistance } from "./nearest-neighbours.ts";

/** How many rows are at least as near as one; of equally near ones those before it. The asked row is among them. */
function rankOf(squares: Float64Array, row: number): number {
  const own = squares[row] ?? 0;
  let nearer = 0;
  squares.forEach((square, other) => {
    if (square < own || (square === own && other < row)) nearer += 1;
  });
  return nearer;
}

/**
 * How far the neighbours of a map were neighbours before (Venna and Kaski), from 0 to 1: of each row's `count` nearest
 * points, those that were not among its `count` nearest rows cost as much as they were further away. `count` must be
 * below half the rows. `onRow` is called before each row.
 */
export function trustworthiness(
  matrix: Matrix,
  map: Matrix,
  count: number,
  onRow: (row: number) => void = () => {},
): number {
  const { rows } = matrix;
  const { places } = nearestNeighbours(map, count, () => {});
  const squares = new Float64Array(rows);
  let cost = 0;
  for (let row = 0; row < rows; row += 1) {
    onRow(row);
    for (let other = 0; other < rows; other += 1)
      squares[other] = other === row ? -1 : squaredDistance(matrix, row, other);
    for (const neighbour of places.subarray(row * count, (row + 1) * count))
      cost += Math.max(0, rankOf(squares, neighbour) - count);
  }
  return 1 - (2 * cost) / (rows * count * (2 * rows - 3 * count - 1));
}
