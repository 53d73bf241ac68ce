const SMALLEST = 64;
/** How full the table may be, and how much larger the next one is: 10 to 15 bytes an id. */
const FULLEST = 0.8;
const GROWTH = 1.5;

/**
 * A set of persona ids (16 hexadecimal digits) in one typed array: 10 to 15 bytes an id, where a `Set` of
 * strings takes about ten times that. Open addressing with linear probing; ids are hashes already.
 */
export class IdSet {
  /** Two numbers for each slot; a slot with two zeros is free. */
  #slots: Uint32Array = new Uint32Array(2 * SMALLEST);
  #filled = 0;
  #hasZero = false;

  get size(): number {
    return this.#filled + (this.#hasZero ? 1 : 0);
  }

  /** Adds an id; false when it was in the set already. */
  add(id: string): boolean {
    if (!/^[0-9a-f]{16}$/.test(id)) throw new RangeError(`${JSON.stringify(id)} is not an id`);
    const high = Number.parseInt(id.slice(0, 8), 16);
    const low = Number.parseInt(id.slice(8), 16);
    if (high === 0 && low === 0) {
      const isNew = !this.#hasZero;
      this.#hasZero = true;
      return isNew;
    }
    if (this.#filled >= FULLEST * (this.#slots.length / 2)) this.#grow();
    const isNew = insert(this.#slots, high, low);
    if (isNew) this.#filled += 1;
    return isNew;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Uint32Array(2 * Math.ceil((old.length / 2) * GROWTH));
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] ?? 0;
      const low = old[at + 1] ?? 0;
      if (high !== 0 || low !== 0) insert(slots, high, low);
    }
    this.#slots = slots;
  }
}

/** Puts an id into the first free slot from where it belongs; false when it is there already. */
function insert(slots: Uint32Array, high: number, low: number): boolean {
  const count = slots.length / 2;
  let at = 2 * Math.floor((high / 2 ** 32) * count);
  for (;;) {
    if (slots[at] === 0 && slots[at + 1] === 0) {
      slots[at] = high;
      slots[at + 1] = low;
      return true;
    }
    if (slots[at] === high && slots[at + 1] === low) return false;
    at += 2;
    if (at === slots.length) at = 0;
  }
}
