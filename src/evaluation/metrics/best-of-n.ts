import type { EpisodeResult } from "../episode-result.ts";
import { groupBy, mean, type Spread, scored, scoreOf, spreadOf } from "./scores.ts";

/** The episodes of one suite. */
export interface WeightedEpisodes {
  /** The suite's share of the score; those of all suites sum to 1. */
  readonly weight: number;
  readonly results: readonly EpisodeResult[];
}

function byTask(results: readonly EpisodeResult[]): readonly (readonly EpisodeResult[])[] {
  return [...groupBy(results, ({ task }) => task).values()];
}

function meanScore(results: readonly EpisodeResult[], measure: string): number {
  return mean(scored(results, measure).map((each) => scoreOf(each, measure)));
}

/**
 * The best of the attempts at each task, as a mean over tasks (section 4.4, Table 4): any success, and the highest
 * of every other measure.
 */
export function bestOfN(suites: readonly WeightedEpisodes[], measure: string): number {
  const best = (attempts: readonly EpisodeResult[]): number =>
    Math.max(...attempts.map((each) => scoreOf(each, measure)));
  return suites.reduce(
    (sum, { weight, results }) => sum + weight * mean(byTask(scored(results, measure)).map(best)),
    0,
  );
}

/** The episodes of each attempt at all of the tasks, by its number; an attempt at only some of them is left out. */
function wholeAttempts(results: readonly EpisodeResult[]): ReadonlyMap<string, readonly EpisodeResult[]> {
  const tasks = byTask(results).length;
  const attempts = groupBy(results, ({ attempt }) => String(attempt));
  return new Map([...attempts].filter(([, episodes]) => byTask(episodes).length === tasks));
}

/**
 * The mean and the standard deviation of the score over the attempts (App. H, Table 10): each attempt at all tasks
 * of all suites gives one score. NaN when no attempt is at all of them yet.
 */
export function spreadOverAttempts(suites: readonly WeightedEpisodes[], measure: string): Spread {
  const whole = suites.map(({ weight, results }) => ({ weight, attempts: wholeAttempts(results) }));
  const [first] = whole;
  const inAll = [...(first?.attempts.keys() ?? [])].filter((attempt) =>
    whole.every(({ attempts }) => attempts.has(attempt)),
  );
  const score = (attempt: string): number =>
    whole.reduce(
      (sum, { weight, attempts }) => sum + weight * meanScore(attempts.get(attempt) ?? [], measure),
      0,
    );
  return spreadOf(inAll.map(score));
}
