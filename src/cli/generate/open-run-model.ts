import { AgentRefineError } from "../../errors.ts";
import type { ChatModel, Usage } from "../../model/chat-model.ts";
import { systemClock } from "../../model/clock.ts";
import { Ledger } from "../../model/ledger.ts";
import { Limiter, type LimiterSnapshot } from "../../model/limiter.ts";
import { openModel } from "../../model/model-settings.ts";
import { stackModel } from "../../model/model-stack.ts";
import { DEFAULT_SCHEDULE } from "../../model/persistent-model.ts";
import { costOf, type Price } from "../../model/prices.ts";
import { generateWords } from "../words.ts";
import type { Environment } from "../world.ts";
import { OFFLINE, type RunSettings } from "./run-settings.ts";
import type { Session } from "./session.ts";

/** A model that is ready for a run. */
export interface RunModel {
  readonly model: ChatModel;
  /** Personas to work on at once. */
  readonly concurrency: number;
  readonly costOf: (usage: Usage) => number | null;
  /** How many calls are on the wire. */
  readonly callsRunning: () => number;
  /** Undefined for the offline author, which has no limit to learn. */
  readonly limiter: (() => LimiterSnapshot) | undefined;
}

/** What {@link openRunModel} needs beside the settings. */
export interface RunModelOptions {
  readonly session: Session;
  readonly environment: Environment;
  readonly price: Price | undefined;
  /** Dollars that earlier parts of the run have cost. */
  readonly spent: number;
}

function counted(model: ChatModel): { readonly model: ChatModel; readonly running: () => number } {
  let running = 0;
  const chat: ChatModel["chat"] = async (request, options) => {
    running += 1;
    try {
      return await model.chat(request, options);
    } finally {
      running -= 1;
    }
  };
  return { model: { name: model.name, chat }, running: () => running };
}

async function openOffline(settings: RunSettings): Promise<ChatModel> {
  const { offlineModel } = await import("../../author/offline-model.ts");
  const { DEFAULT_FAULT_RATES, scaleFaultRates } = await import("../../author/fault-rates.ts");
  const faultRates = scaleFaultRates(DEFAULT_FAULT_RATES, settings.offlineFaults ?? 1);
  return offlineModel({ seed: String(settings.seed), faultRates });
}

/** The values of the headers that a run sends. Their names are saved, so all of them must be given again. */
function headersOf({ model }: RunSettings, { headers }: Session): Readonly<Record<string, string>> {
  const names = model.headers ?? [];
  const missing = names.filter((name) => headers[name] === undefined);
  if (missing.length > 0) {
    throw new AgentRefineError(generateWords.missingHeaders(missing), {
      fix: generateWords.missingHeadersFix,
    });
  }
  return Object.fromEntries(names.map((name) => [name, headers[name] ?? ""]));
}

async function openAdapter(
  settings: RunSettings,
  session: Session,
  environment: Environment,
): Promise<ChatModel> {
  const { name, headers: _names, baseUrl, ...rest } = settings.model;
  const address = session.baseUrl ?? baseUrl;
  const headers = headersOf(settings, session);
  const { timeout } = session.options;
  return openModel(
    {
      ...rest,
      model: name,
      ...(address === undefined ? {} : { baseUrl: address }),
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      ...(timeout === undefined ? {} : { idleTimeout: timeout * 1000, totalTimeout: timeout * 1000 }),
    },
    environment,
  );
}

/** Opens the model of a run with all that a run needs around it. Throws AgentRefineError. */
export async function openRunModel(settings: RunSettings, options: RunModelOptions): Promise<RunModel> {
  const { session, price, spent } = options;
  const { concurrency, maxCost, maxAttempts } = session.options;
  const paid = (usage: Usage): number | null => (price === undefined ? null : costOf(price, usage));
  if (settings.model.name === OFFLINE) {
    const { model, running } = counted(await openOffline(settings));
    return { model, concurrency: concurrency ?? 16, costOf: paid, callsRunning: running, limiter: undefined };
  }
  const atOnce = concurrency ?? 64;
  const { model, running } = counted(await openAdapter(settings, session, options.environment));
  const limiter = new Limiter(systemClock, { start: Math.min(32, atOnce), maximum: atOnce });
  const stack = stackModel(model, {
    limiter,
    ledger: new Ledger(maxCost, spent),
    price,
    maxTokens: settings.model.maxTokens,
    seed: settings.seed,
    schedule: { ...DEFAULT_SCHEDULE, ...(maxAttempts === undefined ? {} : { attempts: maxAttempts }) },
  });
  return {
    model: stack,
    concurrency: atOnce,
    costOf: paid,
    callsRunning: running,
    limiter: () => limiter.snapshot(),
  };
}
