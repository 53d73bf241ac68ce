import type { Neighbours } from "./nearest-neighbours.ts";

/** How much each row belongs to each of some others; symmetric, and 1 all together. */
export interface Affinities {
  readonly rows: number;
  /** Where the others of each row begin in the two lists below, and where the last one's end. */
  readonly starts: Uint32Array;
  readonly others: Uint32Array;
  readonly shares: Float64Array;
}

/** Steps of halving in which the width of a row's surroundings is looked for, and how near they must come. */
const STEPS = 60;
const NEAR = 1e-5;

/** Shares of one row's neighbours under a width, into `shares`; gives their entropy. */
function weigh(squares: Float64Array, precision: number, shares: Float64Array): number {
  // What the nearest one has is taken from all: the shares stay the same, and none becomes nothing.
  const nearest = squares[0] ?? 0;
  let [sum, weighted] = [0, 0];
  for (let i = 0; i < squares.length; i += 1) {
    const beyond = (squares[i] ?? 0) - nearest;
    const share = Math.exp(-beyond * precision);
    shares[i] = share;
    sum += share;
    weighted += share * beyond;
  }
  for (let i = 0; i < shares.length; i += 1) shares[i] = (shares[i] ?? 0) / sum;
  return Math.log(sum) + (precision * weighted) / sum;
}

/** The shares of one row's neighbours, as wide as the perplexity says. */
function weighNeighbours(squares: Float64Array, perplexity: number, shares: Float64Array): void {
  const wanted = Math.log(perplexity);
  let [low, high, precision] = [0, Number.POSITIVE_INFINITY, 1];
  for (let step = 0; step < STEPS; step += 1) {
    const excess = weigh(squares, precision, shares) - wanted;
    if (Math.abs(excess) < NEAR) return;
    if (excess > 0) low = precision;
    else high = precision;
    precision = high === Number.POSITIVE_INFINITY ? precision * 2 : (low + high) / 2;
  }
}

/** The shares that each row gives and those that it is given, as lists by rows in which another may stand twice. */
function gathered({ rows, count, places }: Neighbours, shares: Float64Array): Affinities {
  const starts = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row += 1) starts[row + 1] = count;
  for (const other of places) starts[other + 1] = (starts[other + 1] ?? 0) + 1;
  for (let row = 0; row < rows; row += 1) starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0);
  const next = Uint32Array.from(starts);
  const others = new Uint32Array(2 * rows * count);
  const all = new Float64Array(2 * rows * count);
  const put = (row: number, other: number, share: number): void => {
    const place = next[row] ?? 0;
    others[place] = other;
    all[place] = share;
    next[row] = place + 1;
  };
  places.forEach((other, place) => {
    const row = Math.floor(place / count);
    const share = (shares[place] ?? 0) / (2 * rows);
    put(row, other, share);
    put(other, row, share);
  });
  return { rows, starts, others, shares: all };
}

/** The same with every other once in a row. */
function merged({ rows, starts, others, shares }: Affinities): Affinities {
  const mergedStarts = new Uint32Array(rows + 1);
  const [mergedOthers, mergedShares] = [new Uint32Array(others.length), new Float64Array(shares.length)];
  const placeOf = new Int32Array(rows).fill(-1);
  let end = 0;
  for (let row = 0; row < rows; row += 1) {
    const begin = end;
    for (let i = starts[row] ?? 0; i < (starts[row + 1] ?? 0); i += 1) {
      const other = others[i] ?? 0;
      let place = placeOf[other] ?? -1;
      if (place < begin) {
        place = end;
        end += 1;
        placeOf[other] = place;
        mergedOthers[place] = other;
      }
      mergedShares[place] = (mergedShares[place] ?? 0) + (shares[i] ?? 0);
    }
    mergedStarts[row + 1] = end;
  }
  return {
    rows,
    starts: mergedStarts,
    others: mergedOthers.slice(0, end),
    shares: mergedShares.slice(0, end),
  };
}

/** t-SNE's affinities of rows that have so many neighbours each (perplexity, at most a third of the neighbours). */
export function affinities(neighbours: Neighbours, perplexity: number): Affinities {
  const { rows, count, squares } = neighbours;
  const shares = new Float64Array(rows * count);
  for (let row = 0; row < rows; row += 1) {
    const [start, end] = [row * count, (row + 1) * count];
    weighNeighbours(squares.subarray(start, end), perplexity, shares.subarray(start, end));
  }
  return merged(gathered(neighbours, shares));
}
