import { hash32 } from "../random.ts";
import type { Persona } from "./persona.ts";

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
interface Bands {
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

/** As Persona Hub filtered its personas: the similarity, hash functions of a signature, and words of a shingle. */
const [THRESHOLD, SIGNATURE, WORDS] = [0.9, 128, 1];

/**
 * Keeps personas that are not near to one kept before. Candidates are found with MinHash and locality-sensitive
 * hashing and then compared exactly, so nothing below the threshold is ever called near; of pairs at the
 * threshold about one in a hundred is missed, of more similar ones fewer, of the same texts none.
 * A kept persona takes about one kilobyte.
 */
export class NearDuplicates {
  readonly #threshold: number;
  readonly #functions: Uint32Array = hashFunctions(SIGNATURE);
  readonly #bands: Bands;
  /** For each band the kept personas by their key in it. */
  readonly #kept: readonly Map<number, Persona[]>[];
  #size = 0;

  /**
   * @param threshold the Jaccard similarity of their words from which two personas are near each other
   * @throws RangeError when it is not above 0 and up to 1
   */
  constructor(threshold: number = THRESHOLD) {
    if (!(threshold > 0 && threshold <= 1)) throw new RangeError(`${threshold} is not above 0 and up to 1`);
    this.#threshold = threshold;
    this.#bands = chooseBands(threshold, SIGNATURE);
    this.#kept = Array.from({ length: this.#bands.bands }, () => new Map());
  }

  get size(): number {
    return this.#size;
  }

  /** The id of a kept persona that this one is near to; undefined when there is none and this one is now kept. */
  addUnlessNear(persona: Persona): string | undefined {
    const shingles = wordShingles(persona.text, WORDS);
    const keys = bandKeys(minHash(shingles, this.#functions), this.#bands);
    const candidates = new Set(this.#kept.flatMap((band, place) => band.get(keys[place] ?? 0) ?? []));
    for (const { id, text } of candidates) {
      if (jaccard(shingles, wordShingles(text, WORDS)) >= this.#threshold) return id;
    }
    for (const [place, band] of this.#kept.entries()) {
      const key = keys[place] ?? 0;
      const sharing = band.get(key);
      if (sharing === undefined) band.set(key, [persona]);
      else sharing.push(persona);
    }
    this.#size += 1;
    return undefined;
  }
}
