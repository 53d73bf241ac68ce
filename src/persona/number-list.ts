/** A growing list of 32-bit numbers without a sign, at 4 to 8 bytes each. */
export class NumberList {
  #numbers: Uint32Array = new Uint32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const numbers = new Uint32Array(this.#length * 2);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
    }
    this.#numbers[this.#length] = number;
    this.#length += 1;
  }

  /** The number at a place that is filled. */
  at(place: number): number {
    return this.#numbers[place] ?? 0;
  }

  set(place: number, number: number): void {
    this.#numbers[place] = number;
  }

  /** A view of a part, good until the next `push`. */
  view(start: number, end: number): Uint32Array {
    return this.#numbers.subarray(start, end);
  }
}
