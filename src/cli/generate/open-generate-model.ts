import { OFFLINE, type RunSettings } from "../../config/run-settings.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import { costWith, openRunModel, type RunModel, type RunModelOptions } from "../model/open-run-model.ts";
import { CallLog } from "../terminal/call-log.ts";

async function openOffline(settings: RunSettings): Promise<ChatModel> {
  const { offlineModel } = await import("../../author/offline-model.ts");
  const { DEFAULT_FAULT_RATES, scaleFaultRates } = await import("../../author/fault-rates.ts");
  const faultRates = scaleFaultRates(DEFAULT_FAULT_RATES, settings.offlineFaults ?? 1);
  return offlineModel({ seed: String(settings.seed), faultRates, stream: settings.model.stream ?? true });
}

/** Opens the model of a run, or the built-in author. Throws AgentRefineError. */
export async function openGenerateModel(
  settings: RunSettings,
  options: Omit<RunModelOptions, "seed">,
): Promise<RunModel> {
  if (settings.model.name !== OFFLINE)
    return openRunModel(settings.model, { ...options, seed: settings.seed });

  return {
    model: await openOffline(settings),
    concurrency: options.session.options.concurrency ?? 16,
    costOf: costWith(options.price),
    activity: undefined,
    limiter: undefined,
    onNote: () => {},
    log: new CallLog(),
    end: () => {},
  };
}
