import { randomFor } from "../../random.ts";
import { mean } from "./mean.ts";

/** A part of a score that is drawn by itself: one suite, with the scores of its tasks. */
export interface Stratum {
  /** Its share of the score; those of all strata sum to 1. */
  readonly weight: number;
  /** One number for each task: attempts at one task are not independent, so they are one cluster. */
  readonly scores: readonly number[];
}

/** A value with its 95 % confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;
const TAIL = 0.025;

/** The weighted mean of the strata's means. */
export function weightedMean(strata: readonly Stratum[]): number {
  return strata.reduce((sum, { weight, scores }) => sum + weight * mean(scores), 0);
}

function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}

/**
 * The weighted mean of the strata with its confidence interval: the percentile bootstrap over tasks, drawn within
 * each stratum, 2,000 times. `seed` names the draw.
 */
export function estimate(strata: readonly Stratum[], seed: string): Estimate {
  const random = randomFor(seed, "bootstrap");
  const drawn = Array.from({ length: RESAMPLES }, () =>
    strata.reduce((sum, { weight, scores }) => {
      let total = 0;
      for (let i = 0; i < scores.length; i += 1) total += scores[random.integer(scores.length)] ?? 0;
      return sum + (weight * total) / scores.length;
    }, 0),
  ).sort((one, other) => one - other);
  return { value: weightedMean(strata), low: quantile(drawn, TAIL), high: quantile(drawn, 1 - TAIL) };
}
