import type { BatchOptions } from "../batch/batch-run.ts";
import { noModel, openModelBatches } from "../batch/open-batches.ts";
import type { RunDriving } from "../config/driving.ts";
import { isBatched, type ModelChoice, OFFLINE, type RunSettings } from "../config/run-settings.ts";
import type { Env } from "../env.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { FREE, localModel, openRunModel, type RunModel, type RunModelOptions } from "../model/run-model.ts";
import { type OpenedRun, openWriters } from "./open-writers.ts";
import type { RunPrices } from "./prices-of-run.ts";
import { requireBatchable } from "./refusals.ts";

/** The built-in author, which is loaded where it is asked; `faults` scales how often it is wrong. */
export async function builtInAuthor(seed: number, faults: number, stream = true): Promise<ChatModel> {
  const { offlineModel } = await import("../author/offline-model.ts");
  const { DEFAULT_FAULT_RATES, scaleFaultRates } = await import("../author/fault-rates.ts");
  const faultRates = scaleFaultRates(DEFAULT_FAULT_RATES, faults);
  return offlineModel({ seed: String(seed), faultRates, stream });
}

/** Opens one model of a run. Throws AgentRefineError. */
async function openOne(
  { seed, offlineFaults = 1 }: RunSettings,
  choice: ModelChoice,
  options: Omit<RunModelOptions, "seed">,
): Promise<RunModel> {
  if (choice.name !== OFFLINE) return openRunModel(choice, { ...options, seed });
  return {
    ...localModel(options.driving.options.concurrency ?? 16, FREE),
    model: await builtInAuthor(seed, offlineFaults, choice.stream),
  };
}

/** How many personas of a run in batches are under way at once, at most; each takes some tens of kilobytes. */
const MOST_IN_BATCHES = 20_000;

/** A run that is ready, and the batch service that it is asked through when it is. */
export interface ReadyRun extends OpenedRun {
  readonly batches?: BatchOptions;
}

/** What opening a run takes beside its settings. */
interface OpenOptions {
  readonly driving: RunDriving;
  readonly env: Env;
  readonly prices: RunPrices;
  /** Dollars that earlier parts of the run have cost. */
  readonly spent: number;
}

/** Opens the batch service of a run, and its model for a live end. Throws AgentRefineError. */
async function openInBatches(
  settings: RunSettings,
  { driving, env, prices, spent }: OpenOptions,
): Promise<ReadyRun> {
  requireBatchable(settings);
  const { model } = settings;
  const price = prices.priceOf(model.name);
  // Files need no server, and so no key, unless the end is live.
  const isOffWire =
    settings.batchFiles !== undefined && driving.options.finishLive !== true && model.name !== OFFLINE;
  const opened = isOffWire
    ? { ...localModel(MOST_IN_BATCHES, FREE), costOf: prices.costOf, model: noModel(model.name) }
    : await openOne(settings, model, { driving, env, price, spent });
  const batches = await openModelBatches(model, {
    ...{ driving, env, price, seed: settings.seed, log: opened.log, files: settings.batchFiles },
    author: model.name === OFFLINE ? opened.model : undefined,
  });
  const { concurrency = MOST_IN_BATCHES } = driving.options;
  // What is on the wire is not the model's.
  return { ...opened, concurrency, batches, limiter: undefined, activity: undefined };
}

/** Opens what writes a run: one model, several, or a batch service. Throws AgentRefineError. */
export async function openRun(settings: RunSettings, options: OpenOptions): Promise<ReadyRun> {
  const { driving, env, prices, spent } = options;
  const { model, writers } = settings;
  if (isBatched(settings)) return openInBatches(settings, options);
  if (writers === undefined)
    return openOne(settings, model, { driving, env, price: prices.priceOf(model.name), spent });
  return openWriters(settings, driving, { ...prices, spent }, (choice, own, money, beside) =>
    openOne(settings, choice, { driving: own, env, ...money, beside }),
  );
}
