import { type Variant, variantText } from "../environment/environment.ts";
import type { EpisodeEnding } from "./episode.ts";
import { addSpending, NOTHING_SPENT, type Spending } from "./episode-calls.ts";
import { addCounts, type Counts, type EpisodeResult } from "./episode-result.ts";
import { bestOfN, spreadOverAttempts, type WeightedEpisodes } from "./metrics/best-of-n.ts";
import { heldOutWeights } from "./metrics/held-out.ts";
import { type Estimate, rate, type Stratum } from "./metrics/interval.ts";
import {
  type Behaviour,
  behaviourOf,
  groupBy,
  type Measure,
  mean,
  type Spread,
  scoreOf,
  taskScores,
} from "./metrics/scores.ts";

/** What was achieved in some episodes; rates are from 0 to 1. */
export interface Scores {
  readonly episodes: number;
  readonly success: number;
  readonly progress: number;
}

/** What several attempts at each task came to, in one suite or over several. */
export interface AttemptScores {
  /** The most attempts at one task. */
  readonly attempts: number;
  readonly best: { readonly success: number; readonly progress: number };
  /** Of the attempts at all of the tasks; NaN when there is none yet. */
  readonly spread: { readonly success: Spread; readonly progress: Spread };
}

/** What an agent came to in one suite. */
export interface SuiteSummary {
  readonly suite: string;
  readonly variant: Variant;
  /** The variant in words, but for those that the worlds speak in: under different rules results are not comparable. */
  readonly rules: string;
  readonly tasks: number;
  readonly episodes: number;
  readonly success: Estimate;
  readonly progress: Estimate;
  readonly behaviour: Behaviour;
  /** Turns whose reply was malformed, by kind; and turns whose reply was irregular although its action was done. */
  readonly malformed: Counts;
  readonly irregular: Counts;
  readonly endings: Readonly<Record<EpisodeEnding, number>>;
  readonly groups: Readonly<Record<string, Scores>>;
  /** Only those difficulties that the tasks have. */
  readonly difficulties: Readonly<Record<string, Scores>>;
  /** Undefined with one attempt at each task. */
  readonly sampled: AttemptScores | undefined;
}

/** The score over those of the suites that the paper holds out (App. A) that were played. */
export interface HeldOutSummary {
  readonly success: Estimate;
  readonly progress: Estimate;
  readonly suites: readonly string[];
  /** Suites of the paper's score that were not played: with any, the score is not the paper's. */
  readonly missing: readonly string[];
  /** Undefined with one attempt at each task. */
  readonly sampled: AttemptScores | undefined;
}

/** What an evaluation came to. */
export interface EvaluationSummary {
  readonly suites: readonly SuiteSummary[];
  readonly heldOut: HeldOutSummary | undefined;
  /** Of the finished episodes. */
  readonly spending: Spending;
}

function scoresOf(results: readonly EpisodeResult[]): Scores {
  return {
    episodes: results.length,
    success: mean(results.map((each) => scoreOf(each, "success"))),
    progress: mean(results.map((each) => scoreOf(each, "progress"))),
  };
}

function scoresBy(
  results: readonly EpisodeResult[],
  keyOf: (result: EpisodeResult) => string,
): Readonly<Record<string, Scores>> {
  return Object.fromEntries([...groupBy(results, keyOf)].map(([key, group]) => [key, scoresOf(group)]));
}

function endingsOf(results: readonly EpisodeResult[]): Readonly<Record<EpisodeEnding, number>> {
  const count = (ending: EpisodeEnding): number => results.filter((each) => each.ending === ending).length;
  return {
    success: count("success"),
    failure: count("failure"),
    "turn-limit": count("turn-limit"),
    stopped: count("stopped"),
    "model-failed": count("model-failed"),
    "world-failed": count("world-failed"),
  };
}

function sampledOf(suites: readonly WeightedEpisodes[]): AttemptScores | undefined {
  const attempts = Math.max(...suites.flatMap(({ results }) => results.map(({ attempt }) => attempt))) + 1;
  if (attempts < 2) return undefined;
  return {
    attempts,
    best: { success: bestOfN(suites, "success"), progress: bestOfN(suites, "progress") },
    spread: {
      success: spreadOverAttempts(suites, "success"),
      progress: spreadOverAttempts(suites, "progress"),
    },
  };
}

function stratum(results: readonly EpisodeResult[], measure: Measure, weight: number): Stratum {
  return { weight, scores: [...taskScores(results, measure).values()] };
}

function summarizeSuite(suite: string, results: readonly EpisodeResult[]): SuiteSummary {
  const [first] = results;
  if (first === undefined) throw new Error("a suite is summed up by its episodes");
  return {
    suite,
    variant: first.variant,
    rules: variantText({ ...first.variant, words: null }),
    tasks: new Set(results.map(({ task }) => task)).size,
    episodes: results.length,
    success: rate([stratum(results, "success", 1)]),
    progress: rate([stratum(results, "progress", 1)]),
    behaviour: behaviourOf(results),
    malformed: addCounts(results.map(({ malformed }) => malformed)),
    irregular: addCounts(results.map(({ irregular }) => irregular)),
    endings: endingsOf(results),
    groups: scoresBy(results, ({ group }) => group),
    difficulties: scoresBy(
      results.filter(({ difficulty }) => difficulty !== null),
      ({ difficulty }) => difficulty ?? "",
    ),
    sampled: sampledOf([{ weight: 1, results }]),
  };
}

function summarizeHeldOut(
  bySuite: ReadonlyMap<string, readonly EpisodeResult[]>,
): HeldOutSummary | undefined {
  const found = heldOutWeights([...bySuite.keys()]);
  if (found === undefined) return undefined;
  const { weights, missing } = found;
  const weighted = [...weights].map(([suite, weight]) => ({ weight, results: bySuite.get(suite) ?? [] }));
  const of = (measure: Measure): Estimate =>
    rate(weighted.map(({ weight, results }) => stratum(results, measure, weight)));
  return {
    success: of("success"),
    progress: of("progress"),
    suites: [...weights.keys()],
    missing,
    sampled: sampledOf(weighted),
  };
}

/** Sums up the finished episodes of an evaluation. The same episodes always give the same numbers. */
export function summarize(results: readonly EpisodeResult[]): EvaluationSummary {
  const bySuite = groupBy(results, ({ suite }) => suite);
  return {
    suites: [...bySuite].map(([suite, episodes]) => summarizeSuite(suite, episodes)),
    heldOut: summarizeHeldOut(bySuite),
    spending: results.reduce(addSpending, NOTHING_SPENT),
  };
}
