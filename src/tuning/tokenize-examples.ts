import { availableParallelism } from "node:os";
import type { TrainingExample } from "../dataset/training-example.ts";
import { openJob, type TokenizeJob, tokenizeBatch } from "./tokenize-job.ts";
import { TokenizePool } from "./tokenize-pool.ts";
import type { Tokenized } from "./tokenized-row.ts";

/** Examples that are tokenised together; a batch is long enough that sending it costs little. */
const BATCH = 64;
/** How many examples are tokenised before workers, which read the tokenizer again, are started. */
const BEFORE_WORKERS = 512;
/** More workers would wait for the one thread that reads and writes. */
const MOST_WORKERS = 6;

/** How many workers this machine has use for; none on a single core. */
function usefulWorkers(): number {
  const cores = availableParallelism();
  return cores < 2 ? 0 : Math.min(cores, MOST_WORKERS);
}

async function* batches(
  examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>,
): AsyncGenerator<readonly TrainingExample[]> {
  let batch: TrainingExample[] = [];
  for await (const example of examples) {
    batch.push(example);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** The batches of a pool in order, with as many in work as it has use for. */
async function* pooled(
  rest: AsyncGenerator<readonly TrainingExample[]>,
  job: TokenizeJob,
  workers: number,
): AsyncGenerator<readonly Tokenized[]> {
  await using pool = new TokenizePool(job, workers);
  const working: Promise<readonly Tokenized[]>[] = [];
  for await (const batch of rest) {
    const work = pool.tokenize(batch);
    // It is awaited in its turn; until then a failure must not count as unhandled.
    work.catch(() => undefined);
    working.push(work);
    const first = working.length < pool.capacity ? undefined : working.shift();
    if (first !== undefined) yield await first;
  }
  for (const work of working) yield await work;
}

/**
 * Tokenises examples in order, in worker threads as soon as there are enough for that to pay. Holds a few batches,
 * whatever the number of examples.
 *
 * @param workers how many threads may be used; 0 for none
 * @throws AgentRefineError when the job cannot be opened or an example cannot be tokenised rightly
 */
export async function* tokenizeExamples(
  examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>,
  job: TokenizeJob,
  workers: number = usefulWorkers(),
): AsyncGenerator<Tokenized> {
  const settings = await openJob(job);
  const rest = batches(examples);
  try {
    for (let done = 0; workers === 0 || done < BEFORE_WORKERS; done += BATCH) {
      const batch = await rest.next();
      if (batch.done) return;
      yield* tokenizeBatch(batch.value, settings);
    }
    for await (const tokenized of pooled(rest, job, workers)) yield* tokenized;
  } finally {
    await rest.return(undefined);
  }
}
