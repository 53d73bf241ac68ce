/** Above every place and number that is kept. */
const FREE = 0xffffffff;

/**
 * Whole numbers by places of a list, which are below 2^32 - 1 and may be few of many: in 16 to 64 bytes each that the
 * garbage collector need not look through. A `Map` of a hundred thousand makes every collection longer and the heap
 * larger.
 */
export class PlaceMap {
  #keys: Uint32Array = new Uint32Array(1024).fill(FREE);
  #values: Uint32Array = new Uint32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Where a place is, or would be. */
  #find(place: number): number {
    const mask = this.#keys.length - 1;
    let at = Math.imul(place, 0x9e3779b1) >>> 7;
    for (at &= mask; this.#keys[at] !== FREE && this.#keys[at] !== place; ) at = (at + 1) & mask;
    return at;
  }

  get(place: number): number | undefined {
    const at = this.#find(place);
    return this.#keys[at] === FREE ? undefined : this.#values[at];
  }

  set(place: number, value: number): void {
    const at = this.#find(place);
    this.#values[at] = value;
    if (this.#keys[at] === place) return;
    this.#keys[at] = place;
    this.#size += 1;
    if (2 * this.#size > this.#keys.length) this.#grow();
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Uint32Array(4 * keys.length).fill(FREE);
    this.#values = new Uint32Array(4 * keys.length);
    for (let from = 0; from < keys.length; from += 1) {
      const place = keys[from] ?? FREE;
      if (place === FREE) continue;
      const at = this.#find(place);
      this.#keys[at] = place;
      this.#values[at] = values[from] ?? 0;
    }
  }
}
