/** The largest number that a {@link BitSet} takes; more would need over 128 MiB. */
const LARGEST = 2 ** 30 - 1;

/** A set of small whole numbers, one bit for each number up to the largest. */
export class BitSet {
  #words: Uint32Array = new Uint32Array(32);
  #size = 0;

  /** How many numbers are in the set. */
  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    return (((this.#words[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1 && isMember(number);
  }

  /** Adds a number; false when it was in the set already. A RangeError unless it is from 0 to 2^30 - 1. */
  add(number: number): boolean {
    if (!isMember(number)) throw new RangeError(`${number} is not a whole number from 0 to ${LARGEST}`);
    if (this.has(number)) return false;
    const place = number >>> 5;
    if (place >= this.#words.length) {
      const words = new Uint32Array(Math.max(place + 1, this.#words.length * 2));
      words.set(this.#words);
      this.#words = words;
    }
    this.#words[place] = (this.#words[place] ?? 0) | (1 << (number & 31));
    this.#size += 1;
    return true;
  }
}

function isMember(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= LARGEST;
}
