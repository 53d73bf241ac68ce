import type { Agent, Briefing, Move, Player, Reflection, Shown } from "../agent/agent.ts";
import { instructionFor } from "../agent/instructions/instruction-for.ts";
import type { Environment, Start, Suite, Task } from "../environment/environment.ts";
import { errorMessage } from "../errors.ts";
import { ChatError } from "../model/chat-error.ts";
import type { Usage } from "../model/chat-model.ts";
import { totalUsage } from "../model/chat-model.ts";
import type { CostOf } from "../model/prices.ts";
import { replyFields } from "../model/reply.ts";
import type { Instruction } from "../react.ts";
import type { Episode, EpisodeEnding, EpisodeTurn, Trial } from "./episode.ts";

/** How episodes are played; the same for all of an evaluation. */
export interface PlayOptions {
  readonly agent: Agent;
  /** Turns of one trial (paper, section 4.1: 30), malformed replies included. */
  readonly maxTurns: number;
  /** Seeds everything random. */
  readonly seed: number;
  /** What agents are told of a task; `instructionFor` when not given. */
  readonly instruct?: (suite: Suite, task: Task, start: Start) => Instruction;
  /** Dollars for tokens; null when the price is unknown. */
  readonly costOf: CostOf;
}

/** A finished attempt, and the error of the model when that ended it. */
export interface PlayedEpisode {
  readonly episode: Episode;
  readonly failure?: ChatError;
}

/** What a world threw, or what has taken its place. */
class WorldError extends Error {}

/** Does something that is the world's own; what it throws is told from defects of ours. */
function asWorld<Value>(act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw new WorldError(errorMessage(error), { cause: error });
  }
}

/** A task whose failures are told from defects of ours, also where an agent opens it. */
function guarded(task: Task): Task {
  return {
    id: task.id,
    group: task.group,
    difficulty: task.difficulty,
    solve: () => asWorld(() => task.solve()),
    createEnvironment: () => {
      const environment = asWorld(() => task.createEnvironment());
      return {
        reset: () => asWorld(() => environment.reset()),
        step: (action) => asWorld(() => environment.step(action)),
      };
    },
  };
}

interface Ending {
  readonly ending: EpisodeEnding;
  readonly reason?: string;
  readonly failure?: ChatError;
}

/** How an error ends a trial; anything but a dead model and a broken world is thrown. */
function endingOf(error: unknown): Ending {
  if (error instanceof WorldError) return { ending: "world-failed", reason: error.message };
  if (!(error instanceof ChatError)) throw error;
  return { ending: "model-failed", reason: `${error.code}: ${error.message}`, failure: error };
}

/** What all kinds of turns have of a move. */
function said(move: Move): Pick<EpisodeTurn, "reply" | "thought" | "forgotten" | "irregular"> {
  const { thought, irregular } = move.code === "action" ? move : {};
  return {
    ...(move.reply === undefined ? {} : { reply: replyFields(move.reply) }),
    ...(move.forgotten === undefined ? {} : { forgotten: move.forgotten }),
    ...(thought === undefined ? {} : { thought }),
    ...(irregular === undefined ? {} : { irregular }),
  };
}

/** A trial in the middle. */
class Playing {
  readonly turns: EpisodeTurn[] = [];
  progress = 0;
  success = false;
  shown: Shown;
  readonly #environment: Environment;

  constructor(environment: Environment, start: Start) {
    this.#environment = environment;
    this.shown = start;
  }

  scores(): Trial["scores"] {
    return { success: Number(this.success), progress: this.progress };
  }

  /** Does a move; gives the ending when it was the last. */
  do(move: Move): Ending | undefined {
    if (move.code === "stopped") return { ending: "stopped", reason: move.reason };
    if (move.code === "malformed") {
      const { observation, problem } = move;
      const scores = this.scores();
      const nothing = { action: null, malformed: problem, observation, scores, actionIsValid: false };
      this.turns.push({ ...said(move), ...nothing });
      this.shown = { ...this.shown, observation };
      return undefined;
    }
    const step = this.#environment.step(move.action);
    const { observation, actionIsValid } = step;
    this.progress = Math.max(this.progress, step.progress);
    this.success = step.success;
    const { action } = move;
    this.turns.push({ ...said(move), action, observation, scores: this.scores(), actionIsValid });
    this.shown = step;
    return step.done ? { ending: step.success ? "success" : "failure" } : undefined;
  }
}

interface PlayedTrial {
  readonly trial: Trial;
  readonly failure?: ChatError | undefined;
}

async function playTo(maxTurns: number, player: Player, playing: Playing): Promise<Ending> {
  while (playing.turns.length < maxTurns) {
    const end = playing.do(await player.act(playing.shown));
    if (end !== undefined) return end;
  }
  return { ending: "turn-limit" };
}

/** A world at the beginning of its episode. */
interface Opened {
  readonly environment: Environment;
  readonly start: Start;
}

/**
 * Plays a task once. A bad reply, an unknown action, a dead model and a broken world are in the record. It rejects
 * when it was told to end, and with what only the user can put right.
 */
async function playTrial(
  { agent, maxTurns }: PlayOptions,
  briefing: Briefing,
  { environment, start }: Opened,
): Promise<PlayedTrial> {
  const playing = new Playing(environment, start);
  let player: Player | undefined;
  let end: Ending;
  try {
    player = agent.begin(briefing);
    end = await playTo(maxTurns, player, playing);
  } catch (error) {
    end = endingOf(error);
  }
  const { ending, reason = null, failure } = end;
  const { turns } = playing;
  const messages = player?.messages() ?? [];
  return { trial: { turns, messages, ending, reason, scores: playing.scores() }, failure };
}

/** A world at its beginning, or the trial that stands for one that does not open. */
function open(task: Task): Opened | Trial {
  try {
    const environment = task.createEnvironment();
    return { environment, start: environment.reset() };
  } catch (error) {
    const { ending, reason = null } = endingOf(error);
    return { turns: [], messages: [], ending, reason, scores: { success: 0, progress: 0 } };
  }
}

const ENDINGS: Readonly<Record<EpisodeEnding, string>> = {
  success: "the goal was reached",
  failure: "the goal could no longer be reached",
  "turn-limit": "there were no turns left",
  stopped: "the player gave up",
  "model-failed": "the player gave no answer",
  "world-failed": "the world broke",
};

/** Looks back at a failed trial; undefined when the agent does not do so, or when this was the last trial. */
async function lookBack(
  { reflect, trials = 1 }: Agent,
  briefing: Briefing,
  { ending, messages }: Trial,
): Promise<Reflection | ChatError | undefined> {
  const isOver = ending === "success" || ending === "model-failed" || ending === "world-failed";
  if (isOver || reflect === undefined || briefing.lessons.length + 1 >= trials) return undefined;
  const { goal } = briefing.instruction;
  try {
    return await reflect({ messages, goal, ending: ENDINGS[ending] }, briefing);
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
}

interface PlayedTrials {
  readonly trials: readonly Trial[];
  readonly failure?: ChatError | undefined;
}

/** Plays the trials of one attempt, one after the other, until one succeeds or there is no further one. */
async function playTrials(
  options: PlayOptions,
  task: Task,
  brief: (start: Start, lessons: readonly string[]) => Briefing,
): Promise<PlayedTrials> {
  const trials: Trial[] = [];
  const lessons: string[] = [];
  while (true) {
    const opened = open(task);
    if ("ending" in opened) return { trials: [...trials, opened] };
    const briefing = brief(opened.start, [...lessons]);
    const { trial, failure } = await playTrial(options, briefing, opened);
    const reflection = await lookBack(options.agent, briefing, trial);
    if (reflection === undefined || reflection instanceof ChatError)
      return { trials: [...trials, trial], failure: failure ?? reflection };
    const { lesson, messages, reply } = reflection;
    trials.push({ ...trial, reflection: { messages, reply: replyFields(reply) } });
    lessons.push(lesson);
  }
}

function usagesOf(trials: readonly Trial[]): readonly Usage[] {
  return trials.flatMap(({ turns, reflection }) => [
    ...turns.flatMap(({ reply }) => reply?.usage ?? []),
    ...(reflection === undefined ? [] : [reflection.reply.usage]),
  ]);
}

/** An attempt that is to be played. */
export interface PlannedEpisode {
  readonly suite: Suite;
  readonly task: Task;
  readonly attempt: number;
}

/**
 * Plays one attempt at a task: nothing that the agent does, its model or the world makes it reject but what only the
 * user can put right. `recorded` records what the attempt buys.
 */
export async function playEpisode(
  planned: PlannedEpisode,
  options: PlayOptions,
  recorded: Briefing["recorded"],
): Promise<PlayedEpisode> {
  const { suite, task, attempt } = planned;
  const world = guarded(task);
  const { trials, failure } = await playTrials(options, world, (start, lessons) => ({
    suite: suite.name,
    task: world,
    attempt,
    seed: [options.seed, suite.name, task.id, attempt].join("/"),
    instruction: (options.instruct ?? instructionFor)(suite, task, start),
    start,
    actionLines: suite.actionLines,
    lessons,
    recorded,
  }));
  const last = trials.at(-1);
  if (last === undefined) throw new Error("an attempt has at least one trial");
  const usage = totalUsage([...usagesOf(trials), ...(failure?.usage === undefined ? [] : [failure.usage])]);
  const isDead = failure !== undefined;
  return {
    episode: {
      suite: suite.name,
      variant: suite.variant,
      task: task.id,
      group: task.group,
      difficulty: task.difficulty ?? null,
      attempt,
      agent: options.agent.name,
      ending: isDead ? "model-failed" : last.ending,
      reason: isDead ? `${failure.code}: ${failure.message}` : last.reason,
      scores: last.scores,
      trials,
      usage,
      cost: options.costOf(usage),
    },
    ...(isDead ? { failure } : {}),
  };
}
