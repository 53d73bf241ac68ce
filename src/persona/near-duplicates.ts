import {
  type Bands,
  bandKeys,
  chooseBands,
  hashFunctions,
  jaccard,
  minHash,
  wordShingles,
} from "./minhash.ts";
import type { Persona } from "./persona.ts";

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
 * A kept persona takes about one kilobyte at the default options.
 */
export class NearDuplicates {
  readonly #threshold: number;
  readonly #words: number;
  readonly #functions: Uint32Array;
  readonly #bands: Bands;
  /** For each band the kept personas by their key in it. */
  readonly #kept: readonly Map<number, Persona[]>[];
  #size = 0;

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
    this.#kept = Array.from({ length: this.#bands.bands }, () => new Map());
  }

  /** How many personas were kept. */
  get size(): number {
    return this.#size;
  }

  /** The id of a kept persona that this one is near to; undefined when there is none and this one is now kept. */
  addUnlessNear(persona: Persona): string | undefined {
    const shingles = wordShingles(persona.text, this.#words);
    const keys = bandKeys(minHash(shingles, this.#functions), this.#bands);
    const candidates = new Set(this.#kept.flatMap((band, place) => band.get(keys[place] ?? 0) ?? []));
    for (const { id, text } of candidates) {
      if (jaccard(shingles, wordShingles(text, this.#words)) >= this.#threshold) return id;
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
