/** How deep squares are halved; points that are still together then count as one place. */
const DEEPEST = 40;
/** What is held of a square: the place where its points are in the middle, x and y, their number, and its size. */
const FIELDS = 4;

/**
 * Points of a plane in squares of squares, so that those far away count as one (Barnes and Hut). Filled anew for each
 * step; the memory is kept.
 */
export class QuadTree {
  readonly #points: Float64Array;
  /**
   * {@link FIELDS} of each square. While it is filled the sums of its points' places and its side; then their mean,
   * and the side squared, which is 0 where nothing is below.
   */
  #fields = new Float64Array(0);
  /** Of each square its four quarters, 0 for none: nothing has the root as a quarter. */
  #quarters = new Int32Array(0);
  /** Of each square the point that it holds while it holds one alone, else -1. */
  #alone = new Int32Array(0);
  #squares = 0;
  readonly #open = new Int32Array(4 * DEEPEST + 8);

  /** `points` are x and y of one point after the other; they may be moved between fillings. */
  constructor(points: Float64Array) {
    this.#points = points;
    this.#grow(Math.max(16, points.length));
  }

  #grow(squares: number): void {
    const [fields, quarters, alone] = [this.#fields, this.#quarters, this.#alone];
    this.#fields = new Float64Array(FIELDS * squares);
    this.#fields.set(fields);
    this.#quarters = new Int32Array(4 * squares);
    this.#quarters.set(quarters);
    this.#alone = new Int32Array(squares);
    this.#alone.set(alone);
  }

  #newSquare(side: number): number {
    const square = this.#squares;
    if (square === this.#alone.length) this.#grow(2 * square);
    this.#quarters.fill(0, 4 * square, 4 * square + 4);
    this.#fields.fill(0, FIELDS * square, FIELDS * square + 3);
    this.#fields[FIELDS * square + 3] = side;
    this.#alone[square] = -1;
    this.#squares += 1;
    return square;
  }

  /** Takes the points in where they are now. */
  fill(): void {
    const points = this.#points;
    let [left, bottom] = [points[0] ?? 0, points[1] ?? 0];
    let [right, top] = [left, bottom];
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [points[i] ?? 0, points[i + 1] ?? 0];
      left = Math.min(left, x);
      right = Math.max(right, x);
      bottom = Math.min(bottom, y);
      top = Math.max(top, y);
    }
    this.#squares = 0;
    this.#newSquare(Math.max(right - left, top - bottom, Number.MIN_VALUE));
    for (let point = 0; point < points.length / 2; point += 1) this.#put(point, left, bottom);
    this.#settle();
  }

  #put(point: number, left: number, bottom: number): void {
    const [x, y] = [this.#points[2 * point] ?? 0, this.#points[2 * point + 1] ?? 0];
    let [square, x0, y0] = [0, left, bottom];
    for (let depth = 0; ; depth += 1) {
      const count = this.#field(square, 2);
      const other = this.#alone[square] ?? -1;
      this.#add(square, x, y);
      if (count === 0) this.#alone[square] = point;
      if (count === 0 || depth >= DEEPEST) return;
      const half = this.#field(square, 3) / 2;
      if (other !== -1) this.#moveDown(square, x0 + half, y0 + half, half);
      const [isRight, isUpper] = [x >= x0 + half, y >= y0 + half];
      square = this.#quarter(square, isRight, isUpper, half);
      if (isRight) x0 += half;
      if (isUpper) y0 += half;
    }
  }

  #field(square: number, field: number): number {
    return this.#fields[FIELDS * square + field] ?? 0;
  }

  /** Who is alone in a square goes into one of its quarters, which meet at a point. */
  #moveDown(square: number, middleX: number, middleY: number, half: number): void {
    const point = this.#alone[square] ?? 0;
    const [x, y] = [this.#points[2 * point] ?? 0, this.#points[2 * point + 1] ?? 0];
    const below = this.#quarter(square, x >= middleX, y >= middleY, half);
    this.#add(below, x, y);
    this.#alone[below] = point;
    this.#alone[square] = -1;
  }

  #add(square: number, x: number, y: number): void {
    const place = FIELDS * square;
    this.#fields[place] = (this.#fields[place] ?? 0) + x;
    this.#fields[place + 1] = (this.#fields[place + 1] ?? 0) + y;
    this.#fields[place + 2] = (this.#fields[place + 2] ?? 0) + 1;
  }

  #quarter(square: number, isRight: boolean, isUpper: boolean, half: number): number {
    const place = 4 * square + (isRight ? 1 : 0) + (isUpper ? 2 : 0);
    const found = this.#quarters[place] ?? 0;
    if (found !== 0) return found;
    const made = this.#newSquare(half);
    this.#quarters[place] = made;
    return made;
  }

  /** Makes means of the sums. */
  #settle(): void {
    const fields = this.#fields;
    for (let square = 0; square < this.#squares; square += 1) {
      const place = FIELDS * square;
      const count = fields[place + 2] ?? 1;
      const side = this.#alone[square] === -1 ? (fields[place + 3] ?? 0) : 0;
      fields[place] = (fields[place] ?? 0) / count;
      fields[place + 1] = (fields[place + 1] ?? 0) / count;
      fields[place + 3] = side * side;
    }
  }

  /** Puts the quarters of a square behind the `waiting` squares that are open; gives how many are then. */
  #openQuarters(square: number, waiting: number): number {
    let open = waiting;
    for (let quarter = 4 * square; quarter < 4 * square + 4; quarter += 1) {
      const below = this.#quarters[quarter] ?? 0;
      this.#open[open] = below;
      if (below !== 0) open += 1;
    }
    return open;
  }

  /**
   * How all other points push a point away in t-SNE: the push, not yet divided by the sum over all points, goes into
   * `push`; the point's part of that sum is given back. Squares that look smaller than `angle`, which must be below
   * 0.7, count as one point.
   */
  push(point: number, angle: number, push: Float64Array): number {
    // Local names: this is where most of the time goes.
    const [fields, open] = [this.#fields, this.#open];
    const [x, y] = [this.#points[2 * point] ?? 0, this.#points[2 * point + 1] ?? 0];
    const least = angle * angle;
    let [pushX, pushY, sum, waiting] = [0, 0, 0, 1];
    open[0] = 0;
    while (waiting > 0) {
      waiting -= 1;
      const square = open[waiting] ?? 0;
      const place = FIELDS * square;
      const dx = x - (fields[place] ?? 0);
      const dy = y - (fields[place + 1] ?? 0);
      const distance = dx * dx + dy * dy;
      if ((fields[place + 3] ?? 0) <= least * distance) {
        const near = 1 / (1 + distance);
        const each = (fields[place + 2] ?? 0) * near;
        sum += each;
        pushX += each * near * dx;
        pushY += each * near * dy;
        continue;
      }
      waiting = this.#openQuarters(square, waiting);
    }
    push[0] = pushX;
    push[1] = pushY;
    // The point itself was among them, at no distance.
    return sum - 1;
  }
}
