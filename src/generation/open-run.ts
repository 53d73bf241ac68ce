import type { BatchOptions } from "../batch/batch-run.ts";
import { noModel, openModelBatches } from "../batch/open-batches.ts";
import type { RunDriving } from "../config/driving.ts";
import { isBatched, type ModelChoice, OFFLINE, type RunSettings } from "../config/run-settings.ts";
import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";
import { ownValue } from "../model/call.ts";
import { CallLog } from "../model/call-log.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { systemClock } from "../model/limiter.ts";
import { type CostOf, Ledger, type Price } from "../model/money.ts";
import {
  costWith,
  FREE,
  localModel,
  openRunModel,
  priceOfRun,
  type RunModel,
  type RunModelOptions,
  wireOf,
} from "../model/run-model.ts";
import { Activity } from "../model/stack.ts";
import { shellWord } from "../printable.ts";
import type { Writer, Writers } from "../synthesis/writers.ts";
import { choiceOf, drivingOfWriter, namesIn, requireBatchable } from "./settings-of-run.ts";

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
    driving,
    env,
    price,
    seed: settings.seed,
    log: opened.log,
    files: settings.batchFiles,
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
  return openWriters(settings, options);
}

/** What the models of a run cost. */
export interface RunPrices {
  readonly priceOf: (name: string) => Price | undefined;
  readonly costOf: CostOf;
  /** What is kept of it: the price of the one model, or those of several by name. */
  readonly saved: Price | Readonly<Record<string, Price>> | undefined;
}

/** The prices that a run's costs are counted with; the built-in author is free. Throws AgentRefineError. */
export async function pricesOf(
  settings: RunSettings,
  driving: RunDriving,
  saved: unknown,
  directory: string,
): Promise<RunPrices> {
  const { model, writers } = settings;
  const prices = new Map<string, Price>();
  for (const name of namesIn(settings)) {
    const [own, before] =
      writers === undefined
        ? [driving, saved]
        : [drivingOfWriter(settings, driving, name), ownValue(saved, name)];
    const price = name === OFFLINE ? FREE : await priceOfRun(name, own, before, directory);
    if (price !== undefined) prices.set(name, price);
  }
  const priceOf = (name: string): Price | undefined => prices.get(name);
  return {
    priceOf,
    costOf: (usage, name = model.name) => costWith(priceOf(name))(usage),
    saved: writers === undefined ? priceOf(model.name) : Object.fromEntries(prices),
  };
}

/** What a run's calls are answered by: one model, or several writers. */
interface OpenedRun extends Omit<RunModel, "model"> {
  readonly model: ChatModel | Writers;
}

/** The models of a run that several write, which share its log and its money. Throws AgentRefineError. */
async function openWriters(settings: RunSettings, options: OpenOptions): Promise<OpenedRun> {
  const { driving, env, prices, spent } = options;
  const { maxCost } = driving.options;
  const beside = {
    log: new CallLog(),
    ledger: new Ledger(maxCost, spent),
    activity: new Activity(systemClock),
  };
  const opened: { readonly name: string; readonly writer: Writer; readonly model: RunModel }[] = [];
  for (const [name, said] of Object.entries(settings.writers ?? {})) {
    const price = prices.priceOf(name);
    if (maxCost !== undefined && price === undefined)
      throw new AgentRefineError(`a cost limit needs the price of ${name}, which is not known`, {
        fix: `Give it with --writer ${shellWord(`${name} price=PROMPT,COMPLETION`)} (dollars for a million tokens) or in a price list.`,
      });
    const choice = choiceOf(settings, name, said);
    const own = drivingOfWriter(settings, driving, name);
    const model = await openOne(settings, choice, { driving: own, env, price, spent, beside });
    const { share, for: calls } = said;
    const { concurrency } = model;
    // A package of the AI SDK names its model otherwise than the run does.
    const named: ChatModel = { name, chat: (request, options) => model.model.chat(request, options) };
    const writer = { model: named, share, for: calls, concurrency, maxTokens: choice.maxTokens };
    opened.push({ name, writer, model });
  }
  const models = opened.map(({ model }) => model);
  return {
    ...beside,
    model: { seed: settings.seed, writers: opened.map(({ writer }) => writer) },
    concurrency: models.reduce((sum, { concurrency }) => sum + concurrency, 0),
    costOf: (usage, asked) => opened.find(({ name }) => name === asked)?.model.costOf(usage) ?? null,
    ...wireOf(models),
    onNote: (listener) => {
      for (const { name, model } of opened) model.onNote((note) => listener(`${name}: ${note}`));
    },
    end: (reason) => {
      for (const { end } of models) end(reason);
    },
  };
}
