import { type Affinities, affinities } from "./affinities.ts";
import { addMultiple, type Matrix, rowOf, rowVectors, zeros } from "./matrix.ts";
import { nearestNeighbours } from "./nearest-neighbours.ts";
import { QuadTree } from "./quad-tree.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** How a map is drawn. */
export interface TsneOptions {
  /** About how many neighbours each row shall keep. */
  readonly perplexity: number;
  /** Steps in all. */
  readonly steps: number;
}

/** The values that most maps are drawn with. */
export const TSNE_DEFAULTS: TsneOptions = { perplexity: 30, steps: 1000 };

/** How far a map is: first neighbours are looked for, a row each, then points move, all in each step. */
export interface TsneProgress {
  readonly stage: "neighbours" | "steps";
  readonly done: number;
  readonly total: number;
}

/** In the first steps what belongs together is pulled so many times as hard, so that clusters find each other. */
const EARLY = { steps: 250, exaggeration: 12, momentum: 0.5 };
const LATE_MOMENTUM = 0.8;
/** Squares that look smaller than this count as one point. */
const ANGLE = 0.5;
const LEAST_GAIN = 0.01;
/** The spread of the first coordinate at the start: small, so that the first steps decide. */
const START_SPREAD = 1e-4;
const NEIGHBOURS_PER_PERPLEXITY = 3;

/** The matrix with the mean of its rows taken from each. */
function centred(matrix: Matrix): Matrix {
  const mean = new Float64Array(matrix.columns);
  for (let row = 0; row < matrix.rows; row += 1) addMultiple(mean, 1 / matrix.rows, rowOf(matrix, row));
  const result = { ...matrix, values: Float64Array.from(matrix.values) };
  for (let row = 0; row < matrix.rows; row += 1) addMultiple(rowOf(result, row), -1, mean);
  return result;
}

/** The two directions in which the rows differ most, the first with a small spread: the same start each time. */
function start(matrix: Matrix): Float64Array {
  const { rows, columns } = matrix;
  const apart = centred(matrix);
  const covariance = zeros(columns, columns);
  for (let row = 0; row < rows; row += 1) {
    const values = rowOf(apart, row);
    values.forEach((value, i) => {
      addMultiple(rowOf(covariance, i), value, values);
    });
  }
  const { values: strengths, vectors } = symmetricEigen(covariance);
  const spread = Math.sqrt(Math.max(strengths[0] ?? 0, 0) / rows) || 1;
  const points = new Float64Array(2 * rows);
  for (const axis of [0, 1].slice(0, columns)) {
    const along = rowVectors(apart).times(rowOf(vectors, axis));
    along.forEach((value, row) => {
      points[2 * row + axis] = (START_SPREAD * value) / spread;
    });
  }
  return points;
}

/** Points that move until each is near those that it belongs to. */
class Movement {
  readonly points: Float64Array;
  readonly #affinities: Affinities;
  readonly #tree: QuadTree;
  readonly #slope: Float64Array;
  readonly #change: Float64Array;
  readonly #gains: Float64Array;
  readonly #rate: number;

  constructor(points: Float64Array, belonging: Affinities) {
    this.points = points;
    this.#affinities = belonging;
    this.#tree = new QuadTree(points);
    this.#slope = new Float64Array(points.length);
    this.#change = new Float64Array(points.length);
    this.#gains = new Float64Array(points.length).fill(1);
    this.#rate = Math.max(belonging.rows / EARLY.exaggeration / 4, 50);
  }

  step(exaggeration: number, momentum: number): void {
    this.#pushAway();
    this.#pullTogether(exaggeration);
    const { points } = this;
    for (let i = 0; i < points.length; i += 1) {
      const [slope, change] = [4 * (this.#slope[i] ?? 0), this.#change[i] ?? 0];
      const gain = this.#gains[i] ?? 1;
      const nextGain = Math.max(LEAST_GAIN, slope * change < 0 ? gain + 0.2 : gain * 0.8);
      const nextChange = momentum * change - this.#rate * nextGain * slope;
      this.#gains[i] = nextGain;
      this.#change[i] = nextChange;
      points[i] = (points[i] ?? 0) + nextChange;
    }
  }

  /** What all points do to each: the slope becomes the push over the sum of all pairs' nearness. */
  #pushAway(): void {
    this.#tree.fill();
    const push = new Float64Array(2);
    let sum = 0;
    for (let point = 0; point < this.#affinities.rows; point += 1) {
      sum += this.#tree.push(point, ANGLE, push);
      this.#slope[2 * point] = push[0] ?? 0;
      this.#slope[2 * point + 1] = push[1] ?? 0;
    }
    const scale = -1 / Math.max(sum, Number.MIN_VALUE);
    for (let i = 0; i < this.#slope.length; i += 1) this.#slope[i] = (this.#slope[i] ?? 0) * scale;
  }

  /** What those that belong together do to each other. */
  #pullTogether(exaggeration: number): void {
    const { points } = this;
    const { rows, starts, others, shares } = this.#affinities;
    for (let row = 0; row < rows; row += 1) {
      const [x, y] = [points[2 * row] ?? 0, points[2 * row + 1] ?? 0];
      const end = starts[row + 1] ?? 0;
      let [pullX, pullY] = [0, 0];
      for (let i = starts[row] ?? 0; i < end; i += 1) {
        const other = 2 * (others[i] ?? 0);
        const [dx, dy] = [x - (points[other] ?? 0), y - (points[other + 1] ?? 0)];
        const pull = (shares[i] ?? 0) / (1 + dx * dx + dy * dy);
        pullX += pull * dx;
        pullY += pull * dy;
      }
      this.#slope[2 * row] = (this.#slope[2 * row] ?? 0) + exaggeration * pullX;
      this.#slope[2 * row + 1] = (this.#slope[2 * row + 1] ?? 0) + exaggeration * pullY;
    }
  }
}

/**
 * Barnes-Hut t-SNE (van der Maaten, 2014): the rows as points of a plane, those near each other that were so before.
 * Draws nothing at random, so that the same rows give the same points. Neighbours are found exactly; with n rows the
 * time is n² for them and n log n for each step.
 *
 * @returns x and y of one row after the other
 */
export function tsne(
  matrix: Matrix,
  { perplexity, steps }: TsneOptions,
  onProgress: (progress: TsneProgress) => void = () => {},
): Float64Array {
  const { rows } = matrix;
  const count = Math.min(rows - 1, Math.round(NEIGHBOURS_PER_PERPLEXITY * perplexity));
  // Two points have no neighbourhood that could be kept.
  if (count < 2) return Float64Array.from({ length: 2 * rows }, (_value, i) => (i % 2 === 0 ? i / 2 : 0));
  const neighbours = nearestNeighbours(matrix, count, (done) =>
    onProgress({ stage: "neighbours", done, total: rows }),
  );
  const kept = Math.min(perplexity, count / NEIGHBOURS_PER_PERPLEXITY);
  const movement = new Movement(start(matrix), affinities(neighbours, Math.max(kept, 1)));
  for (let done = 0; done < steps; done += 1) {
    onProgress({ stage: "steps", done, total: steps });
    const isEarly = done < EARLY.steps;
    movement.step(isEarly ? EARLY.exaggeration : 1, isEarly ? EARLY.momentum : LATE_MOMENTUM);
  }
  return movement.points;
}
