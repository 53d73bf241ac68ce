/** A heap of numbers, of which the lowest comes out first. */
export class NumberHeap {
  readonly #numbers: number[] = [];

  push(number: number): void {
    const numbers = this.#numbers;
    let at = numbers.length;
    numbers.push(number);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = numbers[parent] ?? number;
      if (above <= number) break;
      numbers[at] = above;
      at = parent;
    }
    numbers[at] = number;
  }

  /** Takes the lowest number out; undefined when there is none. */
  pop(): number | undefined {
    const numbers = this.#numbers;
    const lowest = numbers[0];
    const last = numbers.pop();
    if (last === undefined || numbers.length === 0) return lowest;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if ((numbers[child + 1] ?? Number.POSITIVE_INFINITY) < (numbers[child] ?? Number.POSITIVE_INFINITY))
        child += 1;
      const below = numbers[child];
      if (below === undefined || below >= last) break;
      numbers[at] = below;
      at = child;
    }
    numbers[at] = last;
    return lowest;
  }
}
