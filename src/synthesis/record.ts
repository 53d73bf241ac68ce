import type { FinishReason, Usage } from "../model/chat-model.ts";
import type { ScriptFault } from "../script/script-fault.ts";
import type { Fault } from "../verifier/fault.ts";

/**
 * One line of a run's `calls.jsonl`: a reply as it was bought, written and synced before anything is made of
 * it. A run is a fold over these lines.
 */
export interface CallRecord {
  /** The persona's place in the run's `personas.jsonl`, from 0. */
  readonly index: number;
  readonly persona: string;
  /** The call's number within the persona, from 1; the script's calls count. */
  readonly call: number;
  /** SHA-256 of the request; a reply is only used for the request it answered. */
  readonly request: string;
  readonly text: string;
  readonly reasoning?: string;
  readonly finish: FinishReason;
  readonly usage: Usage;
  /** Dollars; null when the price is unknown. */
  readonly cost: number | null;
}

/** How a persona ended. */
export type OutcomeKind = "accepted" | "rejected" | "failed";

/** One line of a run's `syntheses.jsonl`: a persona that has ended. */
export interface SynthesisRecord {
  readonly index: number;
  /** The persona's id, which is also the id of its trajectory. */
  readonly id: string;
  readonly persona: string;
  readonly outcome: OutcomeKind;
  /** Calls used, the script's included. */
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
