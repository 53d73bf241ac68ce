import type { BatchOptions } from "../batch/batch-run.ts";
import { OFFLINE, type RunSettings } from "../config/run-settings.ts";
import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";
import { openBatchFiles } from "../model/batch/vllm-files.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { systemClock } from "../model/limiter.ts";
import { batchPrice, costOf, Ledger, type Price, worstCost } from "../model/money.ts";
import { openBatchService } from "../model/providers.ts";
import { openRunModel, providerSettings, type RunModel } from "../model/run-model.ts";
import type { RunDriving } from "./driving.ts";

/** What {@link openRunBatches} needs beside the run's settings. */
interface RunBatchesOptions {
  readonly driving: RunDriving;
  readonly env: Env;
  /** The price of a live call. */
  readonly price: Price | undefined;
  /** The built-in author, or the model that a live end shares its log with. */
  readonly opened: Pick<RunModel, "log"> & Partial<Pick<RunModel, "model">>;
}

/** What of a run, or of a model of an evaluation, says how it is asked in batches. */
type Batchable = Pick<RunSettings, "model" | "batch" | "batchFiles" | "writers">;

/** A model of which nothing is asked. */
export function noModel(name: string): ChatModel {
  return { name, chat: () => Promise.reject(new Error("nothing is asked live in this run")) };
}

/** Refuses runs that cannot be asked in batches. Throws AgentRefineError. */
export function requireBatchable({ model, writers, batch, batchFiles }: Batchable): void {
  const refuse = (
    problem: string,
    fix = `Leave ${batchFiles === undefined ? "--batch" : "--batch-files"} out.`,
  ): never => {
    throw new AgentRefineError(problem, { fix });
  };
  if (batch === true && batchFiles !== undefined)
    refuse("--batch asks a service and --batch-files writes files", "Give one of the two.");
  if (writers !== undefined) refuse("several writers cannot be asked in batches in one run");
  if (model.name === OFFLINE && batchFiles === undefined)
    refuse("the offline author has no batch service", "It answers files: --batch-files DIR.");
  if (model.stream === true)
    refuse("a batch answers in whole replies, which cannot be streamed", "Leave --stream out.");
}

/** Opens the batch service of a run's model. Throws AgentRefineError. */
export async function openRunBatches(
  { model, seed, batchFiles }: Pick<RunSettings, "model" | "seed" | "batchFiles">,
  { driving, env, price, opened }: RunBatchesOptions,
): Promise<BatchOptions> {
  const note = (): void => {};
  const author = model.name === OFFLINE ? opened.model : undefined;
  const provider = providerSettings(model, driving, note);
  const service =
    batchFiles === undefined
      ? await openBatchService(provider, env)
      : openBatchFiles(batchFiles, provider, author);
  const inBatch = price && batchPrice(price, service);
  const { maxCost, batchSize, batchHours, wait = true, finishLive = false } = driving.options;
  if (maxCost !== undefined && inBatch === undefined) {
    throw new AgentRefineError(`a cost limit needs the price of ${model.name}, which is not known`, {
      fix: "Give it with 'price' PROMPT,COMPLETION (dollars for a million tokens) or in a price list.",
    });
  }
  const { log } = opened;
  return {
    service,
    model: model.name,
    costOf: (usage) => (inBatch === undefined ? null : costOf(inBatch, usage)),
    worstOf: (request) => (inBatch === undefined ? null : worstCost(request, inBatch, model.maxTokens)),
    ...(batchSize === undefined ? {} : { mostRequests: batchSize }),
    ...(batchHours === undefined ? {} : { hours: batchHours }),
    waits: wait,
    ...(finishLive
      ? {
          liveModel: async (spent) => {
            if (author !== undefined) return author;
            const beside = { log, ledger: new Ledger(maxCost, spent) };
            return (await openRunModel(model, { driving, env, price, spent, seed, beside })).model;
          },
        }
      : {}),
    clock: { ...systemClock, now: Date.now },
  };
}
