import type * as z from "zod";
import { AgentRefineError, storageError } from "../errors.ts";
import { parseFields } from "../model/call.ts";
import { readJournal, readPlaced } from "../runs/journal.ts";
import { type JournalBytes, type LinePlace, openBytes } from "../runs/journal-bytes.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import { scriptFromWire } from "../script/wire.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import { turnFromWire } from "../trajectory/wire.ts";
import { IndexedRun } from "./indexed-run.ts";
import {
  type CallRecord,
  callRecordSchema,
  type OutcomeKind,
  replaces,
  SYNTHESES,
  type SynthesisRecord,
  synthesisRecordSchema,
} from "./record.ts";

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
 * journal unless an index is beside it, and holds about a hundred bytes of each persona.
 *
 * @throws AgentRefineError when the journal is damaged; what `stop` was aborted with when it was
 */
export async function indexSyntheses(
  paths: RunPaths,
  stop?: AbortSignal,
): Promise<readonly IndexedSynthesis[]> {
  const kept = await IndexedRun.openKept(paths);
  if (kept !== undefined && kept.damage.length === 0)
    return kept.entries.map(({ index, id, outcome, record }) => ({ index, id, outcome, ...record }));
  const found = new Map<number, IndexedSynthesis>();
  for await (const { value, start, length } of readPlaced(paths.syntheses, SYNTHESES)) {
    stop?.throwIfAborted();
    const { index, id, outcome } = value;
    const before = found.get(index);
    if (replaces(before)) found.set(index, { index, id, outcome, start, length });
  }
  return [...found.values()].sort((one, other) => one.index - other.index);
}

/** Opens a journal of a run to read lines at their places. Throws AgentRefineError when there is none. */
export async function openLines(path: string): Promise<JournalBytes> {
  const journal = await openBytes(path).catch((error: unknown) => {
    throw storageError(error, "read", path);
  });
  if (journal !== undefined) return journal;
  throw new AgentRefineError(`there is no ${path}`, { fix: "Restore the run from a copy." });
}

/** The text of a line of a journal. */
export async function lineAt(journal: JournalBytes, { start, length }: LinePlace): Promise<string> {
  const bytes = await journal.read(start, length);
  if (bytes.length < length)
    throw new AgentRefineError("the run was changed while it was read", { fix: "Start again." });
  return bytes.toString("utf8");
}

/** Reads a line that an index has found; throws AgentRefineError when something else stands there now. */
function recordAt<Value>(schema: z.ZodType<Value>, path: string, text: string): Value {
  const parsed = schema.safeParse(parseFields(text));
  if (parsed.success) return parsed.data;
  throw new AgentRefineError(`${path} was changed: a line is not what the run's index says`, {
    fix: "Restore the file from a copy, or remove the index, which is then made anew.",
  });
}

/** The records of some personas, in the order in which they are given. */
export async function* recordsAt(
  paths: RunPaths,
  places: Iterable<LinePlace>,
): AsyncGenerator<SynthesisRecord, void, undefined> {
  await using journal = await openLines(paths.syntheses);
  for (const place of places)
    yield recordAt(synthesisRecordSchema, paths.syntheses, await lineAt(journal, place));
}

/** The calls that stand at these places. Rejects with an AgentRefineError when the run was changed meanwhile. */
export async function callsAt(paths: RunPaths, places: readonly LinePlace[]): Promise<readonly CallRecord[]> {
  if (places.length === 0) return [];
  await using journal = await openLines(paths.calls);
  const calls: CallRecord[] = [];
  for (const place of places)
    calls.push(recordAt(callRecordSchema, paths.calls, await lineAt(journal, place)));
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
