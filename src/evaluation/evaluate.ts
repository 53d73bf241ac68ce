import type { Suite } from "../environment/environment.ts";
import { AgentRefineError } from "../errors.ts";
import { type Journal, openJournal } from "../runs/journal.ts";
import { lockFolder } from "../runs/lock.ts";
import { type Episode, keyText } from "./episode.ts";
import { type EpisodeResult, resultOf } from "./episode-result.ts";
import { type PlannedEpisode, planEpisodes, resultOfPlanned, resultsInOrder } from "./planned-episode.ts";
import { type Pause, type PlayAllOptions, playAll } from "./play-all.ts";
import { episodesPath, readEpisodes } from "./read-episodes.ts";

/** How an evaluation is driven. */
export interface EvaluateOptions extends Omit<PlayAllOptions, "keep"> {
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
}

/** What an evaluation came to. */
export interface EvaluationResult {
  readonly planned: number;
  /** One for each finished episode, in the order of suites, tasks and attempts. */
  readonly results: readonly EpisodeResult[];
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

async function drive(
  directory: string,
  journal: Journal,
  options: EvaluateOptions,
): Promise<EvaluationResult> {
  const results = await readResults(directory);
  checkVariants(results, options.suites);
  const planned = planEpisodes(options.suites, options.attempts);
  const isPending = (episode: PlannedEpisode): boolean => {
    const result = resultOfPlanned(episode, results);
    return result === undefined || (options.retryFailed && result.ending === "model-failed");
  };
  const pending = planned.filter(isPending);
  options.onStart?.({ planned: planned.length, results: () => results });
  const keep = async (episode: Episode): Promise<void> => {
    await journal.append(episode);
    results.set(keyText(episode), resultOf(episode));
  };
  const pause = await playAll(pending, { ...options, keep });
  return { planned: planned.length, results: resultsInOrder(planned, results), pause };
}

/**
 * Drives an evaluation to its end, or until it is stopped or has to pause: begins it when its folder is new, goes
 * on with it when it is not. Each episode that has ended is on the disk before the next one begins in its place,
 * so a run that is killed at any moment resumes at the episode. Only one process may drive a folder; rejects with
 * an AgentRefineError when another does, or when the disk refuses.
 */
export async function evaluate(directory: string, options: EvaluateOptions): Promise<EvaluationResult> {
  const lock = await lockFolder(directory);
  try {
    const path = episodesPath(directory);
    const journal = await openJournal(path, { sync: true });
    try {
      if (journal.dropped > 0)
        options.onNote?.(`dropped ${journal.dropped} bytes of a torn last line in ${path}`);
      return await drive(directory, journal, options);
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}
