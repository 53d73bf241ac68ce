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
