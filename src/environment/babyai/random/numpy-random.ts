const INITIAL_A = 0x43b0d7e5;
const INITIAL_B = 0x8b51f9dd;
const MULTIPLIER_A = 0x931e8875;
const MULTIPLIER_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;
const POOL_WORDS = 4;

function foldHigh(word: number): number {
  return (word ^ (word >>> 16)) >>> 0;
}

/** A hash that changes its own constant with every word, so that equal words hash differently. */
function hasher(initial: number, multiplier: number): (word: number) => number {
  let constant = initial;
  return (word) => {
    const mixed = word ^ constant;
    constant = Math.imul(constant, multiplier);
    return foldHigh(Math.imul(mixed, constant));
  };
}

/**
 * The first `count` 32-bit words of the state that NumPy's `SeedSequence(seed)` generates.
 * @param seed a whole number that is not negative.
 */
export function seedWords(seed: bigint, count: number): number[] {
  const entropy: number[] = [];
  for (let rest = seed; rest > 0n; rest >>= 32n) entropy.push(Number(rest & 0xffffffffn));
  const hash = hasher(INITIAL_A, MULTIPLIER_A);
  const pool = Array.from({ length: POOL_WORDS }, (_, i) => hash(entropy[i] ?? 0));
  const stir = (index: number, word: number): void => {
    pool[index] = foldHigh(Math.imul(MIX_LEFT, pool[index] ?? 0) - Math.imul(MIX_RIGHT, hash(word)));
  };
  for (let source = 0; source < POOL_WORDS; source += 1) {
    for (let target = 0; target < POOL_WORDS; target += 1) {
      if (source !== target) stir(target, pool[source] ?? 0);
    }
  }
  for (const word of entropy.slice(POOL_WORDS)) {
    for (let target = 0; target < POOL_WORDS; target += 1) stir(target, word);
  }
  const draw = hasher(INITIAL_B, MULTIPLIER_B);
  return Array.from({ length: count }, (_, i) => draw(pool[i % POOL_WORDS] ?? 0));
}

/** The generator's 128-bit multiplier in 16-bit limbs, lowest first. */
const MULTIPLIER = Float64Array.of(0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360);
const LIMBS = 8;

/** 32-bit words, lowest first, as 16-bit limbs. */
function toLimbs(words: readonly number[]): Float64Array {
  return Float64Array.from(words.flatMap((word) => [word & 0xffff, word >>> 16]));
}

function toBigInt(limbs: Float64Array): bigint {
  return limbs.reduceRight((value, limb) => (value << 16n) | BigInt(limb), 0n);
}

/**
 * NumPy's `PCG64(SeedSequence(seed))`, a stream of 64-bit words, each given as two 32-bit halves: a 128-bit linear
 * congruential generator whose output is the folded state, rotated by its highest six bits. The state is kept in
 * 16-bit limbs because `BigInt` is many times slower.
 */
export class Pcg64 {
  /** The halves of the latest word, each in [0, 2^32). */
  low = 0;
  high = 0;
  readonly #state = new Float64Array(LIMBS);
  readonly #increment: Float64Array;
  readonly #product = new Float64Array(LIMBS);

  constructor(seed: bigint) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = seedWords(seed, LIMBS);
    const stream = toLimbs([g, h, e, f]);
    // Doubled and with one more, which makes any stream number an odd increment.
    this.#increment = stream.map(
      (limb, i) => ((limb << 1) & 0xffff) | (i === 0 ? 1 : (stream[i - 1] ?? 0) >>> 15),
    );
    this.#step();
    let carry = 0;
    for (const [i, limb] of toLimbs([c, d, a, b]).entries()) {
      const sum = (this.#state[i] ?? 0) + limb + carry;
      this.#state[i] = sum & 0xffff;
      carry = sum >>> 16;
    }
    this.#step();
  }

  /** The 128-bit state and increment, for comparison with other implementations. */
  get state(): bigint {
    return toBigInt(this.#state);
  }

  get increment(): bigint {
    return toBigInt(this.#increment);
  }

  /** Steps the generator; the new word is then in `low` and `high`. */
  advance(): void {
    this.#step();
    const low = this.#word(0) ^ this.#word(4);
    const high = this.#word(2) ^ this.#word(6);
    const turn = (this.#state[7] ?? 0) >>> 10;
    const [from, to] = turn >= 32 ? [high, low] : [low, high];
    const shift = turn & 31;
    this.low = (shift === 0 ? from : (from >>> shift) | (to << (32 - shift))) >>> 0;
    this.high = (shift === 0 ? to : (to >>> shift) | (from << (32 - shift))) >>> 0;
  }

  /** `state = state * MULTIPLIER + increment`, modulo 2^128. Sums of limb products stay far below 2^53. */
  #step(): void {
    let carry = 0;
    for (let i = 0; i < LIMBS; i += 1) {
      let sum = carry + (this.#increment[i] ?? 0);
      for (let j = 0; j <= i; j += 1) sum += (this.#state[j] ?? 0) * (MULTIPLIER[i - j] ?? 0);
      this.#product[i] = sum & 0xffff;
      carry = Math.floor(sum / 65536);
    }
    this.#state.set(this.#product);
  }

  #word(limb: number): number {
    return ((this.#state[limb + 1] ?? 0) << 16) | (this.#state[limb] ?? 0);
  }
}

const TWO_32 = 4294967296;
/** Below this bound a 32-bit word times the bound is exact in a double. */
const EXACT_BOUND = 2097152;

/** The upper 32 bits of the product of two 32-bit numbers. */
function upperProduct(a: number, b: number): number {
  if (b <= EXACT_BOUND) return Math.floor((a * b) / TWO_32);
  return Number((BigInt(a) * BigInt(b)) >> 32n);
}

/**
 * The random stream that Gymnasium gives an environment for a seed, which is a whole number that is not negative: the
 * draws of NumPy's `Generator(PCG64(SeedSequence(seed)))` that level generators use, bit for bit.
 */
export class NumpyRandom {
  readonly #generator: Pcg64;
  /** The upper half of the latest 64-bit word; undefined when it is used. */
  #kept: number | undefined;

  constructor(seed: number | bigint) {
    this.#generator = new Pcg64(BigInt(seed));
  }

  /** A whole number in [low, high); both at most 2^53 in size. Draws nothing when only one value is possible. */
  integer(low: number, high: number): number {
    const bound = high - low;
    if (!(bound >= 1)) throw new RangeError(`no whole number in [${low}, ${high})`);
    if (bound === 1) return low;
    if (bound < TWO_32) return low + this.#bounded32(bound);
    if (bound === TWO_32) return low + this.#word();
    return Number(BigInt(low) + this.#bounded64(BigInt(high) - BigInt(low)));
  }

  /** A number in [0, 1) with 53 random bits. */
  random(): number {
    this.#generator.advance();
    return (this.#generator.high * 2097152 + (this.#generator.low >>> 11)) / 9007199254740992;
  }

  /** A number in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /** A coin: true when `integer(0, 2)` is 0. */
  coin(): boolean {
    return this.integer(0, 2) === 0;
  }

  /** One of `items`, which must not be empty. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.integer(0, items.length)];
    if (item === undefined) throw new RangeError("cannot pick from an empty list");
    return item;
  }

  /** `count` different entries of `items` in random order. */
  subset<Item>(items: readonly Item[], count: number): Item[] {
    const rest = [...items];
    return Array.from({ length: count }, () => rest.splice(this.integer(0, rest.length), 1)).flat(1);
  }

  /** 32-bit words out of 64-bit ones: the lower half first, the upper half kept for the next call. */
  #word(): number {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined) return kept;
    this.#generator.advance();
    this.#kept = this.#generator.high;
    return this.#generator.low;
  }

  /** Lemire's multiply-and-reject draw from [0, bound), 2 <= bound < 2^32. */
  #bounded32(bound: number): number {
    let drawn = this.#word();
    let leftover = Math.imul(drawn, bound) >>> 0;
    if (leftover < bound) {
      const threshold = (TWO_32 - bound) % bound;
      while (leftover < threshold) {
        drawn = this.#word();
        leftover = Math.imul(drawn, bound) >>> 0;
      }
    }
    return upperProduct(drawn, bound);
  }

  /** The same for bounds above 2^32, from whole 64-bit words. Rare, so `BigInt` will do. */
  #bounded64(bound: bigint): bigint {
    const threshold = ((1n << 64n) - bound) % bound;
    for (;;) {
      this.#generator.advance();
      const product = ((BigInt(this.#generator.high) << 32n) | BigInt(this.#generator.low)) * bound;
      if ((product & 0xffffffffffffffffn) >= threshold) return product >> 64n;
    }
  }
}
