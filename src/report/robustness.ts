import type { Measure } from "../environment/suite.ts";
import { findSuite } from "../environment/suites.ts";
import { type ByMeasure, byMeasure, groupBy, type Spread, spreadOf } from "../evaluation/metrics/scores.ts";
import type { EvaluationSummary, SuiteSummary } from "../evaluation/summary.ts";
import type { PaperTable } from "./paper-tables.ts";
import { BLANK, type Part, type Table } from "./render.ts";
import { isShare, measureTitle, scoreText } from "./score-text.ts";

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
  readonly scores: ByMeasure<number>;
}

/** How one agent stands up to other words in one suite (section 4.3, App. K): a row of Tables 3 and 11. */
export interface Robustness {
  readonly suite: string;
  readonly measures: readonly Measure[];
  /** The scores in the world's own words first. */
  readonly scores: readonly WordedScores[];
  /**
   * Average and standard deviation over the world's own words and App. K's perturbations; over all words in a suite
   * that has none of App. K's.
   */
  readonly spread: ByMeasure<Spread>;
}

/** The numbers of App. K's perturbations among a suite's words; none for a suite to which App. K does nothing. */
export function appendixK(suite: string): ReadonlyMap<string, number> {
  const { perturbations = {} } = findSuite(suite) ?? {};
  return new Map(
    Object.entries(perturbations).flatMap(([name, { paper }]) =>
      paper === undefined ? [] : [[name, paper]],
    ),
  );
}

/** Whether the average of Tables 3 and 11 is over these words. */
function counts(suite: string, words: string | null): boolean {
  const papers = appendixK(suite);
  return words === null || papers.size === 0 || papers.has(words);
}

interface Played extends WordedScores, Pick<Robustness, "suite" | "measures"> {
  /** The same for those that belong together. */
  readonly series: string;
}

function playedOf({ name, player, summary }: PlayedEvaluation): readonly Played[] {
  return summary.suites.map(({ suite, measures, rules, variant, scores }) => ({
    name,
    suite,
    measures,
    series: JSON.stringify([suite, player, rules]),
    perturbation: variant.words,
    scores: byMeasure(measures, (measure) => scores[measure.name]?.value ?? Number.NaN),
  }));
}

/** Of evaluations in the same words the first one counts. */
function rowOf(series: readonly Played[]): Robustness | undefined {
  const inWords = [...groupBy(series, ({ perturbation }) => perturbation ?? "").values()];
  const first = inWords.flatMap((alike) => alike.slice(0, 1));
  const own = first.filter(({ perturbation }) => perturbation === null);
  const scores = [...own, ...first.filter(({ perturbation }) => perturbation !== null)];
  const [{ suite, measures } = { suite: undefined, measures: [] }] = own;
  if (suite === undefined || scores.length < 2) return undefined;
  const papers = scores.filter(({ perturbation }) => counts(suite, perturbation));
  return {
    suite,
    measures,
    scores: scores.map(({ name, perturbation, scores: each }) => ({ name, perturbation, scores: each })),
    spread: byMeasure(measures, ({ name }) =>
      spreadOf(papers.map((each) => each.scores[name] ?? Number.NaN)),
    ),
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

export const OWN_WORDS = "as it is";

/** Average and deviation of a measure as the paper prints them: the deviation has a digit more. */
function spreadCells({ spread }: Robustness, measure: Measure): readonly [string, string] {
  const { mean, deviation } = spread[measure.name] ?? spreadOf([]);
  return [scoreText(mean, measure), ((isShare(measure) ? 100 : 1) * deviation).toFixed(2)];
}

/** A row for each measure of one agent, with a column for each of some words: null for the world's own. */
export function ourRows(
  robustness: Robustness,
  name: string,
  columns: readonly (string | null)[],
): readonly (readonly string[])[] {
  const { measures, scores } = robustness;
  return measures.map((measure) => {
    const scoreIn = (words: string | null): number | undefined =>
      scores.find(({ perturbation }) => perturbation === words)?.scores[measure.name];
    const cells = columns.map((words) => scoreText(scoreIn(words), measure));
    return [`${name} ${measure.name}`, ...cells, ...spreadCells(robustness, measure)];
  });
}

/** The paper's own rows: one for each measure of each method, with the columns of these names. */
export function paperRows(
  { rows }: PaperTable,
  columns: readonly string[],
  nameOf = (method: string, measure: string): string => `${method} ${measure}`,
): readonly (readonly (readonly string[])[])[] {
  return rows.map(({ method, scores }) =>
    ["success", "progress"].map((measure) => [
      nameOf(method, measure),
      ...columns.map(
        (column) => scores.get(column)?.[measure]?.value.toFixed(column === "deviation" ? 2 : 1) ?? BLANK,
      ),
    ]),
  );
}

function wideTable(robustness: readonly Robustness[], columns: readonly (string | null)[]): Table {
  return {
    kind: "table",
    head: ["", ...columns.map((each) => each ?? OWN_WORDS), "average", "deviation"],
    rows: robustness.flatMap((each) =>
      ourRows(each, `${each.scores[0]?.name ?? ""}: ${each.suite}`, columns),
    ),
  };
}

function tallTable(robustness: Robustness): Table {
  const { suite, measures, scores } = robustness;
  const ends = measures.map((measure) => spreadCells(robustness, measure));
  return {
    kind: "table",
    head: [`${scores[0]?.name ?? ""}: ${suite}`, ...measures.map(measureTitle)],
    rows: [
      ...scores.map((each) => [
        each.perturbation ?? OWN_WORDS,
        ...measures.map((measure) => scoreText(each.scores[measure.name], measure)),
      ]),
      ["average", ...ends.map(([mean]) => mean)],
      ["deviation", ...ends.map(([, each]) => each)],
    ],
  };
}

/** The paper's own table: a row for each measure of each method, and a column for each perturbation. */
function paperTable(table: PaperTable, shape: "wide" | "tall"): Table {
  const { title, suite } = table;
  const columns = [...(table.rows[0]?.scores.keys() ?? [])];
  const names = columns.map((column) => (column === "own" ? OWN_WORDS : column));
  const isTall = shape === "tall";
  const rows = isTall
    ? paperRows(table, columns, (_method, measure) => `  ${measure} %`)
    : paperRows(table, columns);
  return {
    kind: "table",
    head: [`paper, ${title}${isTall ? "" : `: ${suite}`}`, ...names],
    rows: rows.flatMap((own, place) => [...(isTall ? [[table.rows[place]?.method ?? ""]] : []), ...own]),
  };
}

/** Robustness as tables with what they are above them; nothing without rows. */
export function robustnessParts(
  robustness: readonly Robustness[],
  shape: "wide" | "tall" = "wide",
  paper: readonly PaperTable[] = [],
): readonly Part[] {
  if (robustness.length === 0) return [];
  const columns = [
    ...new Set(robustness.flatMap(({ scores }) => scores.map(({ perturbation }) => perturbation))),
  ];
  const left = robustness.flatMap(({ suite, scores }) =>
    scores.flatMap(({ perturbation }) =>
      counts(suite, perturbation) ? [] : [`${perturbation} of ${suite}`],
    ),
  );
  const without = [...new Set(robustness.map(({ suite }) => suite))].filter(
    (suite) => appendixK(suite).size === 0,
  );
  const what = [
    "Robustness: the same worlds in other words. Average and standard deviation are over the world as it is and App. K's perturbations, as in the paper's Tables 3 and 11",
    ...(left.length === 0 ? [] : [`, without ${[...new Set(left)].join(", ")}`]),
    ...(without.length === 0
      ? []
      : [`; App. K has none of ${without.join(", ")}, where they are over all words`]),
    ".",
  ].join("");
  const tables = shape === "wide" ? [wideTable(robustness, columns)] : robustness.map(tallTable);
  const beside = paper.filter((each) => robustness.some(({ suite }) => suite === each.suite));
  return [{ kind: "text", text: what }, ...tables, ...beside.map((each) => paperTable(each, shape))];
}
