import type { Difference } from "../evaluation/metrics/difference.ts";
import { heldOutWeights } from "../evaluation/metrics/held-out.ts";
import type { Estimate, PairedDifference } from "../evaluation/metrics/interval.ts";
import type { Measure, Spread } from "../evaluation/metrics/scores.ts";
import type { AttemptScores, HeldOutSummary, SuiteSummary } from "../evaluation/summary.ts";
import type { ComparedEvaluation, Comparison } from "./comparison.ts";
import { markdownTable } from "./markdown-table.ts";
import type { PaperRow } from "./paper/paper-row.ts";
import { PAPER_SUITES } from "./paper/paper-row.ts";
import { type PaperTable, paperHeldOut } from "./paper-tables.ts";
import { BLANK, percent } from "./percent.ts";
import { robustnessMarkdown } from "./robustness-markdown.ts";

/** Below it a difference is in bold. */
const SIGNIFICANT = 0.05;
const MEASURES: readonly Measure[] = ["success", "progress"];
const HELD_OUT = "held-out";

function withInterval({ value, low, high }: Estimate): string {
  return `${percent(value)} [${percent(low)}, ${percent(high)}]`;
}

function signed(value: number): string {
  const text = percent(value);
  // What rounding leaves of a difference of nothing may lie on either side of it.
  if (Number(text) === 0) return percent(0);
  return value > 0 ? `+${text}` : text;
}

/** A difference; in bold where the test finds one. */
function difference({ value, low, high, p }: PairedDifference): string {
  const text = `${signed(value)} [${signed(low)}, ${signed(high)}]`;
  return p < SIGNIFICANT ? `**${text}**` : text;
}

/** The columns of a table: each suite, then the held-out score when there are several suites of it. */
function columnsOf({ suites, heldOut }: Comparison): readonly string[] {
  return heldOut.length > 1 ? [...suites, HELD_OUT] : suites;
}

/** Only over all of the paper's suites it is the held-out score; over fewer it is called by their names. */
function heldOutTitle(suites: readonly string[]): string {
  const isWhole = heldOutWeights(suites)?.missing.length === 0;
  return isWhole ? HELD_OUT : `${suites.join(" + ")} (App. A's weights)`;
}

function head(columns: readonly string[], { heldOut }: Comparison): readonly string[] {
  const titles = columns.map((column) => (column === HELD_OUT ? heldOutTitle(heldOut) : column));
  return ["", ...titles.flatMap((title) => MEASURES.map((measure) => `${title} ${measure}`))];
}

/** A score over all the suites that the column is over; undefined where some are missing. */
function ofAll<Score extends { readonly suites: readonly string[] }>(
  score: Score | undefined,
  { heldOut }: Comparison,
): Score | undefined {
  return score?.suites.length === heldOut.length ? score : undefined;
}

/** What an evaluation came to in each column; undefined in those that it has not played, or not all of. */
function summariesOf(
  { summary }: ComparedEvaluation,
  comparison: Comparison,
  columns: readonly string[],
): readonly (SuiteSummary | HeldOutSummary | undefined)[] {
  return columns.map((column) =>
    column === HELD_OUT
      ? ofAll(summary.heldOut, comparison)
      : summary.suites.find(({ suite }) => suite === column),
  );
}

function rateCells(
  evaluation: ComparedEvaluation,
  comparison: Comparison,
  columns: readonly string[],
): readonly string[] {
  return summariesOf(evaluation, comparison, columns).flatMap((rates) =>
    MEASURES.map((measure) => (rates === undefined ? BLANK : withInterval(rates[measure]))),
  );
}

function withDeviation({ mean, deviation }: Spread): string {
  return Number.isNaN(mean) ? BLANK : `${percent(mean)} ± ${percent(deviation)}`;
}

/** Rows for what several attempts came to; none with one attempt. */
function sampledRows(
  evaluation: ComparedEvaluation,
  name: string,
  comparison: Comparison,
  columns: readonly string[],
): readonly (readonly string[])[] {
  const sampled = summariesOf(evaluation, comparison, columns).map((each) => each?.sampled);
  const attempts = Math.max(0, ...sampled.map((each) => each?.attempts ?? 0));
  if (attempts === 0) return [];
  const cells = (text: (scores: AttemptScores, measure: Measure) => string): readonly string[] =>
    sampled.flatMap((scores) =>
      MEASURES.map((measure) => (scores === undefined ? BLANK : text(scores, measure))),
    );
  const best = cells((scores, measure) => percent(scores.best[measure]));
  const means = cells(({ spread }, measure) => withDeviation(spread[measure]));
  return [
    [`${name}, best of ${attempts}`, ...best],
    [`${name}, mean of ${attempts}`, ...means],
  ];
}

function paperCells(row: PaperRow, comparison: Comparison, columns: readonly string[]): readonly string[] {
  const printed = (suite: string, measure: Measure): number | undefined => {
    if (suite === HELD_OUT) return paperHeldOut(row, comparison.heldOut, measure);
    const known = PAPER_SUITES.find((each) => each === suite);
    return known === undefined ? undefined : row.scores.get(known)?.[measure];
  };
  return columns.flatMap((column) =>
    MEASURES.map((measure) => printed(column, measure)?.toFixed(1) ?? BLANK),
  );
}

function paperRows(
  tables: readonly PaperTable[],
  comparison: Comparison,
  columns: readonly string[],
): readonly (readonly string[])[] {
  return tables.flatMap(({ title, rows }) =>
    rows.map((row) => [
      `paper: ${row.method} (${row.series}; ${title})`,
      ...paperCells(row, comparison, columns),
    ]),
  );
}

/** In which words an evaluation was played; all of its suites are in the same. */
function wordsOf({ summary }: ComparedEvaluation): string {
  return summary.suites[0]?.variant.words ?? "as it is";
}

/** The name of an evaluation, with its words where those of the compared ones differ. */
function nameWithWords(evaluation: ComparedEvaluation, { evaluations }: Comparison): string {
  const differ = new Set(evaluations.map(wordsOf)).size > 1;
  return differ ? `${evaluation.name} (${wordsOf(evaluation)})` : evaluation.name;
}

function differenceRows(comparison: Comparison, columns: readonly string[]): readonly (readonly string[])[] {
  return comparison.evaluations.flatMap((evaluation) => {
    const { beyondFirst } = evaluation;
    if (beyondFirst === undefined) return [];
    const cells = columns.flatMap((column) => {
      const found: Difference | undefined =
        column === HELD_OUT ? ofAll(beyondFirst.heldOut, comparison) : beyondFirst.suites.get(column);
      return MEASURES.map((measure) => (found === undefined ? BLANK : difference(found[measure])));
    });
    return [[nameWithWords(evaluation, comparison), ...cells]];
  });
}

const BEHAVIOUR_HEAD = ["", "turns", "grounding %", "malformed %", "repeated %", "model failed"];

function behaviourRows({ evaluations }: Comparison): readonly (readonly string[])[] {
  const share = (value: number): string => (Number.isNaN(value) ? BLANK : percent(value));
  return evaluations.flatMap(({ name, summary }) =>
    summary.suites.map(({ suite, behaviour, endings }) => [
      `${name}: ${suite}`,
      behaviour.turns.toFixed(1),
      share(behaviour.grounding),
      share(behaviour.formatErrors),
      share(behaviour.repeatedActions),
      String(endings["model-failed"]),
    ]),
  );
}

/** The paper's rows beside evaluations. */
export interface PaperBeside {
  readonly tables: readonly PaperTable[];
  /** By the name of an evaluation: what makes it unlike the paper's, in words; none when nothing does. */
  readonly unlike: ReadonlyMap<string, readonly string[]>;
  /** What else a reader of both must know. */
  readonly notes: readonly string[];
}

/** Marks the rows that must not be read as the benchmark's. */
const UNLIKE = "†";

function unlikeOf(paper: PaperBeside | undefined, name: string): readonly string[] {
  return paper?.unlike.get(name) ?? [];
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

/** What is to be said under a table with rows of the paper. */
function paperParts(paper: PaperBeside, { evaluations }: Comparison): readonly string[] {
  const lines = evaluations.flatMap(({ name }) => unlikeOf(paper, name).map((why) => `${name}: ${why}`));
  return [
    ...(lines.length === 0
      ? []
      : [
          `${UNLIKE} not played as the rows of the paper's Table 1 were, so not comparable with them:`,
          bullets(lines),
        ]),
    ...paper.notes,
  ];
}

/**
 * A comparison in Markdown: rates in per cent with 95 % confidence intervals, differences from the first
 * evaluation, robustness where worlds were played in other words too, and how the agents behaved. Rows of the paper
 * stand beside the evaluations when they are given, with what makes the evaluations unlike them, and the notes below
 * the tables.
 */
export function comparisonMarkdown(
  comparison: Comparison,
  paper: PaperBeside | undefined,
  notes: readonly string[],
): string {
  const { evaluations } = comparison;
  const columns = columnsOf(comparison);
  const shown = (name: string): string => (unlikeOf(paper, name).length === 0 ? name : `${name} ${UNLIKE}`);
  const rates = [
    ...evaluations.map((each) => [shown(each.name), ...rateCells(each, comparison, columns)]),
    ...evaluations.flatMap((each) => sampledRows(each, shown(each.name), comparison, columns)),
    ...paperRows(paper?.tables ?? [], comparison, columns),
  ];
  const [first] = evaluations;
  const parts = [
    "Rates in per cent with 95 % confidence intervals over tasks (Wilson's where a task is achieved or not, Student's elsewhere).",
    markdownTable(head(columns, comparison), rates),
    ...(paper === undefined ? [] : paperParts(paper, comparison)),
    ...(first !== undefined && evaluations.length > 1
      ? [
          `Differences from ${nameWithWords(first, comparison)} over the same tasks; bold where an exact paired test finds one (p < 0.05).`,
          markdownTable(head(columns, comparison), differenceRows(comparison, columns)),
        ]
      : []),
    ...robustnessMarkdown(comparison.robustness),
    markdownTable(BEHAVIOUR_HEAD, behaviourRows(comparison)),
    ...(notes.length === 0 ? [] : [bullets(notes)]),
  ];
  return `${parts.join("\n\n")}\n`;
}
