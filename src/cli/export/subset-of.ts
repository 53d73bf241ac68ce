import { chooseSubset } from "../../dataset/subset.ts";

/** How large a subset is and by which seed it is chosen. */
export interface SubsetSettings {
  readonly size: number;
  readonly seed: number;
}

/**
 * A subset of items with ids; see {@link chooseSubset}. The items are read twice. Those that come to them in the
 * meantime, as in a run that goes on, stand behind all that were there, and are not looked at.
 *
 * @param items opens the items from the beginning
 */
export async function* subsetOf<Item extends { readonly id: string }>(
  items: () => AsyncIterable<Item>,
  { size, seed }: SubsetSettings,
): AsyncGenerator<Item> {
  async function* ids(): AsyncGenerator<string> {
    for await (const { id } of items()) yield id;
  }
  const isChosen = await chooseSubset(ids(), size, seed);
  let left = size;
  for await (const item of items()) {
    if (!isChosen(item.id)) continue;
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}
