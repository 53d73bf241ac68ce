import { seedWords } from "./seed-sequence.ts";

/** The generator's 128-bit multiplier in 16-bit limbs, lowest first. */
const MULTIPLIER = Float64Array.of(0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360);
const LIMBS = 8;

/** A stream of 64-bit words, each given as two 32-bit halves. */
export interface Pcg64 {
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
