import { namesEnvironment } from "./environment.ts";
import { readChatRow } from "./read-chat-row.ts";
import type { JsonRow } from "./read-json-rows.ts";
import type { TrainingExample } from "./training-example.ts";

/** How somebody else's data is read. */
export interface ReadExamplesOptions {
  /** The name of the data, for the ids of rows that have none. */
  readonly name: string;
  /** Rows whose id names one of these environments are left out (App. F). */
  readonly excludeEnvironment?: readonly string[];
  /** Called for each row that cannot be used, with its number from 1. */
  readonly onProblem?: (row: number, problem: string) => void;
  /** Called for each row that is left out because of its environment. */
  readonly onExcluded?: (id: string) => void;
}

/** The usable rows of somebody else's data as training examples; see {@link readChatRow}. */
export async function* readExamples(
  rows: AsyncIterable<JsonRow> | Iterable<JsonRow>,
  { name, excludeEnvironment = [], onProblem, onExcluded }: ReadExamplesOptions,
): AsyncGenerator<TrainingExample> {
  const isExcluded = namesEnvironment(excludeEnvironment);
  let number = 0;
  for await (const row of rows) {
    number += 1;
    const read = row.problem === undefined ? readChatRow(row.value, `${name}-${number}`) : row;
    if (read.problem !== undefined) onProblem?.(number, read.problem);
    else if (isExcluded(read.example.id)) onExcluded?.(read.example.id);
    else yield read.example;
  }
}
