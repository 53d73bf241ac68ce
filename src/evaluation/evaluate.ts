import type { Suite } from "../environment/environment.ts";
import { AgentRefineError } from "../errors.ts";
import type { Pause } from "../model/run-halt.ts";
import { type Journal, openJournal } from "../runs/journal.ts";
import { lockFolder } from "../runs/lock.ts";
import { runPaths } from "../runs/run-folder.ts";
import { type Episode, type EpisodeKey, keyText } from "./episode.ts";
import type { EpisodeCall } from "./episode-call.ts";
import { type EpisodeResult, resultOf } from "./episode-result.ts";
import { keyOfPlanned, planEpisodes, resultsInOrder } from "./planned-episode.ts";
import { type PlayAllOptions, playAll } from "./play-all.ts";
import { readBoughtBefore } from "./read-episode-calls.ts";
import { episodesPath, readEpisodes } from "./read-episodes.ts";
import { addSpending, type Spending } from "./spending.ts";

/** How an evaluation is driven. */
export interface EvaluateOptions extends Omit<PlayAllOptions, "keep" | "keepCall" | "takeReplies"> {
  readonly suites: readonly Suite[];
  /** Attempts at each task: above 1 for Best-of-N. */
  readonly attempts: number;
  /** Whether episodes that ended because the model failed are played again. */
  readonly retryFailed: boolean;
  /** Told once before the first episode. */
  readonly onStart?: (view: EvaluationView) => void;
  /** Told things worth a line, such as a torn line that was dropped. */
  readonly onNote?: (note: string) => void;
}

/** An evaluation as it goes on; `results` may be called at any time. */
export interface EvaluationView {
  /** How many episodes it has in all. */
  readonly planned: number;
  readonly results: () => ReadonlyMap<string, EpisodeResult>;
  /** What all calls have cost, those of earlier parts and of episodes that have not ended included. */
  readonly spending: () => Spending;
}

/** What an evaluation came to. */
export interface EvaluationResult {
  readonly planned: number;
  /** One for each finished episode, in the order of suites, tasks and attempts. */
  readonly results: readonly EpisodeResult[];
  /** What all its calls have cost, those that broke and those of episodes that have not ended included. */
  readonly spending: Spending;
  /** Why it paused, when it did. */
  readonly pause: Pause | undefined;
}

/** The results in a folder by their keys; of an episode that was played again, the last one. */
export async function readResults(directory: string): Promise<Map<string, EpisodeResult>> {
  const results = new Map<string, EpisodeResult>();
  for await (const episode of readEpisodes(directory)) results.set(keyText(episode), resultOf(episode));
  return results;
}

/** Refuses a folder whose episodes were played in other worlds. */
function checkVariants(results: ReadonlyMap<string, EpisodeResult>, suites: readonly Suite[]): void {
  const variants = new Map(suites.map(({ name, variant }) => [name, variant]));
  for (const { suite, variant } of results.values()) {
    const now = variants.get(suite);
    if (now === variant) continue;
    const words = now === undefined ? "a suite that is not part of this evaluation" : `"${now}" now`;
    throw new AgentRefineError(`the folder has episodes of ${suite} as "${variant}", which is ${words}`, {
      fix: "Use the files and the version that the evaluation was started with, or another folder.",
    });
  }
}

interface Journals {
  readonly episodes: Journal;
  readonly calls: Journal;
}

async function drive(
  directory: string,
  { episodes, calls }: Journals,
  options: EvaluateOptions,
): Promise<EvaluationResult> {
  const results = await readResults(directory);
  checkVariants(results, options.suites);
  const planned = planEpisodes(options.suites, options.attempts);
  const isPending = (key: EpisodeKey): boolean => {
    const result = results.get(keyText(key));
    return result === undefined || (options.retryFailed && result.ending === "model-failed");
  };
  const pending = planned.filter((episode) => isPending(keyOfPlanned(episode)));
  const { spending: before, takeReplies } = await readBoughtBefore(directory, isPending, options.costOf);
  let spending = before;
  options.onStart?.({ planned: planned.length, results: () => results, spending: () => spending });
  const keep = async (episode: Episode): Promise<void> => {
    await episodes.append(episode);
    results.set(keyText(episode), resultOf(episode));
  };
  const keepCall = async (call: EpisodeCall): Promise<void> => {
    await calls.append(call);
    spending = addSpending(spending, call);
  };
  const pause = await playAll(pending, { ...options, keep, keepCall, takeReplies });
  return { planned: planned.length, results: resultsInOrder(planned, results), spending, pause };
}

async function openNoted(path: string, { onNote }: EvaluateOptions): Promise<Journal> {
  const journal = await openJournal(path, { sync: true });
  if (journal.dropped > 0) onNote?.(`dropped ${journal.dropped} bytes of a torn last line in ${path}`);
  return journal;
}

/**
 * Drives an evaluation to its end, or until it is stopped or has to pause: begins it when its folder is new, goes
 * on with it when it is not. Each reply is on the disk before it is used, and each episode that has ended before the
 * next one begins in its place, so a run that is killed at any moment loses no finished reply and buys none twice.
 * Only one process may drive a folder; rejects with an AgentRefineError when another does, or when the disk refuses.
 */
export async function evaluate(directory: string, options: EvaluateOptions): Promise<EvaluationResult> {
  const lock = await lockFolder(directory);
  try {
    const episodes = await openNoted(episodesPath(directory), options);
    try {
      const calls = await openNoted(runPaths(directory).calls, options);
      try {
        return await drive(directory, { episodes, calls }, options);
      } finally {
        await calls.close();
      }
    } finally {
      await episodes.close();
    }
  } finally {
    await lock.release();
  }
}
