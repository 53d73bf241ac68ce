import { parentPort, workerData } from "node:worker_threads";
import type { TrainingExample } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";
import { TemplateError } from "./template-error.ts";
import { openJob, type TokenizeJob, tokenizeBatch } from "./tokenize-job.ts";
import type { Tokenized } from "./tokenized-row.ts";

/** What the worker answers to a batch. */
export type WorkerAnswer =
  | { readonly code: "tokenized"; readonly tokenized: readonly Tokenized[] }
  /** Something that the user can put right; anything else ends the worker with an error. */
  | {
      readonly code: "refused";
      /** Whether it is the template that cannot be used. */
      readonly isTemplate: boolean;
      readonly message: string;
      readonly fix: string | undefined;
    };

function buffersOf(tokenized: readonly Tokenized[]): ArrayBuffer[] {
  return tokenized.flatMap((each) =>
    each.code === "row"
      ? [each.row.ids.buffer, each.row.labels.buffer].filter((buffer) => buffer instanceof ArrayBuffer)
      : [],
  );
}

function answer(work: () => readonly Tokenized[]): WorkerAnswer {
  try {
    return { code: "tokenized", tokenized: work() };
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    return {
      code: "refused",
      isTemplate: error instanceof TemplateError,
      message: error.message,
      fix: error.fix,
    };
  }
}

// Only `tokenize-examples.ts` starts this file, with a job, and sends it batches of examples.
const settings = openJob(workerData as TokenizeJob);
parentPort?.on("message", async (examples: readonly TrainingExample[]) => {
  const opened = await settings;
  const answered = answer(() => tokenizeBatch(examples, opened));
  parentPort?.postMessage(answered, answered.code === "tokenized" ? buffersOf(answered.tokenized) : []);
});
