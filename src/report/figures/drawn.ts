import { rankOf } from "../../random.ts";

/** Something that was drawn, and its place in the order of the seed. */
export interface Ranked<Item> {
  readonly rank: number;
  readonly item: Item;
}

/**
 * Draws so many of a stream of unknown length, each as likely as any other, and holds no more than twice as many. Fewer
 * of the same stream and seed are a part of more.
 */
export class Draw<Item> {
  /** How many were offered. */
  offered = 0;
  readonly #seed: number;
  readonly #purpose: string;
  readonly #size: number;
  #held: Ranked<Item>[] = [];
  #worst = Number.POSITIVE_INFINITY;

  constructor(size: number, seed: number, purpose: string) {
    this.#size = size;
    this.#seed = seed;
    this.#purpose = purpose;
  }

  /** Offers an item with a name that no other one has; `make` is called only when it may be drawn. */
  offer(name: string, make: () => Item): void {
    this.offered += 1;
    const rank = rankOf(this.#seed, this.#purpose, name);
    if (rank >= this.#worst) return;
    this.#held.push({ rank, item: make() });
    if (this.#held.length >= 2 * this.#size) this.#drop();
  }

  #drop(): void {
    this.#held = this.#held.sort((one, other) => one.rank - other.rank).slice(0, this.#size);
    this.#worst = this.#held.at(-1)?.rank ?? this.#worst;
  }

  /** What was drawn, in the order of the seed. */
  drawn(): readonly Ranked<Item>[] {
    this.#drop();
    if (this.#held.length < this.#size) this.#worst = Number.POSITIVE_INFINITY;
    return this.#held;
  }
}
