/** A state of frotz's random generator: a linear congruence, or a count from 0 when a game asks for that. */
export interface RandomState {
  readonly value: number;
  /** Counts below this; 0 when it does not count. */
  readonly interval: number;
  readonly counter: number;
}

/** Frotz's random generator, which the recordings of Jericho were drawn with. */
export class FrotzRandom {
  #seed: number;
  #state: RandomState;

  constructor(seed: number) {
    this.#seed = seed;
    this.#state = { value: seed, interval: 0, counter: 0 };
  }

  get state(): RandomState {
    return this.#state;
  }

  restore(state: RandomState): void {
    this.#state = state;
  }

  /** What a game asks for: 0 begins anew with the seed, less than 1000 counts, more is a seed. */
  reseed(seed = 0): void {
    if (seed > 0 && seed < 1000) this.#state = { value: this.#state.value, interval: seed, counter: 0 };
    else this.#state = { value: seed === 0 ? this.#seed : seed, interval: 0, counter: 0 };
  }

  /** A number from 1 to `range`. */
  draw(range: number): number {
    const { value, interval, counter } = this.#state;
    if (interval !== 0) {
      this.#state = { value, interval, counter: counter + 1 === interval ? 0 : counter + 1 };
      return (counter % range) + 1;
    }
    const next = (Math.imul(value, 0x015a4e35) + 1) | 0;
    this.#state = { value: next, interval, counter };
    return (((next >>> 16) & 0x7fff) % range) + 1;
  }
}
