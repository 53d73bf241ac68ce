import type { DataSource } from "../dataset/data-source.ts";
import { readChatRow } from "../dataset/read-chat-row.ts";
import { type JsonRow, readDataFile } from "../dataset/read-data-file.ts";
import { refusePrefix } from "../dataset/read-examples.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { isFields, ownValue } from "../model/call.ts";
import { scriptFromWire } from "../script/wire.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import { turnFromWire } from "../trajectory/wire.ts";

/** A row of a file of data, read; or why it cannot be used. */
export type DataRow =
  | { readonly kind: "trajectories"; readonly id: string; readonly trajectory: Trajectory }
  | { readonly kind: "conversations"; readonly example: TrainingExample }
  | { readonly kind: undefined; readonly problem: string };

/** A row of the format `trajectories`: a script and the turns that were played in it (App. L and M). */
function readTrajectoryRow(value: unknown, fallbackId: string): DataRow {
  const [id, trajectory] = [ownValue(value, "id"), ownValue(value, "trajectory")];
  if (!Array.isArray(trajectory)) return { kind: undefined, problem: "has a trajectory that is no array" };
  const script = scriptFromWire(ownValue(value, "script"));
  if (!("actions" in script)) return { kind: undefined, problem: "has a script that cannot be read" };
  const read = trajectory.map((each, number) => turnFromWire(each, number));
  const bad = read.findIndex(({ turn }) => turn === undefined);
  if (bad >= 0)
    return { kind: undefined, problem: `has a turn ${bad} that cannot be read: ${read[bad]?.problem}` };
  const turns = read.flatMap(({ turn }) => turn ?? []);
  const own = typeof id === "string" ? id : fallbackId;
  return { kind: "trajectories", id: own, trajectory: { script, turns } };
}

/** Reads a row of conversations or trajectories, which gets an id where it has none. */
export function readDataRow({ value, problem }: JsonRow, fallbackId: string): DataRow {
  if (problem !== undefined) return { kind: undefined, problem };
  if (isFields(value) && Object.hasOwn(value, "trajectory")) return readTrajectoryRow(value, fallbackId);
  const read = readChatRow(value, fallbackId);
  if (read.problem !== undefined) return { kind: undefined, problem: read.problem };
  return { kind: "conversations", example: read.example };
}

/**
 * The rows of files of conversations or trajectories, the numbers of their rows in the ids of those that have none.
 *
 * @throws AgentRefineError when a file cannot be read, and when it is in the format `prefix`
 */
export async function* dataRows(files: readonly DataSource[]): AsyncGenerator<DataRow> {
  for (const { path, shown } of files) {
    let number = 0;
    for await (const row of readDataFile(path, shown)) {
      number += 1;
      refusePrefix(row.value, shown);
      yield readDataRow(row, `${shown}-${number}`);
    }
  }
}
