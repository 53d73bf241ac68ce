import type { Move, Player, Shown } from "../agent/agent.ts";
import type { Environment, Start, Step } from "../environment/environment.ts";
import { ChatError } from "../model/chat-error.ts";
import { replyFields } from "../model/reply-record.ts";
import type { EpisodeEnding, EpisodeTurn, Trial } from "./episode.ts";

/** What a trial needs. */
export interface TrialOptions {
  readonly player: Player;
  readonly environment: Environment;
  /** What the environment's reset gave. */
  readonly start: Start;
  /** Turns after which the trial ends, malformed replies included. */
  readonly maxTurns: number;
}

/** A trial, and the error of the model that ended it. */
export interface TrialResult {
  readonly trial: Trial;
  readonly failure?: ChatError;
}

interface Ending {
  readonly ending: EpisodeEnding;
  readonly reason?: string;
  readonly failure?: ChatError;
}

/** A move, or the error of the model that stands in its place; anything else is thrown. */
async function decide(player: Player, shown: Shown): Promise<Move | ChatError> {
  try {
    return await player.act(shown);
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
}

/** What both kinds of turns have of a move. */
function said(move: Move): Pick<EpisodeTurn, "reply" | "thought" | "forgotten"> {
  const thought = move.code === "action" ? move.thought : undefined;
  return {
    ...(move.reply === undefined ? {} : { reply: replyFields(move.reply) }),
    ...(move.forgotten === undefined ? {} : { forgotten: move.forgotten }),
    ...(thought === undefined ? {} : { thought }),
  };
}

class Playing {
  readonly turns: EpisodeTurn[] = [];
  progress = 0;
  success = false;
  shown: Shown;
  readonly #environment: Environment;

  constructor({ environment, start }: TrialOptions) {
    this.#environment = environment;
    this.shown = start;
  }

  /** Does a move; gives the ending when it was the last. */
  do(move: Move): Ending | undefined {
    if (move.code === "stopped") return { ending: "stopped", reason: move.reason };
    if (move.code === "malformed") return this.#refuse(move, move.observation, move.problem);
    const step = this.#environment.step(move.action);
    this.progress = Math.max(this.progress, step.progress);
    this.success = step.success;
    this.#note(move, step);
    this.shown = step;
    if (!step.done) return undefined;
    return { ending: step.success ? "success" : "failure" };
  }

  #refuse(move: Move, observation: string, malformed: EpisodeTurn["malformed"] & string): undefined {
    const { progress } = this;
    this.turns.push({ ...said(move), action: null, malformed, observation, progress, actionIsValid: false });
    this.shown = { ...this.shown, observation };
  }

  #note(move: Move & { readonly code: "action" }, { observation, actionIsValid }: Step): void {
    const { progress } = this;
    this.turns.push({ ...said(move), action: move.action, observation, progress, actionIsValid });
  }
}

/**
 * Plays a task once. Nothing that the agent does makes it reject: a bad reply, an unknown action and a dead model
 * are in the record. It rejects when it was told to end, and with what only the user can put right.
 */
export async function playTrial(options: TrialOptions): Promise<TrialResult> {
  const { player, maxTurns } = options;
  const playing = new Playing(options);
  let end: Ending | undefined;
  while (end === undefined && playing.turns.length < maxTurns) {
    const move = await decide(player, playing.shown);
    if (move instanceof ChatError) {
      end = { ending: "model-failed", reason: `${move.code}: ${move.message}`, failure: move };
    } else {
      end = playing.do(move);
    }
  }
  const { ending, reason, failure } = end ?? { ending: "turn-limit" };
  const { turns, success, progress } = playing;
  return {
    trial: { turns, messages: player.messages(), ending, reason: reason ?? null, success, progress },
    ...(failure === undefined ? {} : { failure }),
  };
}
