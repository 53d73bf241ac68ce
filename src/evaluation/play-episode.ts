import type { Agent, Briefing, EpisodeEnding, Move, Player, Reflection, Shown } from "../agent/agent.ts";
import type { Suite, Task } from "../environment/suite.ts";
import type { Scores } from "../environment/world.ts";
import { wordsWithFix } from "../errors.ts";
import { ChatError, totalUsage, type Usage } from "../model/chat-model.ts";
import type { CostOf } from "../model/money.ts";
import { replyFields } from "../model/reply.ts";
import type { Episode, EpisodeTurn, Trial } from "./episode.ts";
import { lowestScores, OpenedWorld, WorldError } from "./opened-world.ts";
import type { Recording } from "./recorded-outside.ts";

/** What an episode asks, and what keeps it. */
type Recorder = Pick<Recording, "player" | "outside">;

/** How episodes are played; the same for all of an evaluation. */
export interface PlayOptions {
  readonly agent: Agent;
  /** Turns of one trial, malformed replies included; the suite's when not given (paper, section 4.1: 30). */
  readonly maxTurns?: number | undefined;
  /** Seeds everything random. */
  readonly seed: number;
  /** Dollars for tokens of a model; null when the price is unknown. */
  readonly costOf: CostOf;
}

/** A finished attempt, and the error of the model when that ended it. */
interface PlayedEpisode {
  readonly episode: Episode;
  readonly failure?: ChatError;
}

/** A task whose solver's failures are told from defects of ours, as those of its worlds are. */
function guarded(task: Task): Task {
  const { solve } = task;
  if (solve === undefined) return task;
  return {
    ...task,
    solve: async () => {
      try {
        return await solve.call(task);
      } catch (error) {
        throw new WorldError(wordsWithFix(error), { cause: error });
      }
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
  readonly #world: OpenedWorld;
  #observation: string;

  constructor(world: OpenedWorld) {
    this.#world = world;
    this.#observation = world.start.observation;
  }

  get shown(): Shown {
    return { observation: this.#observation, actions: () => this.#world.actions() };
  }

  get scores(): Scores {
    return this.#world.scores;
  }

  /** Does a move; gives the ending when it was the last. */
  async do(move: Move): Promise<Ending | undefined> {
    if (move.code === "stopped") return { ending: "stopped", reason: move.reason };
    if (move.code === "malformed") {
      const { observation, problem } = move;
      const { scores } = this;
      const nothing = { action: null, malformed: problem, observation, scores, actionIsValid: false };
      this.turns.push({ ...said(move), ...nothing });
      this.#observation = observation;
      return undefined;
    }
    const { action } = move;
    const { observation, understood, ending } = await this.#world.step(action);
    const { scores } = this;
    this.turns.push({ ...said(move), action, observation, scores, actionIsValid: understood });
    this.#observation = observation;
    return ending === undefined ? undefined : { ending };
  }
}

interface PlayedTrial {
  readonly trial: Trial;
  readonly failure?: ChatError | undefined;
}

/**
 * Plays to the end of a trial. A bad reply, an unknown action, a dead model and a broken world are in the record. It
 * rejects when it was told to end, and with what only the user can put right.
 */
async function playThrough(
  agent: Agent,
  maxTurns: number,
  briefing: Briefing,
  world: OpenedWorld,
): Promise<PlayedTrial> {
  const playing = new Playing(world);
  let player: Player | undefined;
  let end: Ending | undefined;
  try {
    player = agent.begin(briefing);
    while (end === undefined && playing.turns.length < maxTurns)
      end = await playing.do(await player.act(playing.shown));
  } catch (error) {
    end = endingOf(error);
  }
  const { ending, reason = null, failure } = end ?? { ending: "turn-limit" };
  const { turns, scores } = playing;
  const messages = player?.messages() ?? [];
  const { goal, observation } = world.start;
  const start = messages.length > 0 ? {} : { start: { goal, observation } };
  return { trial: { turns, messages, ...start, ending, reason, scores }, failure };
}

/** The trial that stands for one whose world does not open. */
function unopened({ measures }: Suite, error: unknown): PlayedTrial {
  const { ending, reason = null, failure } = endingOf(error);
  return { trial: { turns: [], messages: [], ending, reason, scores: lowestScores(measures) }, failure };
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
  // Who was told nothing in advance can be told no lessons.
  if (briefing.instruction === undefined) return undefined;
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

/** Plays one trial of an attempt in a world of its own. */
async function playTrial(
  { suite, task, attempt }: PlannedEpisode,
  { agent, maxTurns = suite.maxTurns, seed }: PlayOptions,
  { player, outside }: Recorder,
  lessons: readonly string[],
): Promise<PlayedTrial & { readonly briefing?: Briefing }> {
  let world: OpenedWorld;
  try {
    world = await OpenedWorld.open(suite, task, outside);
  } catch (error) {
    return unopened(suite, error);
  }
  try {
    const { start } = world;
    const briefing: Briefing = {
      suite: suite.name,
      task: guarded(task),
      attempt,
      seed: [seed, suite.name, task.id, attempt].join("/"),
      instruction: suite.instruction(task, start),
      start,
      actionLines: suite.actionLines,
      lessons: [...lessons],
      recorded: player,
    };
    return { ...(await playThrough(agent, maxTurns, briefing, world)), briefing };
  } finally {
    await world[Symbol.asyncDispose]();
  }
}

/** Plays the trials of one attempt, one after the other, until one succeeds or there is no further one. */
async function playTrials(
  planned: PlannedEpisode,
  options: PlayOptions,
  recorder: Recorder,
): Promise<{ readonly trials: readonly Trial[]; readonly failure?: ChatError | undefined }> {
  const trials: Trial[] = [];
  const lessons: string[] = [];
  while (true) {
    const { trial, failure, briefing } = await playTrial(planned, options, recorder, lessons);
    const reflection = briefing && (await lookBack(options.agent, briefing, trial));
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
 * user can put right. `recorder` records what the attempt asks, and the signal of its outside ends the playing.
 */
export async function playEpisode(
  planned: PlannedEpisode,
  options: PlayOptions,
  recorder: Recorder,
): Promise<PlayedEpisode> {
  const { suite, task, attempt } = planned;
  const { trials, failure } = await playTrials(planned, options, recorder);
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
