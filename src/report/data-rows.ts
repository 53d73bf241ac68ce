import type { DataSource } from "../dataset/data-source.ts";
import { readChatRow } from "../dataset/read-chat-row.ts";
import { type JsonRow, readDataFile } from "../dataset/read-data-file.ts";
import { refusePrefix } from "../dataset/read-examples.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { scriptFromWire } from "../script/wire.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import { turnFromWire } from "../trajectory/wire.ts";

/** A row of a file of data, read; or why it cannot be used. */
export type DataRow =
  | { readonly kind: "trajectories"; readonly id: string; readonly trajectory: Trajectory }
  | { readonly kind: "conversations"; readonly example: TrainingExample }
  | { readonly kind: undefined; readonly problem: string };

interface TrajectoryRow {
  readonly id?: unknown;
  readonly script: unknown;
  readonly trajectory: unknown;
}

function isTrajectoryRow(value: unknown): value is TrajectoryRow {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.hasOwn(value, "script") &&
    Object.hasOwn(value, "trajectory")
  );
}

/** A row of the format `trajectories`: a script and the turns that were played in it (App. L and M). */
function readTrajectoryRow({ id, script: wire, trajectory }: TrajectoryRow, fallbackId: string): DataRow {
  if (!Array.isArray(trajectory)) return { kind: undefined, problem: "has a trajectory that is no array" };
  const script = scriptFromWire(wire);
  if (!("actions" in script)) return { kind: undefined, problem: "has a script that cannot be read" };
  const turns = trajectory.flatMap((each, number) => turnFromWire(each, number).turn ?? []);
  if (turns.length < trajectory.length) return { kind: undefined, problem: "has a turn that cannot be read" };
  const own = typeof id === "string" ? id : fallbackId;
  return { kind: "trajectories", id: own, trajectory: { script, turns } };
}

function readRow({ value, problem }: JsonRow, name: string, number: number): DataRow {
  if (problem !== undefined) return { kind: undefined, problem };
  const fallbackId = `${name}-${number}`;
  if (isTrajectoryRow(value)) return readTrajectoryRow(value, fallbackId);
  refusePrefix(value, name);
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
      yield readRow(row, shown, number);
    }
  }
}
