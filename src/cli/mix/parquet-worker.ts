import { parentPort, workerData } from "node:worker_threads";
import { asyncBufferFromFile } from "hyparquet";
import { readParquetRows } from "../../dataset/read-parquet-rows.ts";
import { AgentRefineError } from "../../errors.ts";
import { readingError } from "../../lines.ts";

/** The file that the worker reads, and what the user knows it as. */
export interface ParquetJob {
  readonly path: string;
  readonly shown: string;
}

/** What the worker answers when it is asked for more. */
export type ParquetAnswer =
  | { readonly code: "rows"; readonly rows: readonly object[] }
  | { readonly code: "end" }
  /** Something that the user can put right; anything else ends the worker with an error. */
  | { readonly code: "refused"; readonly message: string; readonly fix: string | undefined };

/** How many rows are handed over at once. */
const BATCH = 200;

async function* rowsOf({ path, shown }: ParquetJob): AsyncGenerator<object> {
  try {
    yield* readParquetRows(await asyncBufferFromFile(path), shown);
  } catch (error) {
    throw readingError(error, shown);
  }
}

async function nextRows(source: AsyncGenerator<object>): Promise<ParquetAnswer> {
  const rows: object[] = [];
  try {
    while (rows.length < BATCH) {
      const next = await source.next();
      if (next.done === true) break;
      rows.push(next.value);
    }
    return rows.length === 0 ? { code: "end" } : { code: "rows", rows };
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    return { code: "refused", message: error.message, fix: error.fix };
  }
}

// Only `parquet-rows.ts` starts this file, with a job, and asks it for rows until there are none.
const source = rowsOf(workerData as ParquetJob);
parentPort?.on("message", async () => parentPort?.postMessage(await nextRows(source)));
