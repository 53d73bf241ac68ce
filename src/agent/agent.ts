import type { Task } from "../environment/suite.ts";
import type { Start } from "../environment/world.ts";
import type { ChatMessage, ChatModel, ChatReply } from "../model/chat-model.ts";
import type { Instruction, ReActIrregularity } from "../react.ts";
import type { Malformation } from "./read-reply.ts";

/** What an agent is told before it plays a task. */
export interface Briefing {
  /** The name of the suite. */
  readonly suite: string;
  readonly task: Task;
  /** Which of the attempts at this task it is, from 0. */
  readonly attempt: number;
  /** Seeds everything random that the agent does in this attempt. */
  readonly seed: string;
  /** Undefined where the agent just talks: what it is shown is a message to it, and what it replies is its action. */
  readonly instruction: Instruction | undefined;
  readonly start: Start;
  /** How many lines an action of this suite may have; one when not given. */
  readonly actionLines?: number | undefined;
  /** What was learnt from earlier trials of this attempt, the oldest first (Reflexion, App. G). */
  readonly lessons: readonly string[];
  /**
   * The model to ask in this attempt in place of an agent's own: it keeps each reply before it is used, gives again
   * what was bought for the attempt before, and asks nothing more when the evaluation is told to end.
   */
  readonly recorded: (model: ChatModel) => ChatModel;
}

/** What an agent sees when it is its turn. */
export interface Shown {
  readonly observation: string;
  /** The actions that would be understood now; none where the world does not tell. May be slow. */
  actions(): Promise<readonly string[]>;
}

/** What a language model said in a turn; agents without a model have none. */
interface Said {
  readonly reply?: ChatReply;
  /** How many of the oldest turns were left out of what it was sent, as its context was full; 0 when not given. */
  readonly forgotten?: number;
}

/** What an agent does in one turn. */
export type Move = Said &
  (
    | {
        readonly code: "action";
        readonly action: string;
        readonly thought?: string;
        /** What the reply had beside one thought and one action, or lacked; none when not given. */
        readonly irregular?: readonly ReActIrregularity[];
      }
    /** Nothing can be done for the reply (the paper's formatting error); `observation` answers it. */
    | { readonly code: "malformed"; readonly problem: Malformation; readonly observation: string }
    /** The agent knows no further action. */
    | { readonly code: "stopped"; readonly reason: string }
  );

/** An agent in the middle of a task. */
export interface Player {
  /** Decides what to do; the first call is given the start. Rejects with a ChatError when its model is dead. */
  act(shown: Shown): Promise<Move>;
  /**
   * The conversation so far, exactly as the model was sent it but for the turns that a move says were left out;
   * empty for agents without a model.
   */
  messages(): readonly ChatMessage[];
}

/** A trial that has ended, as an agent may look back at it. */
export interface PlayedTrial {
  readonly messages: readonly ChatMessage[];
  readonly goal: string;
  /** Why it ended, in words. */
  readonly ending: string;
}

/** What an agent has learnt from a trial that failed. */
export interface Reflection {
  readonly lesson: string;
  readonly messages: readonly ChatMessage[];
  readonly reply: ChatReply;
}

/** Something that plays tasks. It holds nothing of one task that could reach another. */
export interface Agent {
  /** Such as `react`, as results are labelled with it. */
  readonly name: string;
  begin(briefing: Briefing): Player;
  /** How often one attempt may be tried; 1 when not given. */
  readonly trials?: number;
  /** Looks back at a trial that failed. Rejects with a ChatError when the model is dead. */
  readonly reflect?: (played: PlayedTrial, briefing: Briefing) => Promise<Reflection>;
}

/**
 * Why a trial ended.
 * - `success`: the task is achieved.
 * - `failure`: the world ended the episode without success.
 * - `turn-limit`: the agent had no turns left.
 * - `stopped`: the agent knew no further action.
 * - `model-failed`: the model gave no reply; the episode can be played again.
 * - `world-failed`: the world broke; the episode can be played again.
 */
export const ENDINGS = [
  "success",
  "failure",
  "turn-limit",
  "stopped",
  "model-failed",
  "world-failed",
] as const;

/** One of {@link ENDINGS}. */
export type EpisodeEnding = (typeof ENDINGS)[number];
