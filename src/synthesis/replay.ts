import type * as z from "zod";
import { AgentRefineError } from "../errors.ts";
import type { CostOf } from "../model/prices.ts";
import { type RecordKind, readPlaced, readRecords, readSound } from "../runs/journal.ts";
import type { LinePlace } from "../runs/journal-bytes.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import type { IndexedRun } from "./indexed-run.ts";
import type { PendingPersona } from "./live.ts";
import { callsAt } from "./read-run.ts";
import {
  CALLS,
  type CallRecord,
  type PlacedPersona,
  personaLineSchema,
  type ReplyRecord,
  SYNTHESES,
  type SynthesisRecord,
} from "./record.ts";
import {
  addCall,
  addLastSynthesis,
  EMPTY_TALLY,
  type FailedRecord,
  type Tally,
  withoutFailed,
} from "./tally.ts";

/** What a run's journals say of the part that is done. */
interface Replay {
  readonly tally: Tally;
  /** The places of the personas that have ended. */
  readonly ended: ReadonlySet<number>;
  /** The replies of personas that have not ended, by place and call number. */
  readonly replies: ReadonlyMap<number, ReadonlyMap<number, ReplyRecord>>;
}

/** How a replay treats personas that failed. */
interface ReplayOptions {
  /** Whether failed personas are to be tried again. */
  readonly retryFailed: boolean;
  /** Marks of the run's personas, with which the journals must agree; not checked when not given. */
  readonly marks?: ReadonlyMap<number, number>;
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
  if (leftOut !== undefined) return readSound(paths.syntheses, SYNTHESES, leftOut);
  return readRecords(paths.syntheses, SYNTHESES);
}

/** Reads the calls of a run in the order in which they were bought; see {@link readSyntheses}. */
export function readCalls(
  paths: RunPaths,
  leftOut?: (words: string) => void,
): AsyncGenerator<CallRecord, void, undefined> {
  if (leftOut !== undefined) return readSound(paths.calls, CALLS, leftOut);
  return readRecords(paths.calls, CALLS);
}

const PERSONAS: RecordKind<z.infer<typeof personaLineSchema>> = {
  schema: personaLineSchema,
  name: "a persona",
};

/** Above every number that {@link markOf} gives. */
export const MARKS = 2 ** 52;

/** A number for a persona's id, so that many can be held: 52 bits, which two ids share by hardly any chance. */
export function markOf(id: string): number {
  let [high, low] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < id.length; at += 1) {
    high = Math.imul(high ^ id.charCodeAt(at), 0x01000193);
    low = Math.imul(low ^ id.charCodeAt(at), 0x5bd1e995);
    low ^= low >>> 15;
  }
  return ((high ^ (high >>> 15)) & 0xfffff) * 2 ** 32 + (low >>> 0);
}

/** The marks of the personas of a run, by their places in the whole list. */
export async function personaMarks(paths: RunPaths): Promise<ReadonlyMap<number, number>> {
  const marks = new Map<number, number>();
  for await (const { index, persona } of readPersonaLines(paths)) marks.set(index, markOf(persona.id));
  return marks;
}

/** Reads the personas of a run in their order, with where their lines stand. Throws AgentRefineError. */
export async function* readPersonaLines(
  paths: RunPaths,
): AsyncGenerator<PlacedPersona & LinePlace, void, undefined> {
  let line = 0;
  let before = -1;
  for await (const { value, start, length } of readPlaced(paths.personas, PERSONAS)) {
    const { index = line, id, persona: text } = value;
    line += 1;
    if (index <= before) {
      throw new AgentRefineError(
        `${paths.personas} is damaged: its line ${line} is of place ${index}, which is not after the one before it`,
        { fix: "Restore the file from a copy." },
      );
    }
    yield { index, persona: { id, text }, start, length };
    before = index;
  }
}

/** Refuses a run whose personas are no longer those that its journals speak of: replies would go to others. */
function requireSame(paths: RunPaths, index: number, id: string, { marks }: ReplayOptions): void {
  if (marks === undefined || marks.get(index) === markOf(id)) return;
  throw new AgentRefineError(
    `${paths.personas} was changed: at place ${index} it does not have the persona ${id} that the run has worked on there`,
    { fix: "Restore the file from a copy, or start a new run in another folder." },
  );
}

/** The tally of the personas that have ended; of one that failed and was tried again, only the last record counts. */
async function replaySyntheses(
  paths: RunPaths,
  options: ReplayOptions,
): Promise<Pick<Replay, "tally" | "ended">> {
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
  return { tally, ended };
}

/**
 * What an index says of a run, for those who need no record of it. Undefined when calls were bought whose price is
 * known only now, or when lines are damaged, of which who reads the journals tells.
 */
async function replayIndex(
  run: IndexedRun,
  paths: RunPaths,
  options: ReplayOptions,
): Promise<Replay | undefined> {
  const { retryFailed, costOf } = options;
  const nothing = { promptTokens: 0, completionTokens: 0, cachedTokens: 0, estimated: false };
  if (run.damage.length > 0 || run.unpriced.some((model) => costOf(nothing, model) !== null))
    return undefined;
  const ended = new Set<number>();
  for (const { index, id, outcome } of run.entries) {
    requireSame(paths, index, id, options);
    if (outcome !== "failed" || !retryFailed) ended.add(index);
  }
  let { tally } = run;
  if (retryFailed) for (const record of run.failed.values()) tally = withoutFailed(tally, record);
  const pending = [...run.begun, ...(retryFailed ? run.failed.keys() : [])];
  return { tally, ended, replies: await repliesOf(pending, run, paths, options) };
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
  if (options.index !== undefined) {
    const replay = await replayIndex(options.index, paths, options);
    if (replay !== undefined) return replay;
  }
  const { tally: ofSyntheses, ended } = await replaySyntheses(paths, options);
  let tally = ofSyntheses;
  const replies = new Map<number, Map<number, ReplyRecord>>();
  for await (const call of readCalls(paths, options.leftOut)) {
    requireSame(paths, call.index, call.persona, options);
    options.onCall?.(call);
    tally = addCall(tally, { ...call, cost: call.cost ?? options.costOf(call.usage, call.model) });
    if (ended.has(call.index) || !("text" in call)) continue;
    const ofPersona = replies.get(call.index) ?? new Map<number, ReplyRecord>();
    replies.set(call.index, ofPersona.set(call.call, call));
  }
  return { tally, ended, replies };
}

const NO_REPLIES: ReadonlyMap<number, ReplyRecord> = new Map();

/**
 * The personas of a run that have not ended, with the replies that were bought for them: first those that have any,
 * so that what was paid for is finished first, each in order. `isWanted` says which, by their places.
 */
export async function* pendingPersonas(
  paths: RunPaths,
  replay: Replay,
  isWanted: (index: number) => boolean,
): AsyncGenerator<PendingPersona> {
  const isPending = (index: number): boolean => !replay.ended.has(index) && isWanted(index);
  if (replay.replies.size > 0) yield* selectPending(paths, replay, (at, isBegun) => isBegun && isPending(at));
  yield* selectPending(paths, replay, (at, isBegun) => !isBegun && isPending(at));
}

async function* selectPending(
  paths: RunPaths,
  replay: Replay,
  isWanted: (index: number, isBegun: boolean) => boolean,
): AsyncGenerator<PendingPersona> {
  for await (const { index, persona } of readPersonaLines(paths)) {
    if (isWanted(index, replay.replies.has(index))) {
      yield { index, persona, replies: replay.replies.get(index) ?? NO_REPLIES };
    }
  }
}
