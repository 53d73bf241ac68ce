import { defined } from "../defined.ts";
import { addErrorRuns, type ErrorRunCounts, NO_ERROR_RUNS, type Turn } from "../trajectory/trajectory.ts";
import { turnFromWire } from "../trajectory/wire.ts";
import { type CallRecord, faultCode, type OutcomeKind, type SynthesisRecord } from "./record.ts";
import { type Purpose, writersOf } from "./writers.ts";

/** What a run has done so far: a fold over its two journals. */
export interface Tally {
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  /** Why the last persona failed that did; undefined while none has. */
  readonly lastFailure?: string | undefined;
  /** Calls with a reply, and calls that were given up. */
  readonly calls: number;
  readonly failedCalls: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** Calls whose tokens we estimated, because the provider sent no usage. */
  readonly estimatedCalls: number;
  /** Replies that were cut off at the limit of tokens, and those that the model or a filter refused. */
  readonly cutCalls: number;
  readonly refusedCalls: number;
  /** Dollars; null as soon as the price of one call is unknown. */
  readonly cost: number | null;
  /** Trajectory calls that were stopped at their first fault, and those that were read to their end. */
  readonly stopped: CallCount;
  readonly whole: CallCount;
  /** How many of the accepted took so many calls, the script's included. */
  readonly acceptedByCalls: Readonly<Record<string, number>>;
  /** How often each fault was met, by code; a script's faults are counted as `script/<code>`. */
  readonly faults: Readonly<Record<string, number>>;
  /** Continuous error turns of the accepted trajectories (App. N). */
  readonly errorRuns: ErrorRunCounts;
  /** The same of each writer, by its name or the names of both as `a + b`; only of runs that several models write. */
  readonly writers?: Readonly<Record<string, WritersTally>>;
}

/** A number of calls and the completion tokens they bought. */
interface CallCount {
  readonly calls: number;
  readonly completionTokens: number;
}

const NO_CALLS: CallCount = { calls: 0, completionTokens: 0 };

/** The tally of a run that has not begun. */
export const EMPTY_TALLY: Tally = {
  outcomes: { accepted: 0, rejected: 0, failed: 0 },
  calls: 0,
  failedCalls: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  estimatedCalls: 0,
  cutCalls: 0,
  refusedCalls: 0,
  cost: 0,
  stopped: NO_CALLS,
  whole: NO_CALLS,
  acceptedByCalls: {},
  faults: {},
  errorRuns: NO_ERROR_RUNS,
};

/** How many personas of a run, or of one of its writers, have ended. */
export function endedPersonas({ outcomes }: Pick<Tally, "outcomes">): number {
  return outcomes.accepted + outcomes.rejected + outcomes.failed;
}

function countCall(count: CallCount, isCounted: boolean, completionTokens: number): CallCount {
  if (!isCounted) return count;
  return { calls: count.calls + 1, completionTokens: count.completionTokens + completionTokens };
}

/** The tally with one more line of `calls.jsonl`. */
export function addCall(tally: Tally, call: CallRecord): Tally {
  const { usage } = call;
  const isTrajectory = call.purpose === "trajectory" && "text" in call;
  const isStopped = isTrajectory && call.finish === "aborted";
  return {
    ...tally,
    calls: tally.calls + ("text" in call ? 1 : 0),
    failedCalls: tally.failedCalls + ("text" in call ? 0 : 1),
    promptTokens: tally.promptTokens + usage.promptTokens,
    cachedTokens: tally.cachedTokens + usage.cachedTokens,
    completionTokens: tally.completionTokens + usage.completionTokens,
    estimatedCalls: tally.estimatedCalls + (usage.estimated ? 1 : 0),
    cutCalls: tally.cutCalls + ("text" in call && call.finish === "length" ? 1 : 0),
    refusedCalls: tally.refusedCalls + ("text" in call && call.finish === "filter" ? 1 : 0),
    cost: tally.cost === null || call.cost === null ? null : tally.cost + call.cost,
    stopped: countCall(tally.stopped, isStopped, usage.completionTokens),
    whole: countCall(tally.whole, isTrajectory && !isStopped, usage.completionTokens),
    ...addWritersCall(tally, call),
  };
}

function turnsOf(trajectory: readonly unknown[]): readonly Turn[] {
  return trajectory.flatMap((wire, number) => turnFromWire(wire, number).turn ?? []);
}

function countCalls(counts: Tally["acceptedByCalls"], calls: number): Tally["acceptedByCalls"] {
  return { ...counts, [calls]: (counts[calls] ?? 0) + 1 };
}

/** The tally with one more line of `syntheses.jsonl`. */
export function addSynthesis(tally: Tally, record: SynthesisRecord): Tally {
  const isAccepted = record.outcome === "accepted";
  return {
    ...tally,
    ...countEnded(tally, record, 1),
    ...(record.outcome === "failed" ? { lastFailure: record.reason } : {}),
    ...(isAccepted ? { acceptedByCalls: countCalls(tally.acceptedByCalls, record.calls) } : {}),
    errorRuns: isAccepted ? addErrorRuns(tally.errorRuns, turnsOf(record.trajectory ?? [])) : tally.errorRuns,
    ...changed(tally, record.writers, (writer) => ({ ...writer, ...countEnded(writer, record, 1) })),
  };
}

/** What must be known of a persona that failed, should it be tried again. */
export type FailedRecord = Pick<SynthesisRecord, "faults" | "writers">;

/**
 * The tally with one more line of a whole `syntheses.jsonl`, in which of a persona that failed and was tried again only
 * the last record counts. `failed` are those that have failed so far, by their places; it is brought up to date.
 */
export function addLastSynthesis(
  tally: Tally,
  record: SynthesisRecord,
  failed: Map<number, FailedRecord>,
): Tally {
  const { index, faults, writers, outcome } = record;
  const earlier = failed.get(index);
  failed.delete(index);
  if (outcome === "failed") failed.set(index, { faults, ...defined({ writers }) });
  return addSynthesis(earlier === undefined ? tally : withoutFailed(tally, earlier), record);
}

/** The tally without a failed persona, which is tried again and then meets its faults again. */
export function withoutFailed(tally: Tally, record: FailedRecord): Tally {
  const gone = { outcome: "failed", faults: record.faults } as const;
  return {
    ...tally,
    ...countEnded(tally, gone, -1),
    ...changed(tally, record.writers, (writer) => ({ ...writer, ...countEnded(writer, gone, -1) })),
  };
}

/**
 * Completion tokens that stopping at the first fault has saved, estimated: had the stopped calls run to their
 * end, they would have bought as many tokens as the mean call that did.
 */
export function tokensSaved({ stopped, whole }: Tally): number {
  if (whole.calls === 0) return 0;
  const unstopped = (whole.completionTokens / whole.calls) * stopped.calls;
  return Math.max(0, Math.round(unstopped - stopped.completionTokens));
}

/** What calls of one kind have bought. */
export interface Purchases {
  /** Those with a reply. */
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Dollars; null as soon as the price of one call is unknown. */
  readonly cost: number | null;
}

/** What one of several writers has done so far. */
export interface WritersTally extends Readonly<Record<Purpose, Purchases>> {
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  /** How often each fault was met, by code; a script's as `script/<code>`. */
  readonly faults: Readonly<Record<string, number>>;
}

const NOTHING: Purchases = { calls: 0, promptTokens: 0, completionTokens: 0, cost: 0 };

const EMPTY: WritersTally = {
  outcomes: { accepted: 0, rejected: 0, failed: 0 },
  faults: {},
  script: NOTHING,
  trajectory: NOTHING,
};

/** The part of a tally that tells writers apart. */
type ByWriters = Pick<Tally, "writers">;

function changed(
  { writers = {} }: ByWriters,
  label: string | undefined,
  change: (before: WritersTally) => WritersTally,
): ByWriters {
  if (label === undefined) return {};
  const before = Object.hasOwn(writers, label) ? writers[label] : undefined;
  return { writers: { ...writers, [label]: change(before ?? EMPTY) } };
}

/** Counts with one more persona that has ended, or without it when `sign` is -1. */
function countEnded(
  { outcomes, faults }: Pick<Tally, "outcomes" | "faults">,
  record: Pick<SynthesisRecord, "outcome" | "faults">,
  sign: 1 | -1,
): Pick<Tally, "outcomes" | "faults"> {
  const sums: Record<string, number> = { ...faults };
  for (const code of record.faults.map(faultCode)) {
    sums[code] = (sums[code] ?? 0) + sign;
    if (sums[code] === 0) delete sums[code];
  }
  const outcome = outcomes[record.outcome] + sign;
  return { outcomes: { ...outcomes, [record.outcome]: outcome }, faults: sums };
}

/** The writers with one more line of `calls.jsonl`. */
function addWritersCall(tally: ByWriters, call: CallRecord): ByWriters {
  return changed(tally, writersOf(call), (before) => {
    const { calls, promptTokens, completionTokens, cost } = before[call.purpose];
    return {
      ...before,
      [call.purpose]: {
        calls: calls + ("text" in call ? 1 : 0),
        promptTokens: promptTokens + call.usage.promptTokens,
        completionTokens: completionTokens + call.usage.completionTokens,
        cost: cost === null || call.cost === null ? null : cost + call.cost,
      },
    };
  });
}

/** What both kinds of calls of a writer have bought together. */
export function boughtInAll({ script, trajectory }: WritersTally): Purchases {
  return {
    calls: script.calls + trajectory.calls,
    promptTokens: script.promptTokens + trajectory.promptTokens,
    completionTokens: script.completionTokens + trajectory.completionTokens,
    cost: script.cost === null || trajectory.cost === null ? null : script.cost + trajectory.cost,
  };
}
