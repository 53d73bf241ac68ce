import { AgentRefineError } from "../errors.ts";
import { hash32 } from "../random.ts";

/** Says whether an id belongs to a subset. */
export type Subset = (id: string) => boolean;

interface Ranked {
  readonly rank: number;
  readonly id: string;
}

/** The place of an id in the order of a seed: 53 bits, so that equal places are rare and settled by the id. */
function rankOf(id: string, seed: number): number {
  const text = `${seed}\u0000subset\u0000${id}`;
  return hash32(text, 1) * 0x20_0000 + (hash32(text, 2) >>> 11);
}

function compare(a: Ranked, b: Ranked): number {
  return a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * Chooses `size` of the ids, which must differ from each other, by the order of their seeded hashes. Subsets of one
 * seed are nested: 4,000 are within 8,000, and so on (paper Figure 5), also when more rows are generated later. The
 * ids are read once and at most twice `size` of them are held.
 *
 * @throws AgentRefineError when there are fewer than `size` ids
 */
export async function chooseSubset(
  ids: AsyncIterable<string> | Iterable<string>,
  size: number,
  seed: number,
): Promise<Subset> {
  let held: Ranked[] = [];
  let count = 0;
  for await (const id of ids) {
    count += 1;
    held.push({ rank: rankOf(id, seed), id });
    if (held.length >= size * 2 + 1024) held = held.sort(compare).slice(0, size);
  }
  if (count < size) {
    throw new AgentRefineError(`a subset of ${size} was asked for, but there are only ${count} rows`, {
      fix: `Ask for at most ${count}, or generate more.`,
    });
  }
  const last = held.sort(compare)[size - 1];
  return (id) => last !== undefined && compare({ rank: rankOf(id, seed), id }, last) <= 0;
}
