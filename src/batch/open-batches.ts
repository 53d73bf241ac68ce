import { AgentRefineError } from "../errors.ts";
import { openBatchFiles } from "../model/batch/vllm-files.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { systemClock } from "../model/limiter.ts";
import { batchPrice, costOf, Ledger, worstCost } from "../model/money.ts";
import { openBatchService } from "../model/providers.ts";
import {
  type AskedModel,
  type Driving,
  openRunModel,
  providerSettings,
  type RunModel,
  type RunModelOptions,
} from "../model/run-model.ts";
import type { BatchOptions } from "./batch-run.ts";

/** How batches are driven in one part of the work. */
interface BatchDriving extends Driving {
  readonly options: Driving["options"] & {
    readonly batchSize?: number;
    readonly batchHours?: number;
    readonly wait?: boolean;
    readonly finishLive?: boolean;
  };
}

/** What {@link openModelBatches} needs beside the model. The price is that of a live call. */
interface OpenOptions extends Pick<RunModelOptions, "env" | "seed" | "price"> {
  readonly driving: BatchDriving;
  /** The log that a live end shares. */
  readonly log: RunModel["log"];
  /** The folder for the files of batches that no service is asked with. */
  readonly files?: string | undefined;
  /** The built-in author where that is the model. */
  readonly author?: ChatModel | undefined;
}

/** A model of which nothing is asked. */
export function noModel(name: string): ChatModel {
  return { name, chat: () => Promise.reject(new Error("nothing is asked live in this run")) };
}

/** Refuses streams, of which a batch knows nothing. Throws AgentRefineError. */
export function requireWhole({ stream }: Pick<AskedModel, "stream">): void {
  if (stream === true)
    throw new AgentRefineError("a batch answers in whole replies, which cannot be streamed", {
      fix: "Leave --stream out.",
    });
}

/** Opens the batch service of a model. Throws AgentRefineError. */
export async function openModelBatches(
  model: AskedModel,
  { driving, env, seed, price, log, files, author }: OpenOptions,
): Promise<BatchOptions> {
  requireWhole(model);
  const provider = providerSettings(model, driving, () => {});
  const service =
    files === undefined ? await openBatchService(provider, env) : openBatchFiles(files, provider, author);
  const inBatch = price && batchPrice(price, service);
  const { maxCost, batchSize, batchHours, wait = true, finishLive = false } = driving.options;
  if (maxCost !== undefined && inBatch === undefined) {
    throw new AgentRefineError(`a cost limit needs the price of ${model.name}, which is not known`, {
      fix: "Give it with 'price' PROMPT,COMPLETION (dollars for a million tokens) or in a price list.",
    });
  }
  const liveModel = async (spent: number): Promise<ChatModel> => {
    if (author !== undefined) return author;
    const beside = { log, ledger: new Ledger(maxCost, spent), activity: undefined };
    return (await openRunModel(model, { driving, env, price, spent, seed, beside })).model;
  };
  return {
    service,
    model: model.name,
    costOf: (usage) => (inBatch === undefined ? null : costOf(inBatch, usage)),
    worstOf: (request) => (inBatch === undefined ? null : worstCost(request, inBatch, model.maxTokens)),
    mostRequests: batchSize,
    hours: batchHours,
    waits: wait,
    liveModel: finishLive ? liveModel : undefined,
    clock: { ...systemClock, now: Date.now },
  };
}
