import type { EpisodeResult } from "../episode-result.ts";
import { groupBy } from "./group-by.ts";
import { mean, standardDeviation } from "./mean.ts";
import { type Measure, scoreOf } from "./task-scores.ts";

/**
 * The best of the attempts at each task, as a mean over tasks (section 4.4, Table 4): any success, and the highest
 * progress. The episodes are of one suite.
 */
export function bestOfN(results: readonly EpisodeResult[], measure: Measure): number {
  const byTask = [...groupBy(results, ({ task }) => task).values()];
  return mean(byTask.map((attempts) => Math.max(...attempts.map((each) => scoreOf(each, measure)))));
}

/** A mean and how far the values lie from it: their standard deviation. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** The spread of values. */
export function spreadOf(values: readonly number[]): Spread {
  return { mean: mean(values), deviation: standardDeviation(values) };
}

/**
 * The mean and the standard deviation of the suite's score over the attempts (App. H, Table 10): each attempt at
 * all tasks gives one score. The episodes are of one suite.
 */
export function spreadOverAttempts(results: readonly EpisodeResult[], measure: Measure): Spread {
  const byAttempt = [...groupBy(results, ({ attempt }) => String(attempt)).values()];
  const scores = byAttempt.map((episodes) => mean(episodes.map((each) => scoreOf(each, measure))));
  return spreadOf(scores);
}
