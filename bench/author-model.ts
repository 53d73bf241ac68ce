import { DEFAULT_FAULT_RATES, scaleFaultRates } from "../src/author/fault-rates.ts";
import { offlineModel } from "../src/author/offline-model.ts";
import type { ChatModel } from "../src/model/chat-model.ts";

/** The model that stands in for a real one: its mistakes come `faultFactor` times as often as usual. */
export function authorModel(faultFactor: number): ChatModel {
  return offlineModel({ seed: "bench", faultRates: scaleFaultRates(DEFAULT_FAULT_RATES, faultFactor) });
}
