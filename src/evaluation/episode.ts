import type { Difficulty } from "../environment/environment.ts";
import type { ChatMessage, FinishReason, Usage } from "../model/chat-model.ts";
import type { ReActProblem } from "../react.ts";

/** A model's reply as it came. */
export interface RawReply {
  readonly text: string;
  readonly reasoning?: string;
  readonly finish: FinishReason;
  readonly usage: Usage;
}

/** One turn of an agent and what the environment made of it. */
export interface EpisodeTurn {
  /** Undefined for agents without a model. */
  readonly reply?: RawReply;
  /**
   * How many of the oldest turns were left out of what the model was sent, as its context was full: it was sent
   * the trial's first message and those after `2 * forgotten` more. 0 when not given.
   */
  readonly forgotten?: number;
  readonly thought?: string;
  /** Null when the reply was malformed; the environment then did not move. */
  readonly action: string | null;
  readonly malformed?: ReActProblem["code"];
  /** What the agent was shown after it. */
  readonly observation: string;
  readonly progress: number;
  /** The action was understood and possible: what grounding accuracy counts. */
  readonly actionIsValid: boolean;
}

/**
 * Why a trial ended.
 * - `success`: the task is achieved.
 * - `failure`: the environment ended the episode without success.
 * - `turn-limit`: the agent had no turns left.
 * - `stopped`: the agent knew no further action.
 * - `model-failed`: the model gave no reply; the episode can be played again.
 */
export type EpisodeEnding = "success" | "failure" | "turn-limit" | "stopped" | "model-failed";

/** One way through a task, from the reset to an end. */
export interface Trial {
  readonly turns: readonly EpisodeTurn[];
  /**
   * The conversation exactly as the model was sent it (but for the turns that are `forgotten`), its last reply
   * included; empty without a model.
   */
  readonly messages: readonly ChatMessage[];
  readonly ending: EpisodeEnding;
  /** What the ending leaves open, such as why the model gave no reply. */
  readonly reason: string | null;
  readonly success: boolean;
  /** The highest progress that the environment told, in [0, 1]. */
  readonly progress: number;
  /** What was noted for the next trial (Reflexion, App. G). */
  readonly reflection?: { readonly messages: readonly ChatMessage[]; readonly reply: RawReply };
}

/** Which attempt at which task. */
export interface EpisodeKey {
  readonly suite: string;
  /** The task's id. */
  readonly task: string;
  /** From 0; above it only for Best-of-N. */
  readonly attempt: number;
}

/** A finished attempt at a task: one line of `episodes.jsonl`. */
export interface Episode extends EpisodeKey {
  /** The suite's variant: results under different ones are not comparable. */
  readonly variant: string;
  readonly group: string;
  readonly difficulty: Difficulty | null;
  readonly agent: string;
  /** How the last trial ended; `success` and `progress` are the last trial's too, as in the paper's Table 9. */
  readonly ending: EpisodeEnding;
  readonly reason: string | null;
  readonly success: boolean;
  readonly progress: number;
  /** One, or several with Reflexion. */
  readonly trials: readonly Trial[];
  /** Tokens of its replies, and of the call that broke when that ended it. */
  readonly usage: Usage;
  /** Dollars; null when the price is unknown. */
  readonly cost: number | null;
}

/** A text that names one attempt among all. */
export function keyText({ suite, task, attempt }: EpisodeKey): string {
  return JSON.stringify([suite, task, attempt]);
}
