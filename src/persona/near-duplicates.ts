import { BandIndex } from "./band-index.ts";
import { type Bands, bandKeys, chooseBands, hashFunctions, minHash } from "./minhash.ts";
import { NumberList } from "./number-list.ts";
import type { Persona } from "./persona.ts";
import { jaccard, wordShingles } from "./word-shingles.ts";

/** What counts as a near-duplicate. */
export interface NearDuplicateOptions {
  /** The Jaccard similarity from which two personas are near each other, above 0 and up to 1. */
  readonly threshold: number;
  /** How many words a shingle has. */
  readonly words: number;
  /** How many hash functions a signature has: more find more surely and cost more. */
  readonly signature: number;
}

/** As Persona Hub filtered its personas: single words, 128 hash functions, 0.9. */
export const DEFAULT_NEAR_DUPLICATES: NearDuplicateOptions = { threshold: 0.9, words: 1, signature: 128 };

/**
 * Keeps personas that are not near to one kept before. Candidates are found with MinHash and locality-sensitive
 * hashing and then compared exactly, so nothing below the threshold is ever called near; of pairs at the
 * threshold about one in a hundred is missed, of more similar ones fewer, of the same texts none.
 * A kept persona takes about 300 bytes at the default options.
 */
export class NearDuplicates {
  readonly #threshold: number;
  readonly #words: number;
  readonly #functions: Uint32Array;
  readonly #bands: Bands;
  readonly #index: BandIndex;
  /** The shingles of all kept personas, one after the other. */
  readonly #shingles = new NumberList();
  /** Where the shingles of each kept persona end. */
  readonly #ends = new NumberList();
  /** Two numbers for the id of each kept persona. */
  readonly #ids = new NumberList();

  /** A RangeError when an option is out of its range. */
  constructor(options: NearDuplicateOptions = DEFAULT_NEAR_DUPLICATES) {
    const { threshold, words, signature } = options;
    if (!(threshold > 0 && threshold <= 1)) throw new RangeError(`${threshold} is not above 0 and up to 1`);
    if (!Number.isInteger(words) || words < 1) throw new RangeError(`${words} is not a number of words`);
    if (!Number.isInteger(signature) || signature < 1) {
      throw new RangeError(`${signature} is not a number of hash functions`);
    }
    this.#threshold = threshold;
    this.#words = words;
    this.#functions = hashFunctions(signature);
    this.#bands = chooseBands(threshold, signature);
    this.#index = new BandIndex(this.#bands.bands);
  }

  /** How many personas were kept. */
  get size(): number {
    return this.#ends.length;
  }

  /** The id of a kept persona that this one is near to; undefined when there is none and this one is now kept. */
  addUnlessNear(persona: Persona): string | undefined {
    const shingles = wordShingles(persona.text, this.#words);
    const keys = bandKeys(minHash(shingles, this.#functions), this.#bands);
    const near = this.#index.find(keys, (item) => this.#isNear(shingles, item));
    if (near !== undefined) return this.#idOf(near);
    this.#index.add(keys);
    for (const shingle of shingles) this.#shingles.push(shingle);
    this.#ends.push(this.#shingles.length);
    this.#ids.push(Number.parseInt(persona.id.slice(0, 8), 16));
    this.#ids.push(Number.parseInt(persona.id.slice(8), 16));
    return undefined;
  }

  #isNear(shingles: Uint32Array, item: number): boolean {
    const start = item === 0 ? 0 : this.#ends.at(item - 1);
    const end = this.#ends.at(item);
    // Sets of too different a size cannot be similar enough.
    const [small, large] =
      end - start < shingles.length ? [end - start, shingles.length] : [shingles.length, end - start];
    if (small < this.#threshold * large) return false;
    return jaccard(shingles, this.#shingles.view(start, end)) >= this.#threshold;
  }

  #idOf(item: number): string {
    const hex = (number: number): string => number.toString(16).padStart(8, "0");
    return hex(this.#ids.at(2 * item)) + hex(this.#ids.at(2 * item + 1));
  }
}
