import { type FileHandle, open } from "node:fs/promises";
import { AgentRefineError, storageError } from "../errors.ts";
import { readJournal, readPlaced } from "../runs/journal.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import { scriptFromWire } from "../script/wire.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import { turnFromWire } from "../trajectory/wire.ts";
import {
  type CallRecord,
  callRecordSchema,
  type OutcomeKind,
  replaces,
  SYNTHESES,
  type SynthesisRecord,
  synthesisRecordSchema,
} from "./record.ts";

/** Where a line of a journal stands, in bytes. */
export interface LinePlace {
  readonly start: number;
  readonly length: number;
}

/** A persona that has ended, and where its record stands. */
interface IndexedSynthesis extends LinePlace {
  /** The persona's place in the run. */
  readonly index: number;
  readonly id: string;
  readonly outcome: OutcomeKind;
}

/**
 * The ended personas of a run in the order of the personas, whatever the order in which they ended, each once: of one
 * that failed and was tried again the later record counts, of one that stands there twice the first. Reads the whole
 * journal and holds about a hundred bytes of each persona.
 *
 * @throws AgentRefineError when the journal is damaged; what `stop` was aborted with when it was
 */
export async function indexSyntheses(
  paths: RunPaths,
  stop?: AbortSignal,
): Promise<readonly IndexedSynthesis[]> {
  const found = new Map<number, IndexedSynthesis>();
  for await (const { value, start, length } of readPlaced(paths.syntheses, SYNTHESES)) {
    stop?.throwIfAborted();
    const { index, id, outcome } = value;
    const before = found.get(index);
    if (replaces(before)) found.set(index, { index, id, outcome, start, length });
  }
  return [...found.values()].sort((one, other) => one.index - other.index);
}

/** The text of a line of a journal. */
export async function lineAt(file: FileHandle, { start, length }: LinePlace): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  if (bytesRead < length)
    throw new AgentRefineError("the run was changed while it was read", { fix: "Start again." });
  return buffer.toString("utf8");
}

/** The records of some personas, in the order in which they are given. */
export async function* recordsAt(
  paths: RunPaths,
  places: Iterable<LinePlace>,
): AsyncGenerator<SynthesisRecord, void, undefined> {
  const file = await open(paths.syntheses).catch((error: unknown) => {
    throw storageError(error, "read", paths.syntheses);
  });
  try {
    for (const place of places) yield synthesisRecordSchema.parse(JSON.parse(await lineAt(file, place)));
  } finally {
    await file.close();
  }
}

/** The calls that stand at these places. Rejects with an AgentRefineError when the run was changed meanwhile. */
export async function callsAt(paths: RunPaths, places: readonly LinePlace[]): Promise<readonly CallRecord[]> {
  if (places.length === 0) return [];
  await using file = await open(paths.calls).catch((error: unknown) => {
    throw storageError(error, "read", paths.calls);
  });
  const calls: CallRecord[] = [];
  for (const place of places) calls.push(callRecordSchema.parse(JSON.parse(await lineAt(file, place))));
  return calls;
}

/** The records of {@link indexSyntheses}. */
export async function* currentSyntheses(paths: RunPaths): AsyncGenerator<SynthesisRecord, void, undefined> {
  const ended = await indexSyntheses(paths);
  if (ended.length > 0) yield* recordsAt(paths, ended);
}

/** How many personas a run has. */
export async function countPersonas(paths: RunPaths): Promise<number> {
  let count = 0;
  for await (const _persona of readJournal(paths.personas)) count += 1;
  return count;
}

/**
 * The trajectory that a record holds; undefined when no script was verified.
 *
 * @throws AgentRefineError when it cannot be read, because somebody changed it
 */
export function storedTrajectory(record: SynthesisRecord): Trajectory | undefined {
  if (record.script === undefined) return undefined;
  const script = scriptFromWire(record.script);
  const read = (record.trajectory ?? []).map((wire, number) => turnFromWire(wire, number).turn);
  const turns = read.flatMap((turn) => turn ?? []);
  if (!("actions" in script) || turns.length < read.length) {
    throw new AgentRefineError(`the record of ${record.id} was changed and cannot be read`, {
      fix: "Restore the run from a copy.",
    });
  }
  return { script, turns };
}
