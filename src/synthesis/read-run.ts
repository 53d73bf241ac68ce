import type * as z from "zod";
import { AgentRefineError, storageError } from "../errors.ts";
import { parseFields } from "../model/call.ts";
import type { CostOf } from "../model/money.ts";
import { markOf } from "../persona/persona.ts";
import { readJournal, readPlaced, readRecords } from "../runs/journal.ts";
import { type JournalBytes, type LinePlace, openBytes } from "../runs/journal-bytes.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import { scriptFromWire } from "../script/wire.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import { turnFromWire } from "../trajectory/wire.ts";
import { IndexedRun } from "./indexed-run.ts";
import type { LineTable } from "./persona-lines.ts";
import {
  CALLS,
  type CallRecord,
  callRecordSchema,
  type OutcomeKind,
  type ReplyRecord,
  replaces,
  SYNTHESES,
  type SynthesisRecord,
  synthesisRecordSchema,
} from "./record.ts";
import {
  addCall,
  addLastSynthesis,
  EMPTY_TALLY,
  type FailedRecord,
  type Tally,
  withoutFailed,
} from "./tally.ts";

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

/** What a run's journals say of the part that is done. */
export interface Replay {
  readonly tally: Tally;
  /** Whether the persona at a place has ended, and is not to be tried again. */
  readonly hasEnded: (index: number) => boolean;
  /** The replies of personas that have not ended, by place and call number. */
  readonly replies: ReadonlyMap<number, ReadonlyMap<number, ReplyRecord>>;
}

interface ReplayOptions {
  /** Whether failed personas are to be tried again. */
  readonly retryFailed: boolean;
  /** The run's personas, with which the journals must agree; not checked when not given. */
  readonly personas?: LineTable;
  /** Dollars for the tokens of calls whose price was unknown when they were bought; null when it still is. */
  readonly costOf: CostOf;
  /** Told of each record of a persona that has ended, in the order in which they ended. */
  readonly onEnded?: (record: SynthesisRecord) => void;
  /** Told of each call in the order in which they were bought. */
  readonly onCall?: (call: CallRecord) => void;
  /** Told of lines that cannot be read, which are then left out; without it they are errors. */
  readonly leftOut?: (words: string) => void;
  /** The run's index, with which the journals need not be read; not for who is to be told of records. */
  readonly index?: IndexedRun;
}

/**
 * Reads the ended personas of a run in the order in which they ended. Throws AgentRefineError, also for a damaged line
 * unless `leftOut` is to be told of it.
 */
export function readSyntheses(
  paths: RunPaths,
  leftOut?: (words: string) => void,
): AsyncGenerator<SynthesisRecord, void, undefined> {
  return readRecords(paths.syntheses, SYNTHESES, leftOut);
}

/** Reads the calls of a run in the order in which they were bought; see {@link readSyntheses}. */
export function readCalls(
  paths: RunPaths,
  leftOut?: (words: string) => void,
): AsyncGenerator<CallRecord, void, undefined> {
  return readRecords(paths.calls, CALLS, leftOut);
}

/** Refuses a run whose personas are no longer those that its journals speak of: replies would go to others. */
function requireSame(paths: RunPaths, index: number, id: string, { personas }: ReplayOptions): void {
  if (personas === undefined || personas.markOf(index) === markOf(id)) return;
  throw new AgentRefineError(
    `${paths.personas} was changed: at place ${index} it does not have the persona ${id} that the run has worked on there`,
    { fix: "Restore the file from a copy, or start a new run in another folder." },
  );
}

/** The tally of the personas that have ended; of one that failed and was tried again, only the last record counts. */
async function replaySyntheses(
  paths: RunPaths,
  options: ReplayOptions,
): Promise<Pick<Replay, "tally" | "hasEnded">> {
  const { retryFailed } = options;
  let tally = EMPTY_TALLY;
  const ended = new Set<number>();
  const failed = new Map<number, FailedRecord>();
  for await (const record of readSyntheses(paths, options.leftOut)) {
    requireSame(paths, record.index, record.id, options);
    tally = addLastSynthesis(tally, record, failed);
    if (record.outcome !== "failed" || !retryFailed) ended.add(record.index);
    options.onEnded?.(record);
  }
  if (retryFailed) for (const record of failed.values()) tally = withoutFailed(tally, record);
  return { tally, hasEnded: (index) => ended.has(index) };
}

/**
 * Whether an index can stand for the journals. Not when calls were bought whose price is known only now, or when lines
 * are damaged, of which who reads the journals tells.
 */
export function knowsTally({ damage, unpriced }: IndexedRun, costOf: CostOf): boolean {
  const nothing = { promptTokens: 0, completionTokens: 0, cachedTokens: 0, estimated: false };
  return damage.length === 0 && unpriced.every((model) => costOf(nothing, model) === null);
}

/** What an index says of a run, for those who need no record of it. */
async function replayIndex(run: IndexedRun, paths: RunPaths, options: ReplayOptions): Promise<Replay> {
  const { retryFailed } = options;
  if (options.personas !== undefined)
    for (const { index, id } of run.entries) requireSame(paths, index, id, options);
  // What the index takes in later has been given out before: whoever asks goes through the list once.
  const hasEnded = (index: number): boolean => {
    const row = run.at(index);
    return row?.hasEnded === true && (row.outcome !== "failed" || !retryFailed);
  };
  let { tally } = run;
  if (retryFailed) for (const record of run.failed.values()) tally = withoutFailed(tally, record);
  const pending = [...run.begun, ...(retryFailed ? run.failed.keys() : [])];
  return { tally, hasEnded, replies: await repliesOf(pending, run, paths, options) };
}

/** The replies of some personas by place and call number, read at the places that the index has. */
async function repliesOf(
  indexes: readonly number[],
  run: IndexedRun,
  paths: RunPaths,
  options: ReplayOptions,
): Promise<Replay["replies"]> {
  const replies = new Map<number, ReadonlyMap<number, ReplyRecord>>();
  for (const index of indexes) {
    const calls = await callsAt(paths, run.at(index)?.bought.places ?? []);
    for (const call of calls) requireSame(paths, index, call.persona, options);
    const answered = calls.flatMap((call) => ("text" in call ? [call] : []));
    if (answered.length > 0) replies.set(index, new Map(answered.map((call) => [call.call, call])));
  }
  return replies;
}

/**
 * Folds a run's journals: the index when it has what is asked, else they are read. Memory does not grow with the run,
 * except by some hundred bytes a persona and the faults of those that failed.
 */
export async function replayRun(paths: RunPaths, options: ReplayOptions): Promise<Replay> {
  const { index } = options;
  if (index !== undefined && knowsTally(index, options.costOf)) return replayIndex(index, paths, options);
  const { tally: ofSyntheses, hasEnded } = await replaySyntheses(paths, options);
  let tally = ofSyntheses;
  const replies = new Map<number, Map<number, ReplyRecord>>();
  for await (const call of readCalls(paths, options.leftOut)) {
    requireSame(paths, call.index, call.persona, options);
    options.onCall?.(call);
    tally = addCall(tally, { ...call, cost: call.cost ?? options.costOf(call.usage, call.model) });
    if (hasEnded(call.index) || !("text" in call)) continue;
    const ofPersona = replies.get(call.index) ?? new Map<number, ReplyRecord>();
    replies.set(call.index, ofPersona.set(call.call, call));
  }
  return { tally, hasEnded, replies };
}
