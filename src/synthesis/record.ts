import type { BoughtReply, BrokenCall } from "../model/reply-record.ts";
import type { ScriptFault } from "../script/script-fault.ts";
import { scriptToWire } from "../script/wire.ts";
import type { Turn } from "../trajectory/trajectory.ts";
import { turnsToWire } from "../trajectory/wire.ts";
import type { Fault } from "../verifier/fault.ts";
import type { Outcome, Synthesis } from "./synthesis.ts";

/** What every line of a run's `calls.jsonl` says. */
interface CallIdentity {
  /** The persona's place in the run's `personas.jsonl`, from 0. */
  readonly index: number;
  readonly persona: string;
  /** The call's number within the persona, from 1; the script's calls count. */
  readonly call: number;
  readonly purpose: "script" | "trajectory";
}

/** A reply as it was bought. A run is a fold over these. */
export interface ReplyRecord extends CallIdentity, BoughtReply {}

/** A call that was given up without a reply. */
export interface FailedCallRecord extends CallIdentity, BrokenCall {}

/** One line of a run's `calls.jsonl`. */
export type CallRecord = ReplyRecord | FailedCallRecord;

/** How a persona ended. */
export type OutcomeKind = Outcome["kind"];

/** One line of a run's `syntheses.jsonl`: a persona that has ended. */
export interface SynthesisRecord {
  readonly index: number;
  /** The persona's id, which is also the id of its trajectory. */
  readonly id: string;
  readonly persona: string;
  readonly outcome: OutcomeKind;
  /** Calls that were answered, the script's included. */
  readonly calls: number;
  /** Every fault met, in order; the last one is why a rejected persona was rejected. */
  readonly faults: readonly (Fault | ScriptFault)[];
  /** Why a failed persona failed. */
  readonly reason?: string;
  /** The script in the paper's wire form (App. L), when one was verified. */
  readonly script?: unknown;
  /** The verified turns in the paper's wire form (App. M); the whole trajectory when accepted. */
  readonly trajectory?: readonly unknown[];
}

function verifiedFields(outcome: Outcome): Pick<SynthesisRecord, "script" | "trajectory" | "reason"> {
  const turns = (verified: readonly Turn[]) => ({ trajectory: turnsToWire(verified) });
  switch (outcome.kind) {
    case "accepted":
      return { script: scriptToWire(outcome.trajectory.script), ...turns(outcome.trajectory.turns) };
    case "rejected":
      return outcome.script === undefined
        ? {}
        : { script: scriptToWire(outcome.script), ...turns(outcome.verified) };
    case "failed":
      return { reason: outcome.reason };
  }
}

/** The record of a synthesis that has ended; undefined for one that has not. */
export function synthesisRecord(index: number, synthesis: Synthesis): SynthesisRecord | undefined {
  const { stage, persona, calls, faults } = synthesis;
  if (stage.kind !== "ended") return undefined;
  return {
    index,
    id: persona.id,
    persona: persona.text,
    outcome: stage.outcome.kind,
    calls,
    faults,
    ...verifiedFields(stage.outcome),
  };
}
