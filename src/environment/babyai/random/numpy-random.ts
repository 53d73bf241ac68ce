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

/** A stream of 64-bit words, each given as two 32-bit halves. */
interface Pcg64 {
  /** Steps the generator; the new word is then in `low` and `high`. */
  advance(): void;
  /** The lower half of the latest word, in [0, 2^32). */
  readonly low: number;
  /** The upper half of the latest word, in [0, 2^32). */
  readonly high: number;
  /** The 128-bit state, for comparison with other implementations. */
  state(): bigint;
  /** The 128-bit increment, which is odd and never changes. */
  increment(): bigint;
}

function toBigInt(limbs: Float64Array): bigint {
  return limbs.reduceRight((value, limb) => (value << 16n) | BigInt(limb), 0n);
}

/** 32-bit words, lowest first, as 16-bit limbs. */
function toLimbs(words: readonly number[]): Float64Array {
  return Float64Array.from(words.flatMap((word) => [word & 0xffff, word >>> 16]));
}

/** `target += addend`, modulo 2^128. */
function add(target: Float64Array, addend: Float64Array): void {
  let carry = 0;
  for (let i = 0; i < LIMBS; i += 1) {
    const sum = (target[i] ?? 0) + (addend[i] ?? 0) + carry;
    target[i] = sum & 0xffff;
    carry = sum >>> 16;
  }
}

/** `state = state * MULTIPLIER + increment`, modulo 2^128. Sums of limb products stay far below 2^53. */
function step(state: Float64Array, increment: Float64Array, product: Float64Array): void {
  let carry = 0;
  for (let i = 0; i < LIMBS; i += 1) {
    let sum = carry + (increment[i] ?? 0);
    for (let j = 0; j <= i; j += 1) sum += (state[j] ?? 0) * (MULTIPLIER[i - j] ?? 0);
    product[i] = sum & 0xffff;
    carry = Math.floor(sum / 65536);
  }
  state.set(product);
}

/** Doubles the 128-bit number and adds one, which makes any stream number an odd increment. */
function toIncrement(limbs: Float64Array): Float64Array {
  return limbs.map((limb, i) => ((limb << 1) & 0xffff) | (i === 0 ? 1 : (limbs[i - 1] ?? 0) >>> 15));
}

/**
 * NumPy's `PCG64(SeedSequence(seed))`: a 128-bit linear congruential generator whose output is the folded
 * state, rotated by its highest six bits. The state is kept in 16-bit limbs because `BigInt` is many times slower.
 */
export function createPcg64(seed: bigint): Pcg64 {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = seedWords(seed, LIMBS);
  const increment = toIncrement(toLimbs([g, h, e, f]));
  const state = new Float64Array(LIMBS);
  const product = new Float64Array(LIMBS);
  step(state, increment, product);
  add(state, toLimbs([c, d, a, b]));
  step(state, increment, product);

  const word = (limb: number): number => ((state[limb + 1] ?? 0) << 16) | (state[limb] ?? 0);
  const generator = {
    low: 0,
    high: 0,
    advance: (): void => {
      step(state, increment, product);
      const low = word(0) ^ word(4);
      const high = word(2) ^ word(6);
      const turn = (state[7] ?? 0) >>> 10;
      const swapped = turn >= 32;
      const [from, to] = swapped ? [high, low] : [low, high];
      const shift = turn & 31;
      generator.low = (shift === 0 ? from : (from >>> shift) | (to << (32 - shift))) >>> 0;
      generator.high = (shift === 0 ? to : (to >>> shift) | (from << (32 - shift))) >>> 0;
    },
    state: (): bigint => toBigInt(state),
    increment: (): bigint => toBigInt(increment),
  };
  return generator;
}

const TWO_32 = 4294967296;
/** Below this bound a 32-bit word times the bound is exact in a double. */
const EXACT_BOUND = 2097152;

/** The draws of NumPy's `Generator(PCG64(SeedSequence(seed)))` that level generators use, bit for bit. */
export interface NumpyRandom {
  /** A whole number in [low, high); both at most 2^53 in size. Draws nothing when only one value is possible. */
  integer(low: number, high: number): number;
  /** A number in [0, 1) with 53 random bits. */
  random(): number;
  /** A number in [low, high). */
  uniform(low: number, high: number): number;
  /** A coin: true when `integer(0, 2)` is 0. */
  coin(): boolean;
  /** One of `items`, which must not be empty. */
  pick<Item>(items: readonly Item[]): Item;
  /** `count` different entries of `items` in random order. */
  subset<Item>(items: readonly Item[], count: number): Item[];
}

/** 32-bit words out of 64-bit ones: the lower half first, the upper half kept for the next call. */
function halves(generator: Pcg64): () => number {
  let kept = false;
  let upper = 0;
  return () => {
    if (kept) {
      kept = false;
      return upper;
    }
    generator.advance();
    kept = true;
    upper = generator.high;
    return generator.low;
  };
}

/** The upper 32 bits of the product of two 32-bit numbers. */
function upperProduct(a: number, b: number): number {
  if (b <= EXACT_BOUND) return Math.floor((a * b) / TWO_32);
  return Number((BigInt(a) * BigInt(b)) >> 32n);
}

/** Lemire's multiply-and-reject draw from [0, bound), 2 <= bound < 2^32. */
function bounded32(word: () => number, bound: number): number {
  let drawn = word();
  let leftover = Math.imul(drawn, bound) >>> 0;
  if (leftover < bound) {
    const threshold = (TWO_32 - bound) % bound;
    while (leftover < threshold) {
      drawn = word();
      leftover = Math.imul(drawn, bound) >>> 0;
    }
  }
  return upperProduct(drawn, bound);
}

/** The same for bounds above 2^32, from whole 64-bit words. Rare, so `BigInt` will do. */
function bounded64(generator: Pcg64, bound: bigint): bigint {
  const threshold = ((1n << 64n) - bound) % bound;
  for (;;) {
    generator.advance();
    const product = ((BigInt(generator.high) << 32n) | BigInt(generator.low)) * bound;
    if ((product & 0xffffffffffffffffn) >= threshold) return product >> 64n;
  }
}

/**
 * The random stream that Gymnasium gives an environment for `seed`.
 * @param seed a whole number that is not negative.
 */
export function createNumpyRandom(seed: number | bigint): NumpyRandom {
  const generator = createPcg64(BigInt(seed));
  const word = halves(generator);
  const integer = (low: number, high: number): number => {
    const bound = high - low;
    if (!(bound >= 1)) throw new RangeError(`no whole number in [${low}, ${high})`);
    if (bound === 1) return low;
    if (bound < TWO_32) return low + bounded32(word, bound);
    if (bound === TWO_32) return low + word();
    return Number(BigInt(low) + bounded64(generator, BigInt(high) - BigInt(low)));
  };
  const random = (): number => {
    generator.advance();
    return (generator.high * 2097152 + (generator.low >>> 11)) / 9007199254740992;
  };
  const take = <Item>(items: Item[]): Item[] => items.splice(integer(0, items.length), 1);
  return {
    integer,
    random,
    uniform: (low, high) => low + (high - low) * random(),
    coin: () => integer(0, 2) === 0,
    pick: (items) => {
      const item = items[integer(0, items.length)];
      if (item === undefined) throw new RangeError("cannot pick from an empty list");
      return item;
    },
    subset: (items, count) => {
      const rest = [...items];
      return Array.from({ length: count }, () => take(rest)).flat(1);
    },
  };
}
