import { groupBy, type Spread, spreadOf } from "../evaluation/metrics/scores.ts";
import type { EvaluationSummary, SuiteSummary } from "../evaluation/summary.ts";
import { BLANK, type Part, percent } from "./render.ts";

/** An evaluation as it is looked at for robustness. */
export interface PlayedEvaluation {
  readonly name: string;
  /** The same for evaluations that differ in nothing but the perturbation and the suites. */
  readonly player: string;
  readonly summary: EvaluationSummary;
}

/** What came of playing a suite in some words. */
interface WordedScores {
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
  /**
   * Average and standard deviation over the world's own words and those of App. K: `reorder-actions` is no part of
   * the paper's tables (section 2 names it, Figure 2b).
   */
  readonly success: Spread;
  readonly progress: Spread;
}

/** The perturbations that App. K has: its 1 and 2 change verbs and prepositions, 3 the order of arguments, 4 spaces. */
const APP_K: ReadonlySet<string | null> = new Set([null, "rename-verbs", "swap-arguments", "number-spacing"]);

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
  const papers = scores.filter(({ perturbation }) => APP_K.has(perturbation));
  return {
    suite,
    scores: scores.map(({ name, perturbation, success, progress }) => ({
      name,
      perturbation,
      success,
      progress,
    })),
    success: spreadOf(papers.map(({ success }) => success)),
    progress: spreadOf(papers.map(({ progress }) => progress)),
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

const OWN_WORDS = "as it is";

function rowsOf(
  { suite, scores, ...spreads }: Robustness,
  columns: readonly (string | null)[],
): readonly (readonly string[])[] {
  return (["success", "progress"] as const).map((measure) => {
    const { mean, deviation } = spreads[measure];
    const cells = columns.map((column) => {
      const found = scores.find(({ perturbation }) => perturbation === column);
      return found === undefined ? BLANK : percent(found[measure]);
    });
    return [`${scores[0]?.name ?? ""}: ${suite} ${measure}`, ...cells, percent(mean), percent(deviation, 2)];
  });
}

/** Robustness as a table with what it is above it; nothing without rows. */
export function robustnessParts(robustness: readonly Robustness[]): readonly Part[] {
  if (robustness.length === 0) return [];
  const columns = [
    ...new Set(robustness.flatMap(({ scores }) => scores.map(({ perturbation }) => perturbation))),
  ];
  const isAll = columns.every((column) => APP_K.has(column));
  const what = `Robustness: the same worlds in other words, per cent. Average and standard deviation are over the world as it is and App. K's perturbations, as in the paper's Tables 3 and 11${isAll ? "" : "; reorder-actions (section 2) does not count"}.`;
  const head = ["", ...columns.map((column) => column ?? OWN_WORDS), "average", "deviation"];
  const rows = robustness.flatMap((each) => rowsOf(each, columns));
  return [
    { kind: "text", text: what },
    { kind: "table", head, rows },
  ];
}
