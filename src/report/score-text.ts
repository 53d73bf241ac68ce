import type { Measure } from "../environment/suite.ts";
import type { Estimate } from "../evaluation/metrics/interval.ts";
import type { Spread } from "../evaluation/metrics/scores.ts";
import type { PaperScore } from "./paper-tables.ts";
import { BLANK } from "./render.ts";

// Shares are shown in per cent with one digit, as the paper prints them, and grades such as MT-bench's with two.

/** Whether a measure goes from nothing to all, so that it is shown in per cent. */
export function isShare({ range: [least, most] }: Measure): boolean {
  return least === 0 && most === 1;
}

/** The measure that tells turn by turn how far an episode has come, as far as one does: progress, F1, the grade. */
export function movingMeasure(measures: readonly Measure[]): Measure | undefined {
  return measures.findLast(isShare) ?? measures[0];
}

/** What stands above a column of a measure's values: `success %`, `score`. */
export function measureTitle(measure: Measure): string {
  return isShare(measure) ? `${measure.name} %` : measure.name;
}

/** A number of the paper, or a value that is in per cent already. */
export function printedScore({ value, deviation }: PaperScore, measure: Measure): string {
  const text = value.toFixed(isShare(measure) ? 1 : 2);
  return deviation === undefined ? text : `${text} ± ${deviation.toFixed(1)}`;
}

/** A value of a measure, without a sign for per cent. */
export function scoreText(value: number | undefined, measure: Measure): string {
  if (value === undefined || Number.isNaN(value)) return BLANK;
  return printedScore({ value: isShare(measure) ? 100 * value : value }, measure);
}

/** A difference of values, with its sign. */
export function signedScore(value: number, measure: Measure): string {
  const text = scoreText(value, measure);
  // What rounding leaves of a difference of nothing may lie on either side of it.
  if (Number(text) === 0) return scoreText(0, measure);
  return value > 0 ? `+${text}` : text;
}

/** A value with its interval: `37.5 [29.1, 46.7]`. */
export function estimateText(estimate: Estimate | undefined, measure: Measure): string {
  if (estimate === undefined) return BLANK;
  const [value, low, high] = [estimate.value, estimate.low, estimate.high].map((each) =>
    scoreText(each, measure),
  );
  return `${value} [${low}, ${high}]`;
}

/** A mean with its deviation: `48.2 ± 3.3`. */
export function spreadText(spread: Spread | undefined, measure: Measure): string {
  if (spread === undefined || Number.isNaN(spread.mean)) return BLANK;
  return `${scoreText(spread.mean, measure)} ± ${scoreText(spread.deviation, measure)}`;
}
