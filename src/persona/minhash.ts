import { hash32 } from "../random.ts";

/**
 * Words are runs of letters and digits. Chinese, Japanese, Thai, Lao, Khmer and Burmese put no space between
 * words, so each of their characters counts as one.
 */
const UNSPACED =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const WORD = new RegExp(`[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+`, "gu");

/**
 * The set of runs of `size` words in a text, each hashed to 32 bits, sorted and without repetition. Case,
 * punctuation and the ways of writing a letter make no difference. A text with fewer words is one shingle.
 */
export function wordShingles(text: string, size: number): Uint32Array {
  const plain = text.normalize("NFKC").toLowerCase();
  const words = plain.match(WORD) ?? [];
  if (words.length < size) return Uint32Array.of(hash32(words.length === 0 ? plain : words.join(" ")));
  const hashes = new Set<number>();
  for (let start = 0; start + size <= words.length; start += 1) {
    hashes.add(hash32(size === 1 ? (words[start] ?? "") : words.slice(start, start + size).join(" ")));
  }
  return Uint32Array.from(hashes).sort();
}

/** Jaccard's similarity of two sets that are sorted and not empty: the share of the union that both have. */
export function jaccard(one: Uint32Array, other: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    const left = one[i] ?? 0;
    const right = other[j] ?? 0;
    if (left === right) shared += 1;
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return shared / (one.length + other.length - shared);
}

/** One number for each of the hash functions of a signature. */
export function hashFunctions(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => hash32("minhash", index));
}

/**
 * The MinHash signature of a set: its smallest element under each of the hash functions (Broder 1997). Two
 * signatures agree at a place with the probability that is the Jaccard similarity of their sets.
 */
export function minHash(set: Uint32Array, functions: Uint32Array): Uint32Array {
  const signature = new Uint32Array(functions.length).fill(0xffffffff);
  for (const element of set) {
    for (let place = 0; place < functions.length; place += 1) {
      let hash = Math.imul(element ^ (functions[place] ?? 0), 0x9e3779b1);
      hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca77);
      hash = (hash ^ (hash >>> 13)) >>> 0;
      if (hash < (signature[place] ?? 0)) signature[place] = hash;
    }
  }
  return signature;
}

/** How a signature is cut into bands for locality-sensitive hashing. */
export interface Bands {
  readonly bands: number;
  /** Places of the signature in each band. */
  readonly rows: number;
}

/** How many of the pairs that are exactly as similar as the threshold share a band at least. */
const RECALL = 0.99;

/**
 * The bands with the most rows, and so the fewest needless comparisons, that still let nearly all pairs at the
 * threshold share a band; pairs that are more similar are missed less often still.
 */
export function chooseBands(threshold: number, length: number): Bands {
  let best: Bands = { bands: length, rows: 1 };
  for (let rows = 2; rows <= length; rows += 1) {
    const bands = Math.floor(length / rows);
    if (1 - (1 - threshold ** rows) ** bands >= RECALL) best = { bands, rows };
  }
  return best;
}

/** One number for each band of a signature; the same for two signatures that agree in the whole band. */
export function bandKeys(signature: Uint32Array, { bands, rows }: Bands): Uint32Array {
  const keys = new Uint32Array(bands);
  for (let band = 0; band < bands; band += 1) {
    let key = Math.imul(band + 1, 0x9e3779b1);
    for (let place = band * rows; place < (band + 1) * rows; place += 1) {
      key = Math.imul(key ^ (signature[place] ?? 0), 0x85ebca6b);
      key ^= key >>> 15;
    }
    keys[band] = key >>> 0;
  }
  return keys;
}
