import type { Persona } from "../persona/persona.ts";
import { BitSet } from "../runs/bit-set.ts";
import { readJournal } from "../runs/read-journal.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import type { PendingPersona } from "./live.ts";
import type { CallRecord, ReplyRecord, SynthesisRecord } from "./record.ts";
import { addCall, addSynthesis, EMPTY_TALLY, type Tally, withoutFailed } from "./tally.ts";

/** What a run's journals say of the part that is done. */
export interface Replay {
  readonly tally: Tally;
  /** The places of the personas that have ended. */
  readonly ended: BitSet;
  /** The replies of personas that have not ended, by place and call number. */
  readonly replies: ReadonlyMap<number, ReadonlyMap<number, ReplyRecord>>;
}

/** How a replay treats personas that failed. */
export interface ReplayOptions {
  /** Whether failed personas are to be tried again. */
  readonly retryFailed: boolean;
}

/** Reads the ended personas of a run in the order in which they ended. */
export async function* readSyntheses(paths: RunPaths): AsyncGenerator<SynthesisRecord> {
  // The lines were written by this program; `readJournal` has checked that they are whole.
  for await (const record of readJournal(paths.syntheses)) yield record as SynthesisRecord;
}

/** Reads the calls of a run in the order in which they were bought. */
export async function* readCalls(paths: RunPaths): AsyncGenerator<CallRecord> {
  for await (const record of readJournal(paths.calls)) yield record as CallRecord;
}

/** Folds a run's journals. Memory does not grow with the run, except by one bit a persona. */
export async function replayRun(paths: RunPaths, { retryFailed }: ReplayOptions): Promise<Replay> {
  let tally = EMPTY_TALLY;
  const ended = new BitSet();
  const failed = new BitSet();
  for await (const record of readSyntheses(paths)) {
    if (failed.has(record.index)) tally = withoutFailed(tally);
    tally = addSynthesis(tally, record);
    if (record.outcome === "failed") failed.add(record.index);
    if (record.outcome !== "failed" || !retryFailed) ended.add(record.index);
  }
  const replies = new Map<number, Map<number, ReplyRecord>>();
  for await (const call of readCalls(paths)) {
    tally = addCall(tally, call);
    if (ended.has(call.index) || !("text" in call)) continue;
    const ofPersona = replies.get(call.index) ?? new Map<number, ReplyRecord>();
    replies.set(call.index, ofPersona.set(call.call, call));
  }
  if (retryFailed) tally = { ...tally, outcomes: { ...tally.outcomes, failed: 0 } };
  return { tally, ended, replies };
}

const NO_REPLIES: ReadonlyMap<number, ReplyRecord> = new Map();

/** The personas of a run that have not ended, in order, with the replies that were bought for them. */
export async function* pendingPersonas(paths: RunPaths, replay: Replay): AsyncGenerator<PendingPersona> {
  let index = 0;
  for await (const record of readJournal(paths.personas)) {
    const { id, persona } = record as { readonly id: string; readonly persona: string };
    const pending: Persona = { id, text: persona };
    if (!replay.ended.has(index)) {
      yield { index, persona: pending, replies: replay.replies.get(index) ?? NO_REPLIES };
    }
    index += 1;
  }
}
