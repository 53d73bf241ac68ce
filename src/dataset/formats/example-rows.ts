import { isTrainable } from "../ablation.ts";
import type { TrainingExample } from "../training-example.ts";
import type { ExampleFormat } from "./example-format.ts";

/** What an export in a text format counts while it is written. */
export interface ExampleCounts {
  readonly examples: number;
  /** Examples that were left out because none of their turns is trained. */
  readonly untrainable: number;
  readonly rows: number;
}

/**
 * The rows of examples in a text format, in order. An example of which no turn is trained has none: services refuse
 * such rows, and engines average over nothing.
 *
 * @param onCounts called after each example
 */
export async function* exampleRows(
  examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>,
  format: ExampleFormat,
  onCounts?: (counts: ExampleCounts) => void,
): AsyncGenerator<object> {
  let counts: ExampleCounts = { examples: 0, untrainable: 0, rows: 0 };
  for await (const example of examples) {
    const rows = isTrainable(example) ? format.rows(example) : [];
    counts = {
      examples: counts.examples + 1,
      untrainable: counts.untrainable + (rows.length === 0 ? 1 : 0),
      rows: counts.rows + rows.length,
    };
    onCounts?.(counts);
    yield* rows;
  }
}
