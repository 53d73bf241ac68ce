import { addAbortListener } from "node:events";

/** One who waits. */
interface Entry<Item> {
  readonly item: Item;
  readonly priority: number;
  readonly listener: Disposable | undefined;
}

/** Those who wait for a turn: the higher priority first, then in the order of arrival. */
export class WaitingList<Item> {
  readonly #entries: Entry<Item>[] = [];

  /** How many wait. */
  get size(): number {
    return this.#entries.length;
  }

  /** Whose turn is next. */
  get first(): Item | undefined {
    return this.#entries[0]?.item;
  }

  /** Lets `item` wait. When `signal` fires first, the item leaves the list and `leave` is called with the reason. */
  add(item: Item, priority: number, signal?: AbortSignal, leave?: (reason: unknown) => void): void {
    const onAbort = (): void => {
      this.#entries.splice(this.#entries.indexOf(entry), 1);
      leave?.(signal?.reason);
    };
    const listener = signal === undefined ? undefined : addAbortListener(signal, onAbort);
    const entry: Entry<Item> = { item, priority, listener };
    this.#entries.splice(this.#placeFor(priority), 0, entry);
  }

  /** Takes the next out of the list. */
  shift(): Item | undefined {
    const entry = this.#entries.shift();
    entry?.listener?.[Symbol.dispose]();
    return entry?.item;
  }

  /** Behind all of the same priority. Most come with the lowest or the same as others, so the search is from the end. */
  #placeFor(priority: number): number {
    let place = this.#entries.length;
    while (place > 0 && (this.#entries[place - 1]?.priority ?? 0) < priority) place -= 1;
    return place;
  }
}
