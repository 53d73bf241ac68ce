import type { EpisodeEnding } from "../agent/agent.ts";
import { type Measure, PROGRESS, SUCCESS, type Variant, variantText } from "../environment/suite.ts";
import { addSpending, NOTHING_SPENT, type Spending } from "./episode-calls.ts";
import { addCounts, type Counts, countsOf, type EpisodeResult } from "./episode-result.ts";
import { bestOfN, spreadOverAttempts, type WeightedEpisodes } from "./metrics/best-of-n.ts";
import { heldOutWeights } from "./metrics/held-out.ts";
import { type Estimate, rate } from "./metrics/interval.ts";
import {
  type Behaviour,
  type ByMeasure,
  behaviourOf,
  byMeasure,
  groupBy,
  mean,
  measuresOf,
  type Spread,
  scored,
  scoreOf,
  taskScores,
} from "./metrics/scores.ts";

/** What was achieved in some episodes. */
interface GroupScores {
  readonly episodes: number;
  /** Means, in the ranges of the measures. */
  readonly scores: ByMeasure<number>;
}

/** What several attempts at each task came to, in one suite or over several. */
export interface AttemptScores {
  /** The most attempts at one task. */
  readonly attempts: number;
  readonly best: ByMeasure<number>;
  /** Of the attempts at all of the tasks; NaN when there is none yet. */
  readonly spread: ByMeasure<Spread>;
}

/** What an agent came to in one suite. */
export interface SuiteSummary {
  readonly suite: string;
  readonly variant: Variant;
  /** The variant in words, but for those that the worlds speak in: under different rules results are not comparable. */
  readonly rules: string;
  readonly tasks: number;
  readonly episodes: number;
  /** What is measured in the suite, in the order in which it is shown. */
  readonly measures: readonly Measure[];
  readonly scores: ByMeasure<Estimate>;
  readonly behaviour: Behaviour;
  /** Turns whose reply was malformed, by kind; and turns whose reply was irregular although its action was done. */
  readonly malformed: Counts;
  readonly irregular: Counts;
  readonly endings: Readonly<Record<EpisodeEnding, number>>;
  /** Why worlds failed, and why players stopped, with how many episodes each reason ended. */
  readonly worldFailures: Counts;
  readonly stops: Counts;
  /** How many episodes have no value of a measure that is optional, by its name; they are left out of its means. */
  readonly unscored: Counts;
  readonly groups: Readonly<Record<string, GroupScores>>;
  /** Only those difficulties that the tasks have. */
  readonly difficulties: Readonly<Record<string, GroupScores>>;
  /** Undefined with one attempt at each task. */
  readonly sampled: AttemptScores | undefined;
}

/** The score over those of the suites that the paper holds out (App. A) that were played. */
export interface HeldOutSummary {
  readonly measures: readonly Measure[];
  readonly scores: ByMeasure<Estimate>;
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

function scoresBy(
  results: readonly EpisodeResult[],
  measures: readonly Measure[],
  keyOf: (result: EpisodeResult) => string,
): Readonly<Record<string, GroupScores>> {
  const scoresOf = (group: readonly EpisodeResult[]): GroupScores => ({
    episodes: group.length,
    scores: byMeasure(measures, ({ name }) => mean(scored(group, name).map((each) => scoreOf(each, name)))),
  });
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

function reasonsOf(results: readonly EpisodeResult[], wanted: EpisodeEnding): Counts {
  return countsOf(
    results.filter(({ ending }) => ending === wanted).map(({ reason }) => reason ?? "no reason"),
  );
}

function sampledOf(
  suites: readonly WeightedEpisodes[],
  measures: readonly Measure[],
): AttemptScores | undefined {
  const attempts = Math.max(...suites.flatMap(({ results }) => results.map(({ attempt }) => attempt))) + 1;
  if (attempts < 2) return undefined;
  return {
    attempts,
    best: byMeasure(measures, ({ name }) => bestOfN(suites, name)),
    spread: byMeasure(measures, ({ name }) => spreadOverAttempts(suites, name)),
  };
}

function rates(suites: readonly WeightedEpisodes[], measures: readonly Measure[]): ByMeasure<Estimate> {
  return byMeasure(measures, ({ name, range }) =>
    rate(
      suites.map(({ weight, results }) => ({
        weight,
        range,
        scores: [...taskScores(results, name).values()],
      })),
    ),
  );
}

function summarizeSuite(suite: string, results: readonly EpisodeResult[]): SuiteSummary {
  const [first] = results;
  if (first === undefined) throw new Error("a suite is summed up by its episodes");
  const measures = measuresOf(results);
  const alone = [{ weight: 1, results }];
  return {
    suite,
    variant: first.variant,
    rules: variantText({ ...first.variant, words: null }),
    tasks: new Set(results.map(({ task }) => task)).size,
    episodes: results.length,
    measures,
    scores: rates(alone, measures),
    behaviour: behaviourOf(results),
    malformed: addCounts(results.map(({ malformed }) => malformed)),
    irregular: addCounts(results.map(({ irregular }) => irregular)),
    endings: endingsOf(results),
    worldFailures: reasonsOf(results, "world-failed"),
    stops: reasonsOf(results, "stopped"),
    unscored: Object.fromEntries(
      measures
        .map(({ name }) => [name, results.length - scored(results, name).length] as const)
        .filter(([, count]) => count > 0),
    ),
    groups: scoresBy(results, measures, ({ group }) => group),
    difficulties: scoresBy(
      results.filter(({ difficulty }) => difficulty !== null),
      measures,
      ({ difficulty }) => difficulty ?? "",
    ),
    sampled: sampledOf(alone, measures),
  };
}

function summarizeHeldOut(
  bySuite: ReadonlyMap<string, readonly EpisodeResult[]>,
): HeldOutSummary | undefined {
  const found = heldOutWeights([...bySuite.keys()]);
  if (found === undefined) return undefined;
  const { weights, missing } = found;
  const weighted = [...weights].map(([suite, weight]) => ({ weight, results: bySuite.get(suite) ?? [] }));
  const measures = [SUCCESS, PROGRESS];
  return {
    measures,
    scores: rates(weighted, measures),
    suites: [...weights.keys()],
    missing,
    sampled: sampledOf(weighted, measures),
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
