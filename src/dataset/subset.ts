import { AgentRefineError } from "../errors.ts";
import { rankOf } from "../random.ts";

/**
 * `size` of the ids, which must differ from each other, by the order of their seeded hashes. Subsets of one seed are
 * nested: 4,000 are within 8,000, and so on (paper Figure 5), also when more rows are generated later.
 *
 * @throws AgentRefineError when there are fewer than `size` ids
 */
export function chooseSubset(ids: readonly string[], size: number, seed: number): ReadonlySet<string> {
  if (ids.length < size) {
    throw new AgentRefineError(`a subset of ${size} was asked for, but there are only ${ids.length} rows`, {
      fix: `Ask for at most ${ids.length}, or generate more.`,
    });
  }
  const ranked = ids.map((id) => ({ id, rank: rankOf(seed, "subset", id) }));
  ranked.sort((one, other) => one.rank - other.rank || (one.id < other.id ? -1 : 1));
  return new Set(ranked.slice(0, size).map(({ id }) => id));
}

/**
 * Those of the rows that a seed chooses, in their order. Rows are told apart by their place, since the ids of general
 * data sets are not always different from each other.
 *
 * @param count how many rows there are, of which `size` are chosen
 * @throws AgentRefineError when there are fewer rows
 */
export async function* sampleRows<Row>(
  rows: AsyncIterable<Row>,
  count: number,
  size: number,
  seed: number,
): AsyncGenerator<Row> {
  const chosen = chooseSubset(
    Array.from({ length: count }, (_, place) => String(place)),
    size,
    seed,
  );
  let place = 0;
  for await (const row of rows) {
    if (chosen.has(String(place))) yield row;
    place += 1;
  }
}
