import { addMultiple, dot, type Matrix, normalise, rowOf, zeros } from "./matrix.ts";

/** What a symmetric matrix stretches, the largest first. */
interface Eigen {
  readonly values: Float64Array;
  /** One eigenvector of length 1 in each row, in the order of the values. */
  readonly vectors: Matrix;
}

/** A symmetric matrix with numbers on and beside its diagonal only, and what turned the given one into it. */
interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `beside[i]` stands between places i and i + 1. */
  readonly beside: Float64Array;
  /** The basis in which it is so, one vector a row. */
  readonly basis: Matrix | undefined;
}

/** The product of a symmetric matrix's part from `from` on with a vector; only the lower half is read. */
function lowerTimes({ values, rows }: Matrix, from: number, vector: Float64Array): Float64Array {
  const product = new Float64Array(rows);
  for (let i = from; i < rows; i += 1) {
    const start = i * rows;
    const factor = vector[i] ?? 0;
    let sum = 0;
    for (let j = from; j < i; j += 1) {
      const value = values[start + j] ?? 0;
      sum += value * (vector[j] ?? 0);
      product[j] = (product[j] ?? 0) + value * factor;
    }
    product[i] = (product[i] ?? 0) + sum + (values[start + i] ?? 0) * factor;
  }
  return product;
}

/** Takes 2 (v wᵀ + w vᵀ) from the lower half of the part from `from` on. */
function reflectLower({ values, rows }: Matrix, from: number, v: Float64Array, w: Float64Array): void {
  for (let i = from; i < rows; i += 1) {
    const start = i * rows;
    const [vi, wi] = [2 * (v[i] ?? 0), 2 * (w[i] ?? 0)];
    for (let j = from; j <= i; j += 1) {
      values[start + j] = (values[start + j] ?? 0) - vi * (w[j] ?? 0) - wi * (v[j] ?? 0);
    }
  }
}

/** Reflects a basis, held one vector a row, which mixes its rows. */
function reflectBasis(basis: Matrix | undefined, v: Float64Array): void {
  if (basis === undefined) return;
  const mixed = new Float64Array(basis.columns);
  v.forEach((factor, row) => {
    if (factor !== 0) addMultiple(mixed, factor, rowOf(basis, row));
  });
  v.forEach((factor, row) => {
    if (factor !== 0) addMultiple(rowOf(basis, row), -2 * factor, mixed);
  });
}

/** Householder's reflections, one a column, until nothing is left beyond the neighbours of the diagonal. */
function tridiagonal(work: Matrix, basis: Matrix | undefined): Tridiagonal {
  const { rows: size, values } = work;
  const beside = new Float64Array(size);
  for (let column = 0; column < size - 1; column += 1) {
    const v = new Float64Array(size);
    for (let i = column + 1; i < size; i += 1) v[i] = values[i * size + column] ?? 0;
    const length = Math.sqrt(dot(v, v));
    const first = v[column + 1] ?? 0;
    const target = first > 0 ? -length : length;
    beside[column] = target;
    v[column + 1] = first - target;
    normalise(v);
    const w = lowerTimes(work, column + 1, v);
    addMultiple(w, -dot(v, w), v);
    reflectLower(work, column + 1, v, w);
    reflectBasis(basis, v);
  }
  const diagonal = Float64Array.from({ length: size }, (_value, i) => values[i * size + i] ?? 0);
  return { diagonal, beside, basis };
}

/** A turn in the plane of two neighbouring places, by the cosine and the sine of its angle. */
interface Turn {
  readonly cosine: number;
  readonly sine: number;
}

/** Turns two rows of the basis in their plane. */
function turnRows(basis: Matrix, row: number, { cosine, sine }: Turn): void {
  const [one, other] = [rowOf(basis, row), rowOf(basis, row + 1)];
  for (let i = 0; i < one.length; i += 1) {
    const [a, b] = [one[i] ?? 0, other[i] ?? 0];
    one[i] = cosine * a + sine * b;
    other[i] = cosine * b - sine * a;
  }
}

/** The eigenvalue of the last two by two corner that is nearer to its end (Wilkinson). */
function shiftOf({ diagonal, beside }: Tridiagonal, last: number): number {
  const end = diagonal[last] ?? 0;
  const half = ((diagonal[last - 1] ?? 0) - end) / 2;
  const square = (beside[last - 1] ?? 0) ** 2;
  const root = Math.sqrt(half * half + square);
  const divisor = half >= 0 ? half + root : half - root;
  return divisor === 0 ? end : end - square / divisor;
}

/** Turns the places `k` and `k + 1` of the matrix itself. */
function turnCorner({ diagonal, beside }: Tridiagonal, k: number, { cosine, sine }: Turn): void {
  const [a, b, c] = [diagonal[k] ?? 0, beside[k] ?? 0, diagonal[k + 1] ?? 0];
  diagonal[k] = cosine * cosine * a + 2 * cosine * sine * b + sine * sine * c;
  diagonal[k + 1] = sine * sine * a - 2 * cosine * sine * b + cosine * cosine * c;
  beside[k] = cosine * sine * (c - a) + (cosine * cosine - sine * sine) * b;
}

/** One implicit step of QR over the places from `first` to `last`. */
function step(matrix: Tridiagonal, first: number, last: number): void {
  const { diagonal, beside, basis } = matrix;
  let x = (diagonal[first] ?? 0) - shiftOf(matrix, last);
  let z = beside[first] ?? 0;
  for (let k = first; k < last; k += 1) {
    const r = Math.sqrt(x * x + z * z);
    const turn = r === 0 ? { cosine: 1, sine: 0 } : { cosine: x / r, sine: z / r };
    if (k > first) beside[k - 1] = r;
    turnCorner(matrix, k, turn);
    if (k < last - 1) {
      const next = beside[k + 1] ?? 0;
      [x, z] = [beside[k] ?? 0, turn.sine * next];
      beside[k + 1] = turn.cosine * next;
    }
    if (basis !== undefined) turnRows(basis, k, turn);
  }
}

/** QR until nothing is left beside the diagonal. */
function diagonalise(matrix: Tridiagonal): void {
  const { diagonal, beside } = matrix;
  const size = diagonal.length;
  let scale = 0;
  for (let i = 0; i < size; i += 1)
    scale = Math.max(scale, Math.abs(diagonal[i] ?? 0), Math.abs(beside[i] ?? 0));
  // Numbers that are nothing beside the largest are nothing; without a bound of that kind ranks below the full one,
  // with eigenvalues that are all but zero, take very many steps.
  const least = scale * Number.EPSILON;
  const isOver = (place: number): boolean => Math.abs(beside[place] ?? 0) <= least;
  let last = size - 1;
  while (last > 0) {
    if (isOver(last - 1)) {
      last -= 1;
      continue;
    }
    let first = last - 1;
    while (first > 0 && !isOver(first - 1)) first -= 1;
    step(matrix, first, last);
  }
}

function solved(matrix: Matrix, basis: Matrix | undefined): Float64Array {
  const reduced = tridiagonal({ ...matrix, values: Float64Array.from(matrix.values) }, basis);
  diagonalise(reduced);
  return reduced.diagonal;
}

/**
 * The eigenvalues of a symmetric matrix, the largest first: Householder's reflections, then QR. Exact but for rounding;
 * the time grows with the third power of the size (two seconds for 1,000).
 */
export function symmetricEigenvalues(matrix: Matrix): Float64Array {
  return solved(matrix, undefined).sort().reverse();
}

/** The eigenvalues and eigenvectors of a symmetric matrix; see {@link symmetricEigenvalues}. */
export function symmetricEigen(matrix: Matrix): Eigen {
  const { rows: size } = matrix;
  const basis = zeros(size, size);
  for (let i = 0; i < size; i += 1) basis.values[i * size + i] = 1;
  const diagonal = solved(matrix, basis);
  const order = [...diagonal.keys()].sort((one, other) => (diagonal[other] ?? 0) - (diagonal[one] ?? 0));
  const vectors = zeros(size, size);
  order.forEach((place, row) => {
    rowOf(vectors, row).set(rowOf(basis, place));
  });
  return { values: Float64Array.from(order, (place) => diagonal[place] ?? 0), vectors };
}
