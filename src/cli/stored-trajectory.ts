import { AgentRefineError } from "../errors.ts";
import type { Script } from "../script/script.ts";
import { scriptFromWire } from "../script/wire.ts";
import type { SynthesisRecord } from "../synthesis/record.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import { turnFromWire } from "../trajectory/wire.ts";
import { words } from "./words.ts";

function isScript(value: ReturnType<typeof scriptFromWire>): value is Script {
  return !Array.isArray(value);
}

/**
 * The trajectory that a record holds; undefined when no script was verified. What cannot be read was changed by
 * somebody else, and is an AgentRefineError.
 */
export function storedTrajectory(record: SynthesisRecord): Trajectory | undefined {
  if (record.script === undefined) return undefined;
  const script = scriptFromWire(record.script);
  const read = (record.trajectory ?? []).map((wire, number) => turnFromWire(wire, number).turn);
  const turns = read.flatMap((turn) => turn ?? []);
  if (!isScript(script) || turns.length < read.length) {
    throw new AgentRefineError(words.damagedRecord(record.id), { fix: words.damagedRecordFix });
  }
  return { script, turns };
}
