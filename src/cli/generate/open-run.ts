import type { BatchOptions } from "../../batch/batch-run.ts";
import { withDotEnv } from "../../config/load-config.ts";
import { isBatched, type ModelChoice, OFFLINE, type RunSettings } from "../../config/run-settings.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import {
  FREE,
  localModel,
  openRunModel,
  type RunModel,
  type RunModelOptions,
} from "../../model/run-model.ts";
import { noModel, openRunBatches, requireBatchable } from "../run/open-batches.ts";
import type { Session } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";
import { type OpenedRun, openWriters } from "./open-writers.ts";
import type { RunPrices } from "./prices-of-run.ts";

/** The built-in author, which is loaded where it is asked; `faults` scales how often it is wrong. */
export async function builtInAuthor(seed: number, faults: number, stream = true): Promise<ChatModel> {
  const { offlineModel } = await import("../../author/offline-model.ts");
  const { DEFAULT_FAULT_RATES, scaleFaultRates } = await import("../../author/fault-rates.ts");
  const faultRates = scaleFaultRates(DEFAULT_FAULT_RATES, faults);
  return offlineModel({ seed: String(seed), faultRates, stream });
}

/** Opens one model of a run. Throws AgentRefineError. */
async function openOne(
  { seed, offlineFaults = 1 }: RunSettings,
  choice: ModelChoice,
  options: Omit<RunModelOptions, "env" | "seed">,
  host: Host,
): Promise<RunModel> {
  if (choice.name !== OFFLINE) {
    const env = await withDotEnv(host.env, host.directory);
    return openRunModel(choice, { ...options, env, seed });
  }
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

/** Opens the batch service of a run, and its model for a live end. Throws AgentRefineError. */
async function openInBatches(
  settings: RunSettings,
  session: Session,
  { prices, spent }: { readonly prices: RunPrices; readonly spent: number },
  host: Host,
): Promise<ReadyRun> {
  requireBatchable(settings);
  const { model } = settings;
  const price = prices.priceOf(model.name);
  // Files need no server, and so no key, unless the end is live.
  const isOffWire = settings.batchFiles !== undefined && session.options.finishLive !== true;
  const opened = isOffWire
    ? { ...localModel(MOST_IN_BATCHES, FREE), costOf: prices.costOf, model: noModel(model.name) }
    : await openOne(settings, model, { driving: session, price, spent }, host);
  const env = await withDotEnv(host.env, host.directory);
  const batches = await openRunBatches(settings, { session, env, price, opened });
  const { concurrency = MOST_IN_BATCHES } = session.options;
  // What is on the wire is not the model's.
  return { ...opened, concurrency, batches, limiter: undefined, activity: undefined };
}

/** Opens what writes a run: one model, several, or a batch service. Throws AgentRefineError. */
export async function openRun(
  settings: RunSettings,
  session: Session,
  { prices, spent }: { readonly prices: RunPrices; readonly spent: number },
  host: Host,
): Promise<ReadyRun> {
  const { model, writers } = settings;
  if (isBatched(settings)) return openInBatches(settings, session, { prices, spent }, host);
  if (writers === undefined)
    return openOne(settings, model, { driving: session, price: prices.priceOf(model.name), spent }, host);
  return openWriters(settings, session, { ...prices, spent }, (choice, own, money, beside) =>
    openOne(settings, choice, { driving: own, ...money, beside }, host),
  );
}
