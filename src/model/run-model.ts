import { setMaxListeners } from "node:events";
import { resolve } from "node:path";
import { defined } from "../defined.ts";
import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";
import { counted } from "../numbers.ts";
import { CallLog } from "./call-log.ts";
import type { ChatModel } from "./chat-model.ts";
import { Limiter, type LimiterSnapshot, systemClock } from "./limiter.ts";
import { keyAtRisk } from "./model-settings.ts";
import { type CostOf, costOf, Ledger, loadPrices, type Price, priceOf, priceSchema } from "./money.ts";
import { type ModelSettings, openModel } from "./providers.ts";
import type { Note } from "./server-limits.ts";
import { Activity, DEFAULT_SCHEDULE, stackModel } from "./stack.ts";

// The model of a run, an evaluation or a judging, with all that such work needs around it.

/** A model and how it is asked, as it is saved. */
export interface AskedModel
  extends Omit<ModelSettings, "model" | "headers" | "temperature" | "maxTokens" | "note"> {
  readonly name: string;
  readonly maxTokens: number;
  readonly temperature?: number | "none";
  /** The names of further headers. */
  readonly headers?: readonly string[];
}

/** How models are driven in one part of the work. None of this is saved, and it may differ each time. */
export interface Driving {
  /** Values of further headers by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** An address that goes over the saved one: a server of one's own may have moved. */
  readonly baseUrl?: string;
  readonly options: {
    readonly concurrency?: number;
    /** Seconds. */
    readonly timeout?: number;
    readonly maxAttempts?: number;
    readonly maxCost?: number;
    readonly prices?: string;
    readonly price?: Pick<Price, "prompt" | "completion"> & Partial<Price>;
  };
}

/** A model that is ready for a run. */
export interface RunModel {
  readonly model: ChatModel;
  /** Pieces of work to have under way at once. */
  readonly concurrency: number;
  readonly costOf: CostOf;
  /** What its calls are doing, and the limit they have learnt; undefined for a model that is not on a wire. */
  readonly activity: Activity | undefined;
  readonly limiter: (() => LimiterSnapshot) | undefined;
  /** Hands over what the user should know of the server, each once: what came before, and what will come. */
  readonly onNote: (listener: (note: string) => void) => void;
  /** The log of its requests, which is to be opened. */
  readonly log: CallLog;
  /** What its calls may cost; undefined for a model that costs nothing. */
  readonly ledger: Ledger | undefined;
  /** Ends the calls on the wire; they reject with the reason. */
  readonly end: (reason: Error) => void;
}

/** What {@link openRunModel} needs beside the model's name. */
export interface RunModelOptions {
  readonly driving: Driving;
  readonly env: Env;
  readonly price: Price | undefined;
  /** Dollars that earlier parts of the run have cost. */
  readonly spent: number;
  readonly seed: number;
  /** A model of the same run, with which this one shares its log, its money and the count of its calls. */
  readonly beside?: Pick<RunModel, "log" | "ledger" | "activity"> | undefined;
}

/** Dollars for tokens; null when the price is not known. */
export function costWith(price: Price | undefined): CostOf {
  return (usage) => (price === undefined ? null : costOf(price, usage));
}

/** Where a model's server is and which variable holds its key. */
type Whereabouts = Readonly<{ baseUrl?: unknown; apiKeyEnv?: unknown; [further: string]: unknown }>;

/**
 * A folder may come from somebody else, and does not decide alone which key goes to which server: a key is for the server
 * that it names only when the user names one of the two again. Throws AgentRefineError.
 */
export function requireOwnKey(
  saved: Whereabouts | undefined,
  given: Whereabouts | undefined,
  env: Env,
  again = (variable: string): string => `--api-key-env ${variable}`,
): void {
  const { baseUrl, apiKeyEnv } = saved ?? {};
  if (typeof baseUrl !== "string" || (given?.baseUrl ?? given?.apiKeyEnv) !== undefined) return;
  const variable = keyAtRisk(baseUrl, typeof apiKeyEnv === "string" ? apiKeyEnv : undefined, env);
  if (variable === undefined) return;
  throw new AgentRefineError(`the settings in the folder send the key in ${variable} to ${baseUrl}`, {
    fix: `If that is right, say so with ${again(variable)}.`,
  });
}

/** The values of the headers that a run sends. Their names are saved, so all of them must be given again. */
function headersOf(choice: AskedModel, { headers }: Driving): Readonly<Record<string, string>> {
  const names = choice.headers ?? [];
  const missing = names.filter((name) => headers[name] === undefined);
  if (missing.length > 0) {
    throw new AgentRefineError(`the run sends ${missing.join(", ")}, whose values are not saved`, {
      fix: 'Give them again with --header "Name: value".',
    });
  }
  return Object.fromEntries(names.map((name) => [name, headers[name] ?? ""]));
}

/** Keeps notes until somebody listens. */
function collectNotes(): { readonly note: Note; readonly listen: RunModel["onNote"] } {
  const early: string[] = [];
  let tell = (text: string): void => void early.push(text);
  return {
    note: (text) => tell(text),
    listen: (listener) => {
      for (const text of early.splice(0)) listener(text);
      tell = listener;
    },
  };
}

/** What the provider of a run's model is opened with. Throws AgentRefineError. */
export function providerSettings(choice: AskedModel, driving: Driving, note: Note): ModelSettings {
  const { name, headers: _names, baseUrl, temperature, ...rest } = choice;
  const address = driving.baseUrl ?? baseUrl;
  const headers = headersOf(choice, driving);
  const { timeout } = driving.options;
  return {
    ...rest,
    model: name,
    ...(temperature === undefined || temperature === "none" ? {} : { temperature }),
    note,
    ...defined({ baseUrl: address }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(timeout === undefined ? {} : { idleTimeout: timeout * 1000, totalTimeout: timeout * 1000 }),
  };
}

/**
 * A model whose calls end when `signal` fires, and that tells of requests a part of which cannot be bound, at the first
 * and at each tenfold number of them.
 */
function askedInRun(model: ChatModel, signal: AbortSignal, isBound: boolean, note: Note): ChatModel {
  let count = 0;
  return {
    name: model.name,
    chat: (request, options = {}) => {
      const unbound = isBound ? request.schema?.unbound : undefined;
      if (unbound !== undefined) count += 1;
      if (unbound !== undefined && Number.isInteger(Math.log10(count))) {
        const replies = counted(count, "reply", "replies");
        note(`the actions of ${replies} so far were left free: of this one ${unbound}`);
      }
      const own = options.signal;
      const ends = own === undefined ? signal : AbortSignal.any([own, signal]);
      return model.chat(request, { ...options, signal: ends });
    },
  };
}

/** Opens the model of a run with all that a run needs around it. Throws AgentRefineError. */
export async function openRunModel(choice: AskedModel, options: RunModelOptions): Promise<RunModel> {
  const { driving, env, price, spent, seed, beside } = options;
  const { concurrency: atOnce = 64, maxCost, maxAttempts } = driving.options;
  const notes = collectNotes();
  const log = beside?.log ?? new CallLog();
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const adapter = await openModel(providerSettings(choice, driving, notes.note), env);
  const model = askedInRun(log.watch(adapter), ending.signal, choice.structured === true, notes.note);
  const limiter = new Limiter(systemClock, { start: Math.min(32, atOnce), maximum: atOnce });
  const activity = beside?.activity ?? new Activity(systemClock);
  const ledger = beside?.ledger ?? new Ledger(maxCost, spent);
  const stack = stackModel(model, {
    limiter,
    ledger,
    activity,
    note: notes.note,
    price,
    maxTokens: choice.maxTokens,
    structured: choice.structured ?? false,
    seed,
    schedule: { ...DEFAULT_SCHEDULE, ...defined({ attempts: maxAttempts }) },
  });
  return {
    model: stack,
    concurrency: atOnce,
    costOf: costWith(price),
    activity,
    limiter: () => limiter.snapshot(),
    onNote: notes.listen,
    log,
    ledger,
    end: (reason) => ending.abort(reason),
  };
}

/** A model that is on no wire, such as the built-in author, or none at all. */
export function localModel(concurrency: number, price: Price): Omit<RunModel, "model"> {
  return {
    concurrency,
    costOf: costWith(price),
    activity: undefined,
    limiter: undefined,
    onNote: () => {},
    log: new CallLog(),
    ledger: undefined,
    end: () => {},
  };
}

/** The limits of several models together; the longest pause is told of. */
function allLimits(limits: readonly LimiterSnapshot[]): LimiterSnapshot {
  const sum = (of: (limit: LimiterSnapshot) => number): number =>
    limits.reduce((all, each) => all + of(each), 0);
  const paused = Math.max(0, ...limits.map((limit) => limit.paused));
  const because = limits.find((limit) => limit.paused === paused)?.pausedBecause;
  return {
    limit: sum(({ limit }) => limit),
    running: sum(({ running }) => running),
    waiting: sum(({ waiting }) => waiting),
    paused,
    ...defined({ pausedBecause: because }),
    throttled: sum(({ throttled }) => throttled),
  };
}

/** What the calls of models that share their activity do, and may do together; nothing for models that are on no wire. */
export function wireOf(
  models: readonly Pick<RunModel, "activity" | "limiter">[],
): Pick<RunModel, "activity" | "limiter"> {
  const limiters = models.flatMap(({ limiter }) => limiter ?? []);
  return {
    activity: models.find(({ activity }) => activity !== undefined)?.activity,
    limiter: limiters.length === 0 ? undefined : () => allLimits(limiters.map((snapshot) => snapshot())),
  };
}

/** What tokens cost that nobody sells. */
export const FREE: Price = { prompt: 0, cachedPrompt: 0, completion: 0 };

/**
 * The price that a run's costs are counted with: the one given, else that of the list given, else the one the run
 * was started with, else that of the shipped list. `directory` is where a relative path begins. Undefined when it is
 * not known. Throws AgentRefineError.
 */
export async function priceOfRun(
  model: string,
  { options }: Driving,
  savedPrice: unknown,
  directory: string,
): Promise<Price | undefined> {
  if (options.price !== undefined) return { cachedPrompt: options.price.prompt, ...options.price };
  const earlier = priceSchema.safeParse(savedPrice);
  if (options.prices === undefined && earlier.success) return earlier.data;
  const list = options.prices === undefined ? undefined : resolve(directory, options.prices);
  return priceOf(await loadPrices(list), model);
}
