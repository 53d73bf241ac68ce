import { createPcg64, type Pcg64 } from "./pcg64.ts";

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
