import { groupBy, type Spread, spreadOf } from "../evaluation/metrics/scores.ts";
import type { EvaluationSummary, SuiteSummary } from "../evaluation/summary.ts";

/** An evaluation as it is looked at for robustness. */
export interface PlayedEvaluation {
  readonly name: string;
  /** The same for evaluations that differ in nothing but the perturbation and the suites. */
  readonly player: string;
  readonly summary: EvaluationSummary;
}

/** What came of playing a suite in some words. */
export interface WordedScores {
  /** The name of the evaluation. */
  readonly name: string;
  /** Null for the world's own words. */
  readonly perturbation: SuiteSummary["variant"]["words"];
  readonly success: number;
  readonly progress: number;
}

/** How one agent stands up to other words in one suite (section 4.3, App. K): a row of Tables 3 and 11. */
export interface Robustness {
  readonly suite: string;
  /** The scores in the world's own words first. */
  readonly scores: readonly WordedScores[];
  /** Average and standard deviation over all of the scores, those in the world's own words included. */
  readonly success: Spread;
  readonly progress: Spread;
}

interface Played extends WordedScores {
  readonly suite: string;
  /** The same for those that belong together. */
  readonly series: string;
}

function playedOf({ name, player, summary }: PlayedEvaluation): readonly Played[] {
  return summary.suites.map(({ suite, rules, variant, success, progress }) => ({
    name,
    suite,
    series: JSON.stringify([suite, player, rules]),
    perturbation: variant.words,
    success: success.value,
    progress: progress.value,
  }));
}

/** Of evaluations in the same words the first one counts. */
function rowOf(series: readonly Played[]): Robustness | undefined {
  const inWords = [...groupBy(series, ({ perturbation }) => perturbation ?? "").values()];
  const first = inWords.flatMap((alike) => alike.slice(0, 1));
  const own = first.filter(({ perturbation }) => perturbation === null);
  const scores = [...own, ...first.filter(({ perturbation }) => perturbation !== null)];
  const suite = own[0]?.suite;
  if (suite === undefined || scores.length < 2) return undefined;
  return {
    suite,
    scores: scores.map(({ name, perturbation, success, progress }) => ({
      name,
      perturbation,
      success,
      progress,
    })),
    success: spreadOf(scores.map(({ success }) => success)),
    progress: spreadOf(scores.map(({ progress }) => progress)),
  };
}

/**
 * The robustness of each agent that has played a suite in the world's own words and in others, under the same rules
 * and in the same way; none for the rest.
 */
export function robustnessOf(evaluations: readonly PlayedEvaluation[]): readonly Robustness[] {
  const series = groupBy(evaluations.flatMap(playedOf), (played) => played.series);
  return [...series.values()].flatMap((each) => rowOf(each) ?? []);
}
