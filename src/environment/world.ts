import { AgentRefineError } from "../errors.ts";
import type { ChatModel } from "../model/chat-model.ts";

/** What can be kept as a line of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Values of a suite's measures by their names, such as `success` and `progress`. */
export type Scores = Readonly<Record<string, number>>;

/** What a world shows when an episode begins. */
export interface Start {
  readonly observation: string;
  /** What the agent shall achieve, in words. */
  readonly goal: string;
}

/** What a world answers to one action. */
export interface Step {
  readonly observation: string;
  /** What the suite's measures stand at; one that is left out stands where it did. */
  readonly scores: Scores;
  /** The episode has ended; further actions change nothing and return this step again. */
  readonly ending?: "success" | "failure";
  /** The action was understood and possible: what grounding accuracy counts. */
  readonly understood: boolean;
}

/**
 * The world that one trial is played in, which may be slow and may fail. What its methods reject with ends the
 * episode as `world-failed`; closing it releases whatever it holds, also after a failure and in the middle of a step.
 */
export interface World extends AsyncDisposable {
  /** Begins the episode. Called once. */
  reset(): Promise<Start>;
  /** Does an action, whatever text it is. Never called before the last call has ended. */
  step(action: string): Promise<Step>;
  /** The actions that would be understood now, in a fixed order. May be slow: only who needs them asks. */
  actions?(): Promise<readonly string[]>;
}

/**
 * Nothing of the outside can be reached that worlds ask. It ends the evaluation and not one episode after the other:
 * only the user can put it right, and what was played is resumed then.
 */
export class OutsideUnreachable extends AgentRefineError {}

/**
 * What a world may ask of the outside. Answers are kept on disk before they are used, so that a killed run that is
 * resumed, and a second run, get the same answers without asking again.
 */
export interface Outside {
  /** The answer that is kept under a key of the episode; else `ask`'s, once it is kept. */
  recall<Value extends Json>(key: string, ask: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
  /** A model (a judge, a dungeon master) whose replies are kept, and counted in the cost, as the player's are. */
  recorded(model: ChatModel): ChatModel;
  /** Aborts when the world is given up: at the deadline of a step, and when the evaluation ends. */
  readonly signal: AbortSignal;
}

/** A world that computes and asks nothing of the outside. Instances share no state; equal actions give equal steps. */
export interface PureWorld {
  reset(): Start;
  step(action: string): Step;
  actions(): readonly string[];
}

/** A pure world as a world. */
export function worldOf(pure: PureWorld): World {
  return {
    reset: async () => pure.reset(),
    step: async (action) => pure.step(action),
    actions: async () => pure.actions(),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** What a world is given where nothing is kept: each question is asked anew. */
export function unrecorded(signal: AbortSignal): Outside {
  return { recall: (_key, ask) => ask(signal), recorded: (model) => model, signal };
}
