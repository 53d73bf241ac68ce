import type { Agent, Briefing, Reflection } from "../agent/agent.ts";
import { instructionFor } from "../agent/instructions/instruction-for.ts";
import type { Start, Suite, Task } from "../environment/environment.ts";
import { ChatError } from "../model/chat-error.ts";
import type { Usage } from "../model/chat-model.ts";
import type { CostOf } from "../model/prices.ts";
import { replyFields } from "../model/reply-record.ts";
import { totalUsage } from "../model/total-usage.ts";
import type { Instruction } from "../react.ts";
import type { Episode, EpisodeEnding, Trial } from "./episode.ts";
import { playTrial, type TrialResult } from "./play-trial.ts";

/** How episodes are played; the same for all of an evaluation. */
export interface PlayOptions {
  readonly agent: Agent;
  /** Turns of one trial (paper, section 4.1: 30). */
  readonly maxTurns: number;
  /** Seeds everything random. */
  readonly seed: number;
  /** What agents are told of a task; `instructionFor` when not given. */
  readonly instruct?: (suite: Suite, task: Task, start: Start) => Instruction;
  /** Dollars for tokens; null when the price is unknown. */
  readonly costOf: CostOf;
  /** Records what the attempt buys: what agents are given to ask their models through. */
  readonly recorded: Briefing["recorded"];
}

/** A finished attempt, and the error of the model when that ended it. */
export interface PlayedEpisode {
  readonly episode: Episode;
  readonly failure?: ChatError;
}

const ENDINGS: Readonly<Record<EpisodeEnding, string>> = {
  success: "the goal was reached",
  failure: "the goal could no longer be reached",
  "turn-limit": "there were no turns left",
  stopped: "the player gave up",
  "model-failed": "the player gave no answer",
};

/** Looks back at a failed trial; undefined when the agent does not do so, or when this was the last trial. */
async function lookBack(
  { agent }: PlayOptions,
  briefing: Briefing,
  trial: Trial,
): Promise<Reflection | ChatError | undefined> {
  const { reflect, trials = 1 } = agent;
  const isOver = trial.success || trial.ending === "model-failed" || briefing.lessons.length + 1 >= trials;
  if (isOver || reflect === undefined) return undefined;
  const { goal } = briefing.instruction;
  try {
    const { messages, ending } = trial;
    return await reflect({ messages, goal, ending: ENDINGS[ending] }, briefing);
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
}

function usagesOf(trials: readonly Trial[]): readonly Usage[] {
  return trials.flatMap(({ turns, reflection }) => [
    ...turns.flatMap(({ reply }) => reply?.usage ?? []),
    ...(reflection === undefined ? [] : [reflection.reply.usage]),
  ]);
}

/** Plays the trials of one attempt, one after the other, until one succeeds or there is no further one. */
async function playTrials(
  begin: (lessons: readonly string[]) => Briefing,
  options: PlayOptions,
): Promise<{ readonly trials: readonly Trial[]; readonly failure?: ChatError }> {
  const trials: Trial[] = [];
  const lessons: string[] = [];
  while (true) {
    const briefing = begin([...lessons]);
    const environment = briefing.task.createEnvironment();
    const { trial, failure }: TrialResult = await playTrial({
      player: options.agent.begin(briefing),
      environment,
      start: environment.reset(),
      maxTurns: options.maxTurns,
    });
    const reflection = await lookBack(options, briefing, trial);
    if (reflection === undefined || reflection instanceof ChatError) {
      const error = failure ?? reflection;
      return { trials: [...trials, trial], ...(error === undefined ? {} : { failure: error }) };
    }
    const { lesson, messages, reply } = reflection;
    trials.push({ ...trial, reflection: { messages, reply: replyFields(reply) } });
    lessons.push(lesson);
  }
}

/** Plays one attempt at a task. It rejects as `playTrial` does. */
export async function playTask(
  suite: Suite,
  task: Task,
  attempt: number,
  options: PlayOptions,
): Promise<PlayedEpisode> {
  const start = task.createEnvironment().reset();
  const base: Omit<Briefing, "lessons"> = {
    suite: suite.name,
    task,
    attempt,
    seed: [options.seed, suite.name, task.id, attempt].join("/"),
    instruction: (options.instruct ?? instructionFor)(suite, task, start),
    start,
    recorded: options.recorded,
  };
  const { trials, failure } = await playTrials((lessons) => ({ ...base, lessons }), options);
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
      success: last.success,
      progress: last.progress,
      trials,
      usage,
      cost: options.costOf(usage),
    },
    ...(isDead ? { failure } : {}),
  };
}
