import { type Measure, PROGRESS, SUCCESS } from "../environment/suite.ts";
import { heldOutWeights } from "../evaluation/metrics/held-out.ts";
import type { PairedDifference } from "../evaluation/metrics/interval.ts";
import { groupBy } from "../evaluation/metrics/scores.ts";
import type { AttemptScores, HeldOutSummary, SuiteSummary } from "../evaluation/summary.ts";
import type { ComparedEvaluation, Comparison } from "./comparison.ts";
import { numberOf, type PaperRow, type PaperTable, paperHeldOut } from "./paper-tables.ts";
import { BLANK, type Cell, type Part, percent, type Table } from "./render.ts";
import { robustnessParts } from "./robustness.ts";
import {
  estimateText,
  measureTitle,
  printedScore,
  scoreText,
  signedScore,
  spreadText,
} from "./score-text.ts";
import { troubles } from "./troubles.ts";
import { marked, UNLIKE } from "./unlike-paper.ts";

/** The paper's rows beside evaluations. */
export interface PaperBeside {
  readonly tables: readonly PaperTable[];
  /** Tables 3 and 11: the perturbations of ALFWorld. */
  readonly robustness: readonly PaperTable[];
  /** By the name of an evaluation: what makes it unlike the paper's, in words; none when nothing does. */
  readonly unlike: ReadonlyMap<string, readonly string[]>;
  /** What else a reader of both must know. */
  readonly notes: readonly string[];
}

/** How a comparison is laid out. */
export interface Layout {
  /** `wide` has a row for each evaluation, `tall` one for each suite of it, which fits a terminal. */
  readonly shape: "wide" | "tall";
  readonly paper?: PaperBeside | undefined;
  readonly notes?: readonly string[];
}

/** Below it a difference is in bold. */
const SIGNIFICANT = 0.05;
const HELD_OUT = "held-out";
/** Marks rates over other tasks than those beside them. */
const OTHER_TASKS = "‡";

/** What rates stand under: a suite, or the held-out score over several. */
export interface Column {
  readonly key: string;
  readonly title: string;
  readonly measures: readonly Measure[];
}

/** A row before it is laid out: its cells by column, one for each measure. */
interface GridRow {
  readonly name: string;
  readonly cells: readonly (readonly Cell[])[];
}

/** Only over all of the paper's suites it is the held-out score; over fewer it is called by their names. */
function heldOutTitle(heldOut: readonly string[]): string {
  const isWhole = heldOutWeights(heldOut)?.missing.length === 0;
  return isWhole ? HELD_OUT : `${heldOut.join(" + ")} (App. A's weights)`;
}

/**
 * The columns of each table: suites that are measured alike, and with them the held-out score when they are several.
 */
function panelsOf({ suites, measures, heldOut }: Comparison): readonly (readonly Column[])[] {
  const columns = suites.map((suite) => ({ key: suite, title: suite, measures: measures.get(suite) ?? [] }));
  const over = { key: HELD_OUT, title: heldOutTitle(heldOut), measures: [SUCCESS, PROGRESS] };
  const all = heldOut.length > 1 ? [...columns, over] : columns;
  return [...groupBy(all, (column) => column.measures.map(({ name }) => name).join()).values()];
}

/** Lays rows out as a table; in the tall shape rows without a number in a column are left out there. */
export function table(rows: readonly GridRow[], columns: readonly Column[], { shape }: Layout): Table {
  if (shape === "wide") {
    const head = columns.flatMap(({ title, measures }) => measures.map(({ name }) => `${title} ${name}`));
    return {
      kind: "table",
      head: ["", ...head],
      rows: rows.map(({ name, cells }) => [name, ...cells.flat()]),
    };
  }
  const measures = columns[0]?.measures ?? [];
  const tall = columns.flatMap(({ title }, column) => {
    const told = rows
      .filter(({ cells }) => cells[column]?.some((cell) => cell !== BLANK))
      .map(({ name, cells }) => [`  ${name}`, ...(cells[column] ?? [])]);
    return told.length === 0 ? [] : [[title], ...told];
  });
  return { kind: "table", head: ["", ...measures.map(measureTitle)], rows: tall };
}

/** A row with a cell for each measure of each column; undefined where nothing is known in any of them. */
export function rowOf(
  name: string,
  columns: readonly Column[],
  cell: (column: Column, measure: Measure) => Cell,
): readonly GridRow[] {
  const cells = columns.map((column) => column.measures.map((measure) => cell(column, measure)));
  return cells.flat().every((each) => each === BLANK) ? [] : [{ name, cells }];
}

/** A score over all the suites that the column is over; undefined where some are missing. */
function ofAll<Score extends { readonly suites: readonly string[] }>(
  score: Score | undefined,
  { heldOut }: Comparison,
): Score | undefined {
  return score?.suites.length === heldOut.length ? score : undefined;
}

/** What an evaluation came to in a column; undefined when it has not played it, or not all of it. */
function ratesOf(
  { summary }: ComparedEvaluation,
  { key }: Column,
  comparison: Comparison,
): SuiteSummary | HeldOutSummary | undefined {
  return key === HELD_OUT
    ? ofAll(summary.heldOut, comparison)
    : summary.suites.find(({ suite }) => suite === key);
}

/** Suites in which an evaluation has not played all the tasks that are played here. */
function fewerTasks({ summary }: ComparedEvaluation, { tasks }: Comparison): readonly SuiteSummary[] {
  return summary.suites.filter((each) => each.tasks < (tasks.get(each.suite) ?? 0));
}

function rateRow(
  evaluation: ComparedEvaluation,
  name: string,
  columns: readonly Column[],
  comparison: Comparison,
): readonly GridRow[] {
  const fewer = fewerTasks(evaluation, comparison).map(({ suite }) => suite);
  return rowOf(name, columns, (column, measure) => {
    const rates = ratesOf(evaluation, column, comparison);
    if (rates === undefined) return BLANK;
    const suites = "suites" in rates ? rates.suites : [rates.suite];
    const mark = suites.some((suite) => fewer.includes(suite)) ? ` ${OTHER_TASKS}` : "";
    return `${estimateText(rates.scores[measure.name], measure)}${mark}`;
  });
}

/** Rows for what several attempts came to; none with one attempt. */
function sampledRows(
  evaluation: ComparedEvaluation,
  name: string,
  columns: readonly Column[],
  comparison: Comparison,
): readonly GridRow[] {
  const sampled = (column: Column): AttemptScores | undefined =>
    ratesOf(evaluation, column, comparison)?.sampled;
  const attempts = Math.max(0, ...columns.map((column) => sampled(column)?.attempts ?? 0));
  if (attempts === 0) return [];
  const cells = columns.map((column) =>
    column.measures.map((measure) => spreadText(sampled(column)?.spread[measure.name], measure)),
  );
  return [
    ...rowOf(`${name}, best of ${attempts}`, columns, (column, measure) =>
      scoreText(sampled(column)?.best[measure.name], measure),
    ),
    { name: `${name}, mean of ${attempts}`, cells },
  ];
}

/** What a row of the paper is called; a terminal has no room for more than it needs. */
function paperName({ series, method }: PaperRow, title: string, { shape }: Layout): string {
  if (shape === "wide") return `paper: ${method} (${series}; ${title})`;
  return `${method}${method.startsWith(series) ? "" : `, ${series}`} (${numberOf(title)})`;
}

function paperRows(columns: readonly Column[], { heldOut }: Comparison, layout: Layout): readonly GridRow[] {
  return (layout.paper?.tables ?? []).flatMap(({ title, rows }) =>
    rows.flatMap((row) =>
      rowOf(paperName(row, title, layout), columns, ({ key }, measure) => {
        const printed = row.scores.get(key)?.[measure.name];
        const value = key === HELD_OUT ? paperHeldOut(row, heldOut, measure.name) : printed?.value;
        if (value === undefined) return BLANK;
        return printedScore({ ...printed, value }, measure);
      }),
    ),
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

function difference({ value, low, high, p }: PairedDifference, measure: Measure): Cell {
  const [signed, least, most] = [value, low, high].map((each) => signedScore(each, measure));
  const text = `${signed} [${least}, ${most}]`;
  return p < SIGNIFICANT ? { bold: text } : text;
}

function differenceRows(columns: readonly Column[], comparison: Comparison): readonly GridRow[] {
  return comparison.evaluations.flatMap((evaluation) => {
    const { beyondFirst } = evaluation;
    // An evaluation has a row where it has rates, also when they are not comparable with the first one's.
    if (
      beyondFirst === undefined ||
      columns.every((each) => ratesOf(evaluation, each, comparison) === undefined)
    )
      return [];
    const cells = columns.map(({ key, measures }) => {
      const found = key === HELD_OUT ? ofAll(beyondFirst.heldOut, comparison) : beyondFirst.suites.get(key);
      return measures.map((measure) => {
        const score = found?.scores[measure.name];
        return score === undefined ? BLANK : difference(score, measure);
      });
    });
    return [{ name: nameWithWords(evaluation, comparison), cells }];
  });
}

const BEHAVIOUR = ["turns", "grounding", "malformed", "irregular", "repeated", "failed"];

function behaviourParts({ evaluations }: Comparison, { shape }: Layout): readonly Part[] {
  const share = (value: number): string => (Number.isNaN(value) ? BLANK : percent(value));
  const rows = evaluations.flatMap(({ name, summary }) => [
    ...(shape === "tall" ? [[name]] : []),
    ...summary.suites.map(({ suite, behaviour, endings }) => [
      shape === "tall" ? `  ${suite}` : `${name}: ${suite}`,
      behaviour.turns.toFixed(1),
      share(behaviour.grounding),
      share(behaviour.formatErrors),
      share(behaviour.irregular),
      share(behaviour.repeatedActions),
      String(endings["model-failed"] + endings["world-failed"]),
    ]),
  ]);
  return [
    text("How the agents behaved: turns of an episode, shares of turns in per cent, episodes that failed."),
    { kind: "table", head: ["", ...BEHAVIOUR], rows },
    ...list(
      evaluations.flatMap(({ name, summary }) =>
        summary.suites.flatMap((each) => troubles(each).map((line) => `${name}: ${each.suite}: ${line}`)),
      ),
    ),
  ];
}

function text(words: string): Part {
  return { kind: "text", text: words };
}

function list(items: readonly string[]): readonly Part[] {
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

/** What is to be said under the tables of rates: of their marks, and of the paper's rows. */
function underRates(comparison: Comparison, paper: PaperBeside | undefined): readonly Part[] {
  const { evaluations, tasks } = comparison;
  const fewer = evaluations.flatMap((evaluation) =>
    fewerTasks(evaluation, comparison).map(
      (each) => `${evaluation.name}: ${each.tasks} of ${tasks.get(each.suite)} tasks of ${each.suite}`,
    ),
  );
  const unlike = evaluations.flatMap(({ name }) =>
    (paper?.unlike.get(name) ?? []).map((why) => `${name}: ${why}`),
  );
  const underMark = (mark: string, words: string, items: readonly string[]): readonly Part[] =>
    items.length === 0 ? [] : [text(`${mark} ${words}`), ...list(items)];
  return [
    ...underMark(
      OTHER_TASKS,
      "not over all the tasks that are played here, so not comparable with the other rates:",
      fewer,
    ),
    ...underMark(
      UNLIKE,
      "not played as the rows of the paper's Table 1 were, so not comparable with them:",
      unlike,
    ),
    ...(paper?.notes ?? []).map(text),
  ];
}

/**
 * A comparison as a report: scores with 95 % confidence intervals, differences from the first evaluation,
 * robustness where worlds were played in other words too, and how the agents behaved. Suites that are measured alike
 * share a table. Rows of the paper stand beside the evaluations when they are given, with what makes the evaluations
 * unlike them, and the notes below the tables.
 */
export function comparisonReport(comparison: Comparison, layout: Layout): readonly Part[] {
  const { evaluations } = comparison;
  const { paper, notes = [] } = layout;
  const shown = (name: string): string => marked({ unlike: paper?.unlike.get(name) ?? [] }, name);
  const panels = panelsOf(comparison);
  const rates = panels.map((columns) => {
    const rows = [
      ...evaluations.flatMap((each) => rateRow(each, shown(each.name), columns, comparison)),
      ...evaluations.flatMap((each) => sampledRows(each, shown(each.name), columns, comparison)),
      ...paperRows(columns, comparison, layout),
    ];
    return table(rows, columns, layout);
  });
  const [first] = evaluations;
  const differing = panels
    .map((columns) => table(differenceRows(columns, comparison), columns, layout))
    .filter(({ rows }) => rows.length > 0);
  const differences =
    first === undefined || differing.length === 0
      ? []
      : [
          text(
            `Differences from ${nameWithWords(first, comparison)} over the same tasks; bold where an exact paired test finds one (p < 0.05).`,
          ),
          ...differing,
        ];
  return [
    text("Rates in per cent with 95 % confidence intervals over tasks."),
    ...rates,
    ...underRates(comparison, paper),
    ...differences,
    ...robustnessParts(comparison.robustness, layout.shape, paper?.robustness),
    ...behaviourParts(comparison, layout),
    ...list(notes),
  ];
}
