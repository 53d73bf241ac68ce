import { DEFAULT_FAULT_RATES, scaleFaultRates } from "../../src/author/fault-rates.ts";
import { offlineModel } from "../../src/author/offline-model.ts";
import type { ChatModel } from "../../src/model/chat-model.ts";
import { scriptToWire } from "../../src/script/wire.ts";
import { begin, receive, request } from "../../src/synthesis/synthesis.ts";
import { turnToWire } from "../../src/trajectory/wire.ts";
import { personas } from "./personas.ts";

/** The model that stands in for a real one: its mistakes come `faultFactor` times as often as usual. */
export function authorModel(faultFactor: number): ChatModel {
  return offlineModel({ seed: "bench", faultRates: scaleFaultRates(DEFAULT_FAULT_RATES, faultFactor) });
}

/**
 * Trajectories as they are stored for `agentrefine verify`: so many lines of `{script, trajectory}`, each of a
 * world of its own, in UTF-8.
 */
export async function storedLines(count: number): Promise<readonly Buffer[]> {
  const model = authorModel(1);
  const lines: Buffer[] = [];
  for await (const persona of personas(2 * count)) {
    if (lines.length === count) return lines;
    let synthesis = begin(persona, 4);
    for (let ask = request(synthesis); ask !== undefined; ask = request(synthesis)) {
      synthesis = receive(synthesis, await model.chat(ask));
    }
    const { stage } = synthesis;
    if (stage.kind !== "ended" || stage.outcome.kind !== "accepted") continue;
    const { script, turns } = stage.outcome.trajectory;
    lines.push(
      Buffer.from(JSON.stringify({ script: scriptToWire(script), trajectory: turns.map(turnToWire) })),
    );
  }
  throw new Error(`only ${lines.length} of ${2 * count} personas were accepted`);
}
