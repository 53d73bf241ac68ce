import { Worker } from "node:worker_threads";
import type { TrainingExample } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";
import { TemplateError } from "./template-error.ts";
import type { TokenizeJob } from "./tokenize-job.ts";
import type { WorkerAnswer } from "./tokenize-worker.ts";
import type { Tokenized } from "./tokenized-row.ts";

interface Waiting {
  resolve(tokenized: readonly Tokenized[]): void;
  reject(error: unknown): void;
}

function startWorker(job: TokenizeJob): Worker {
  // From the sources, which Node 20 cannot read, the worker runs through jiti; in the package it is JavaScript.
  const isSource = import.meta.url.endsWith(".ts");
  const file = new URL(isSource ? "./tokenize-worker.ts" : "./tokenize-worker.js", import.meta.url);
  return new Worker(file, { workerData: job, execArgv: isSource ? ["--import", "jiti/register"] : [] });
}

/** A worker and the batches that it has not answered, in the order in which it answers them. */
class PooledWorker {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #broken: unknown;

  constructor(job: TokenizeJob) {
    this.#worker = startWorker(job);
    this.#worker.on("message", (answer: WorkerAnswer) => this.#receive(answer));
    this.#worker.on("error", (error) => {
      this.#broken = error;
      for (const each of this.#waiting.splice(0)) each.reject(error);
    });
  }

  tokenize(examples: readonly TrainingExample[]): Promise<readonly Tokenized[]> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== undefined) {
        reject(this.#broken);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(examples);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(answer: WorkerAnswer): void {
    const waiting = this.#waiting.shift();
    if (answer.code === "tokenized") waiting?.resolve(answer.tokenized);
    else {
      const { isTemplate, message, fix } = answer;
      const Refusal = isTemplate ? TemplateError : AgentRefineError;
      waiting?.reject(new Refusal(message, fix === undefined ? {} : { fix }));
    }
  }
}

/** Worker threads that tokenise batches, each batch in one of them. Stop it when done. */
export class TokenizePool implements AsyncDisposable {
  readonly #workers: readonly PooledWorker[];
  #next = 0;

  constructor(job: TokenizeJob, workers: number) {
    this.#workers = Array.from({ length: workers }, () => new PooledWorker(job));
  }

  /** How many batches are worth having in work at once. */
  get capacity(): number {
    return this.#workers.length * 2;
  }

  /** Gives a batch to the next worker. */
  tokenize(examples: readonly TrainingExample[]): Promise<readonly Tokenized[]> {
    const worker = this.#workers[this.#next];
    if (worker === undefined) throw new RangeError("a pool needs a worker");
    this.#next = (this.#next + 1) % this.#workers.length;
    return worker.tokenize(examples);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}
