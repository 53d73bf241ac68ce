import { chooseSubset } from "./subset.ts";

/**
 * So many of the rows, chosen by seed and in their order. The rows are read twice and told apart by their place, since
 * the ids of general data sets are not always different from each other. Nothing but numbers is held.
 *
 * @param rows opens the rows from the beginning
 * @throws AgentRefineError when there are fewer rows
 */
export async function* sampleRows<Row>(
  rows: () => AsyncIterable<Row>,
  size: number,
  seed: number,
): AsyncGenerator<Row> {
  async function* places(): AsyncGenerator<string> {
    let place = 0;
    for await (const _row of rows()) {
      yield String(place);
      place += 1;
    }
  }
  const isChosen = await chooseSubset(places(), size, seed);
  let place = 0;
  for await (const row of rows()) {
    if (isChosen(String(place))) yield row;
    place += 1;
  }
}
