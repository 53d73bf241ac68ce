import { NumberList } from "./number-list.ts";

/**
 * Finds the items that share a band key with another. A chained hash table in typed arrays, at 8 to 24 bytes a
 * key, because a `Map` of lists would take some hundred bytes for each.
 */
export class BandIndex {
  readonly #bands: number;
  /** For each slot the number of its first entry, from 1; 0 when it has none. Their count is a power of two. */
  #heads: Uint32Array = new Uint32Array(1024);
  /** The key of each entry; an item's entries follow each other. */
  readonly #keys = new NumberList();
  /** The number of the next entry in the same slot, from 1; 0 after the last. */
  readonly #next = new NumberList();
  /** The last question in which an item was met, for each item. */
  readonly #met = new NumberList();
  #questions = 0;

  /** @param bands how many keys each item has */
  constructor(bands: number) {
    this.#bands = bands;
  }

  /** Adds the next item; items are numbered from 0 in the order in which they are added. */
  add(keys: Uint32Array): void {
    this.#met.push(0);
    for (const key of keys) {
      this.#keys.push(key);
      this.#next.push(0);
      this.#link(this.#keys.length - 1);
    }
    if (this.#keys.length > this.#heads.length) this.#grow();
  }

  /** The first item found that shares a key and passes `test`; undefined when there is none. */
  find(keys: Uint32Array, test: (item: number) => boolean): number | undefined {
    this.#questions += 1;
    for (const key of keys) {
      let entry = this.#heads[key & (this.#heads.length - 1)] ?? 0;
      for (; entry !== 0; entry = this.#next.at(entry - 1)) {
        if (this.#keys.at(entry - 1) !== key) continue;
        const item = Math.floor((entry - 1) / this.#bands);
        if (this.#met.at(item) === this.#questions) continue;
        this.#met.set(item, this.#questions);
        if (test(item)) return item;
      }
    }
    return undefined;
  }

  #link(entry: number): void {
    const slot = this.#keys.at(entry) & (this.#heads.length - 1);
    this.#next.set(entry, this.#heads[slot] ?? 0);
    this.#heads[slot] = entry + 1;
  }

  #grow(): void {
    this.#heads = new Uint32Array(this.#heads.length * 2);
    for (let entry = 0; entry < this.#keys.length; entry += 1) this.#link(entry);
  }
}
