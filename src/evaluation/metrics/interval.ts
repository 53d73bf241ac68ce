import { randomFor } from "../../random.ts";
import { mean } from "./scores.ts";

// 95 % confidence intervals and a test of paired differences. Attempts at one task are not independent, so a task is
// one observation: its score is the mean over its attempts.

/** A value with its 95 % confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A part of a score that is measured by itself: one suite, with the scores of its tasks. */
export interface Stratum {
  /** Its share of the score; those of all strata sum to 1. */
  readonly weight: number;
  /** One number for each task, in the measure's range; of differences as far from 0 as the range is wide. */
  readonly scores: readonly number[];
  /** The measure's lowest and highest value; 0 and 1 when not given. */
  readonly range?: readonly [number, number];
}

/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959964;
/** The 97.5 % quantile of Student's t with 1 to 4 degrees of freedom; a series serves above. */
const T = [12.7062, 4.3027, 3.1824, 2.7764];

function studentT(freedom: number): number {
  const exact = T[freedom - 1];
  if (exact !== undefined) return exact;
  const [cube, fifth, seventh] = [Z ** 3, Z ** 5, Z ** 7];
  return (
    Z +
    (cube + Z) / (4 * freedom) +
    (5 * fifth + 16 * cube + 3 * Z) / (96 * freedom ** 2) +
    (3 * seventh + 19 * fifth + 17 * cube - 15 * Z) / (384 * freedom ** 3)
  );
}

function limited({ value, low, high }: Estimate, least: number): Estimate {
  return { value, low: Math.max(least, Math.min(low, value)), high: Math.min(1, Math.max(high, value)) };
}

/** Wilson's interval of a proportion; `share` of `count`. It is never without width, not even at 0 and 1. */
export function wilson(share: number, count: number): Estimate {
  const square = Z ** 2 / count;
  const middle = (share + square / 2) / (1 + square);
  const half = (Z / (1 + square)) * Math.sqrt((share * (1 - share)) / count + square / (4 * count));
  return limited({ value: share, low: middle - half, high: middle + half }, 0);
}

/** Student's interval of a mean; undefined where the values do not differ and so say nothing of their spread. */
function student(values: readonly number[]): Estimate | undefined {
  const value = mean(values);
  const freedom = values.length - 1;
  const variance = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / freedom;
  if (!(variance > 0)) return undefined;
  const half = studentT(freedom) * Math.sqrt(variance / values.length);
  return { value, low: value - half, high: value + half };
}

/** Bonett and Price's interval of a difference of paired proportions, also where nothing differs. */
function paired(differences: readonly number[]): Estimate {
  const count = differences.length + 2;
  const up = (differences.filter((each) => each > 0).length + 1) / count;
  const down = (differences.filter((each) => each < 0).length + 1) / count;
  const half = Z * Math.sqrt((up + down - (up - down) ** 2) / count);
  return { value: mean(differences), low: up - down - half, high: up - down + half };
}

/** Moves an estimate of shares of a range into the range. */
function inRange({ value, low, high }: Estimate, least: number, width: number): Estimate {
  return { value: least + width * value, low: least + width * low, high: least + width * high };
}

function ofRate({ scores, range: [least, most] = [0, 1] }: Stratum): Estimate {
  const width = most - least;
  const shares = scores.map((score) => (score - least) / width);
  const sure = shares.every(Number.isInteger) ? undefined : student(shares);
  const found = sure === undefined ? wilson(mean(shares), shares.length) : limited(sure, 0);
  return inRange(found, least, width);
}

function ofDifference({ scores, range: [least, most] = [0, 1] }: Stratum): Estimate {
  const width = most - least;
  const shares = scores.map((score) => score / width);
  const sure = shares.every(Number.isInteger) ? undefined : student(shares);
  return inRange(limited(sure ?? paired(shares), -1), 0, width);
}

/**
 * The weighted sum of independent estimates. Its interval follows from theirs (MOVER: the distances of the limits
 * from the values add as variances do), so that it holds where theirs do; of one part it is the part's own.
 */
function together(parts: readonly (Estimate & { readonly weight: number })[]): Estimate {
  const value = parts.reduce((sum, part) => sum + part.weight * part.value, 0);
  const distance = (limit: "low" | "high"): number =>
    Math.sqrt(parts.reduce((sum, part) => sum + (part.weight * (part[limit] - part.value)) ** 2, 0));
  return { value, low: value - distance("low"), high: value + distance("high") };
}

/**
 * The weighted mean of rates with its interval: Wilson's where each task has the lowest or the highest value, as the
 * success of one attempt at each has, and Student's over tasks elsewhere.
 */
export function rate(strata: readonly Stratum[]): Estimate {
  return together(strata.map((stratum) => ({ weight: stratum.weight, ...ofRate(stratum) })));
}

/** A difference of paired scores. */
export interface PairedDifference extends Estimate {
  /** How likely so large a difference would be, did the two not differ: two-sided, of an exact paired test. */
  readonly p: number;
}

/** The probability that of so many fair coins at most so many show heads. */
function coins(count: number, most: number): number {
  let term = 0.5 ** count;
  let sum = 0;
  for (let heads = 0; heads <= most; heads += 1) {
    sum += term;
    term *= (count - heads) / (heads + 1);
  }
  return sum;
}

const DRAWS = 10_000;

/**
 * The test by changes of sign: did the two not differ, each pair's difference would as likely be the other way round.
 * Where all differences are of one size it is McNemar's exact test (the binomial one); elsewhere the signs are drawn
 * 10,000 times. `seed` names the draw.
 */
function signTest(differences: readonly number[], seed: string): number {
  const sizes = differences.filter((each) => each !== 0).map(Math.abs);
  const ups = differences.filter((each) => each > 0).length;
  if (new Set(sizes).size < 2) return Math.min(1, 2 * coins(sizes.length, Math.min(ups, sizes.length - ups)));
  const random = randomFor(seed, "signs");
  // What rounding leaves must not make a draw of the same size the smaller one.
  const seen = Math.abs(differences.reduce((sum, each) => sum + each, 0)) * (1 - 1e-9);
  let asLarge = 1;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    let sum = 0;
    for (const size of sizes) sum += random.integer(2) === 0 ? size : -size;
    if (Math.abs(sum) >= seen) asLarge += 1;
  }
  return asLarge / (DRAWS + 1);
}

/**
 * The weighted mean of paired differences, task by task, with its interval (Bonett and Price's where each task is
 * achieved or not, Student's elsewhere) and a test of its own. `seed` names the test's draws.
 */
export function pairedDifference(strata: readonly Stratum[], seed: string): PairedDifference {
  const parts = strata.map((stratum) => ({ weight: stratum.weight, ...ofDifference(stratum) }));
  const weighted = strata.flatMap(({ weight, scores }) =>
    scores.map((score) => (weight * score) / scores.length),
  );
  return { ...together(parts), p: signTest(weighted, seed) };
}
