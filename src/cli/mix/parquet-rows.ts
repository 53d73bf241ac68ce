import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { JsonRow } from "../../dataset/read-json-rows.ts";
import { AgentRefineError } from "../../errors.ts";
import { mixWords } from "../export-words.ts";
import type { ParquetAnswer, ParquetJob } from "./parquet-worker.ts";

/** Milliseconds in which a group of rows of the largest size is read on a slow machine. */
const PATIENCE = 120_000;
/** The most memory of the worker, in MiB: a group of 1 GiB, and its rows. */
const MEMORY = 4096;

function startWorker(job: ParquetJob): Worker {
  // From the sources, which Node 20 cannot read, the worker runs through jiti; in the package it is JavaScript.
  const isSource = import.meta.url.endsWith(".ts");
  return new Worker(new URL(isSource ? "./parquet-worker.ts" : "./parquet-worker.js", import.meta.url), {
    workerData: job,
    execArgv: isSource ? ["--import", "jiti/register"] : [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY },
  });
}

/**
 * The rows of a Parquet file. A damaged one can make the format's reader go round for ever or fill the memory, and
 * nothing within the thread could stop it; so it is read in a thread of its own, which is ended then.
 *
 * @param shown the file as the user is told of it
 * @param patience milliseconds in which the thread must answer
 * @throws AgentRefineError when the file cannot be read
 */
export async function* parquetRows(
  path: string,
  shown: string,
  patience: number = PATIENCE,
): AsyncGenerator<JsonRow> {
  const worker = startWorker({ path, shown });
  try {
    while (true) {
      const answered = once(worker, "message", { signal: AbortSignal.timeout(patience) });
      worker.postMessage("more");
      const [answer]: ParquetAnswer[] = await answered;
      if (answer === undefined || answer.code === "end") return;
      if (answer.code === "refused") {
        throw new AgentRefineError(answer.message, answer.fix === undefined ? {} : { fix: answer.fix });
      }
      for (const value of answer.rows) yield { value };
    }
  } catch (error) {
    if (error instanceof AgentRefineError) throw error;
    // It did not answer, ran out of memory, or met something that it did not know.
    throw new AgentRefineError(mixWords.endlessParquet(shown), {
      fix: mixWords.endlessParquetFix,
      cause: error,
    });
  } finally {
    await worker.terminate();
  }
}
