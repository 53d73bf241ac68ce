import { type CallRecord, faultCode, type OutcomeKind, type SynthesisRecord } from "./record.ts";
import type { FailedRecord, Tally } from "./tally.ts";
import { type Purpose, writersOf } from "./writers.ts";

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

/** Counts of faults with those of one more record, or without them when `sign` is -1. */
export function countFaults(
  counts: WritersTally["faults"],
  faults: SynthesisRecord["faults"],
  sign: 1 | -1,
): WritersTally["faults"] {
  const sums: Record<string, number> = { ...counts };
  for (const fault of faults) {
    const code = faultCode(fault);
    sums[code] = (sums[code] ?? 0) + sign;
    if (sums[code] === 0) delete sums[code];
  }
  return sums;
}

/** The writers with one more line of `calls.jsonl`. */
export function addWritersCall(tally: ByWriters, call: CallRecord): ByWriters {
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

/** The writers with one more line of `syntheses.jsonl`. */
export function addWritersSynthesis(tally: ByWriters, record: SynthesisRecord): ByWriters {
  return changed(tally, record.writers, ({ outcomes, faults, ...bought }) => ({
    ...bought,
    outcomes: { ...outcomes, [record.outcome]: outcomes[record.outcome] + 1 },
    faults: countFaults(faults, record.faults, 1),
  }));
}

/** The writers without a failed persona, which is tried again. */
export function withoutWritersFailed(tally: ByWriters, record: FailedRecord): ByWriters {
  return changed(tally, record.writers, ({ outcomes, faults, ...bought }) => ({
    ...bought,
    outcomes: { ...outcomes, failed: outcomes.failed - 1 },
    faults: countFaults(faults, record.faults, -1),
  }));
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
