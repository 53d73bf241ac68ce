const INITIAL_A = 0x43b0d7e5;
const INITIAL_B = 0x8b51f9dd;
const MULTIPLIER_A = 0x931e8875;
const MULTIPLIER_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;
const POOL_WORDS = 4;

/** The 32-bit words of a seed, lowest first; at least one. */
function entropyWords(seed: bigint): number[] {
  const words: number[] = [];
  for (let rest = seed; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length === 0 ? [0] : words;
}

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

function mix(left: number, right: number): number {
  return foldHigh(Math.imul(MIX_LEFT, left) - Math.imul(MIX_RIGHT, right));
}

/**
 * The first `count` 32-bit words of the state that NumPy's `SeedSequence(seed)` generates.
 * @param seed a whole number that is not negative.
 */
export function seedWords(seed: bigint, count: number): number[] {
  const entropy = entropyWords(seed);
  const hash = hasher(INITIAL_A, MULTIPLIER_A);
  const pool = Array.from({ length: POOL_WORDS }, (_, i) => hash(entropy[i] ?? 0));
  const stir = (index: number, word: number): void => {
    pool[index] = mix(pool[index] ?? 0, hash(word));
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
