import { heldOutWeights } from "../evaluation/metrics/held-out.ts";
import type { Estimate, PairedDifference } from "../evaluation/metrics/interval.ts";
import type { Measure, Spread } from "../evaluation/metrics/scores.ts";
import type { HeldOutSummary, SuiteSummary } from "../evaluation/summary.ts";
import type { ComparedEvaluation, Comparison } from "./comparison.ts";
import { PAPER_SUITES, type PaperRow, type PaperTable, paperHeldOut } from "./paper-tables.ts";
import { BLANK, type Cell, type Part, percent, type Table } from "./render.ts";
import { robustnessParts } from "./robustness.ts";

/** The paper's rows beside evaluations. */
export interface PaperBeside {
  readonly tables: readonly PaperTable[];
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
const MEASURES: readonly Measure[] = ["success", "progress"];
const HELD_OUT = "held-out";
/** Marks evaluations that must not be read as the benchmark's. */
const UNLIKE = "†";
/** Marks rates over other tasks than those beside them. */
const OTHER_TASKS = "‡";

/** A row before it is laid out: its cells by column, one for each measure. */
interface GridRow {
  readonly name: string;
  readonly cells: readonly (readonly Cell[])[];
}

function withInterval({ value, low, high }: Estimate): string {
  return `${percent(value)} [${percent(low)}, ${percent(high)}]`;
}

function signed(value: number): string {
  const text = percent(value);
  // What rounding leaves of a difference of nothing may lie on either side of it.
  if (Number(text) === 0) return percent(0);
  return value > 0 ? `+${text}` : text;
}

function difference({ value, low, high, p }: PairedDifference): Cell {
  const text = `${signed(value)} [${signed(low)}, ${signed(high)}]`;
  return p < SIGNIFICANT ? { bold: text } : text;
}

/** The columns of a table: each suite, then the held-out score when there are several suites of it. */
function columnsOf({ suites, heldOut }: Comparison): readonly string[] {
  return heldOut.length > 1 ? [...suites, HELD_OUT] : suites;
}

/** Only over all of the paper's suites it is the held-out score; over fewer it is called by their names. */
function titleOf(column: string, { heldOut }: Comparison): string {
  if (column !== HELD_OUT) return column;
  const isWhole = heldOutWeights(heldOut)?.missing.length === 0;
  return isWhole ? HELD_OUT : `${heldOut.join(" + ")} (App. A's weights)`;
}

/** Lays rows out as a table; in the tall shape rows without a number in a column are left out there. */
function table(rows: readonly GridRow[], comparison: Comparison, { shape }: Layout): Table {
  const titles = columnsOf(comparison).map((column) => titleOf(column, comparison));
  if (shape === "wide") {
    const head = ["", ...titles.flatMap((title) => MEASURES.map((measure) => `${title} ${measure}`))];
    return { kind: "table", head, rows: rows.map(({ name, cells }) => [name, ...cells.flat()]) };
  }
  const tall = titles.flatMap((title, column) => [
    [title, "", ""],
    ...rows
      .filter(({ cells }) => cells[column]?.some((cell) => cell !== BLANK))
      .map(({ name, cells }) => [`  ${name}`, ...(cells[column] ?? [])]),
  ]);
  return { kind: "table", head: ["", "success %", "progress %"], rows: tall };
}

/** A score over all the suites that the column is over; undefined where some are missing. */
function ofAll<Score extends { readonly suites: readonly string[] }>(
  score: Score | undefined,
  { heldOut }: Comparison,
): Score | undefined {
  return score?.suites.length === heldOut.length ? score : undefined;
}

type Rates = SuiteSummary | HeldOutSummary;

/** What an evaluation came to in each column; undefined in those that it has not played, or not all of. */
function ratesOf({ summary }: ComparedEvaluation, comparison: Comparison): readonly (Rates | undefined)[] {
  return columnsOf(comparison).map((column) =>
    column === HELD_OUT
      ? ofAll(summary.heldOut, comparison)
      : summary.suites.find(({ suite }) => suite === column),
  );
}

/** Suites in which an evaluation has not played all the tasks that are played here, with how many it has. */
function fewerTasks({ summary }: ComparedEvaluation, { tasks }: Comparison): readonly string[] {
  return summary.suites.filter((each) => each.tasks < (tasks.get(each.suite) ?? 0)).map((each) => each.suite);
}

function rateRow(evaluation: ComparedEvaluation, name: string, comparison: Comparison): GridRow {
  const fewer = fewerTasks(evaluation, comparison);
  const cells = ratesOf(evaluation, comparison).map((rates) => {
    if (rates === undefined) return MEASURES.map(() => BLANK);
    const suites = "suites" in rates ? rates.suites : [rates.suite];
    const mark = suites.some((suite) => fewer.includes(suite)) ? ` ${OTHER_TASKS}` : "";
    return MEASURES.map((measure) => `${withInterval(rates[measure])}${mark}`);
  });
  return { name, cells };
}

function withDeviation({ mean, deviation }: Spread): string {
  return Number.isNaN(mean) ? BLANK : `${percent(mean)} ± ${percent(deviation)}`;
}

/** Rows for what several attempts came to; none with one attempt. */
function sampledRows(
  evaluation: ComparedEvaluation,
  name: string,
  comparison: Comparison,
): readonly GridRow[] {
  const sampled = ratesOf(evaluation, comparison).map((each) => each?.sampled);
  const attempts = Math.max(0, ...sampled.map((each) => each?.attempts ?? 0));
  if (attempts === 0) return [];
  const cells = (
    text: (scores: NonNullable<(typeof sampled)[number]>, measure: Measure) => string,
  ): GridRow["cells"] =>
    sampled.map((scores) =>
      MEASURES.map((measure) => (scores === undefined ? BLANK : text(scores, measure))),
    );
  return [
    { name: `${name}, best of ${attempts}`, cells: cells(({ best }, measure) => percent(best[measure])) },
    {
      name: `${name}, mean of ${attempts}`,
      cells: cells(({ spread }, measure) => withDeviation(spread[measure])),
    },
  ];
}

function paperCells(row: PaperRow, comparison: Comparison): GridRow["cells"] {
  const printed = (suite: string, measure: Measure): number | undefined => {
    if (suite === HELD_OUT) return paperHeldOut(row, comparison.heldOut, measure);
    const known = PAPER_SUITES.find((each) => each === suite);
    return known === undefined ? undefined : row.scores.get(known)?.[measure];
  };
  return columnsOf(comparison).map((column) =>
    MEASURES.map((measure) => printed(column, measure)?.toFixed(1) ?? BLANK),
  );
}

function paperRows(tables: readonly PaperTable[], comparison: Comparison): readonly GridRow[] {
  return tables.flatMap(({ title, rows }) =>
    rows.map((row) => ({
      name: `paper: ${row.method} (${row.series}; ${title})`,
      cells: paperCells(row, comparison),
    })),
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

function differenceRows(comparison: Comparison): readonly GridRow[] {
  return comparison.evaluations.flatMap((evaluation) => {
    const { beyondFirst } = evaluation;
    if (beyondFirst === undefined) return [];
    const cells = columnsOf(comparison).map((column) => {
      const found =
        column === HELD_OUT ? ofAll(beyondFirst.heldOut, comparison) : beyondFirst.suites.get(column);
      return MEASURES.map((measure) => (found === undefined ? BLANK : difference(found[measure])));
    });
    return [{ name: nameWithWords(evaluation, comparison), cells }];
  });
}

function behaviourTable({ evaluations }: Comparison): Table {
  const share = (value: number): string => (Number.isNaN(value) ? BLANK : percent(value));
  const rows = evaluations.flatMap(({ name, summary }) =>
    summary.suites.map(({ suite, behaviour, endings }) => [
      `${name}: ${suite}`,
      behaviour.turns.toFixed(1),
      share(behaviour.grounding),
      share(behaviour.formatErrors),
      share(behaviour.irregular),
      share(behaviour.repeatedActions),
      String(endings["model-failed"] + endings["world-failed"]),
    ]),
  );
  const head = ["", "turns", "grounding %", "malformed %", "irregular %", "repeated %", "failed"];
  return { kind: "table", head, rows };
}

function text(words: string): Part {
  return { kind: "text", text: words };
}

function list(items: readonly string[]): readonly Part[] {
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

/** What is to be said under the table of rates: of its marks, and of the paper's rows. */
function underRates(comparison: Comparison, paper: PaperBeside | undefined): readonly Part[] {
  const { evaluations, tasks } = comparison;
  const fewer = evaluations.flatMap((evaluation) =>
    fewerTasks(evaluation, comparison).map((suite) => {
      const played = evaluation.summary.suites.find((each) => each.suite === suite)?.tasks ?? 0;
      return `${evaluation.name}: ${played} of ${tasks.get(suite)} tasks of ${suite}`;
    }),
  );
  const unlike = evaluations.flatMap(({ name }) =>
    (paper?.unlike.get(name) ?? []).map((why) => `${name}: ${why}`),
  );
  const marked = (mark: string, words: string, items: readonly string[]): readonly Part[] =>
    items.length === 0 ? [] : [text(`${mark} ${words}`), ...list(items)];
  return [
    ...marked(
      OTHER_TASKS,
      "not over all the tasks that are played here, so not comparable with the other rates:",
      fewer,
    ),
    ...marked(
      UNLIKE,
      "not played as the rows of the paper's Table 1 were, so not comparable with them:",
      unlike,
    ),
    ...(paper?.notes ?? []).map(text),
  ];
}

/**
 * A comparison as a report: rates in per cent with 95 % confidence intervals, differences from the first evaluation,
 * robustness where worlds were played in other words too, and how the agents behaved. Rows of the paper stand beside
 * the evaluations when they are given, with what makes the evaluations unlike them, and the notes below the tables.
 */
export function comparisonReport(comparison: Comparison, layout: Layout): readonly Part[] {
  const { evaluations } = comparison;
  const { paper, notes = [] } = layout;
  const shown = (name: string): string =>
    (paper?.unlike.get(name) ?? []).length === 0 ? name : `${name} ${UNLIKE}`;
  const rates = [
    ...evaluations.map((each) => rateRow(each, shown(each.name), comparison)),
    ...evaluations.flatMap((each) => sampledRows(each, shown(each.name), comparison)),
    ...paperRows(paper?.tables ?? [], comparison),
  ];
  const [first] = evaluations;
  const differences =
    first === undefined || evaluations.length < 2
      ? []
      : [
          text(
            `Differences from ${nameWithWords(first, comparison)} over the same tasks; bold where an exact paired test finds one (p < 0.05).`,
          ),
          table(differenceRows(comparison), comparison, layout),
        ];
  return [
    text("Rates in per cent with 95 % confidence intervals over tasks."),
    table(rates, comparison, layout),
    ...underRates(comparison, paper),
    ...differences,
    ...robustnessParts(comparison.robustness),
    behaviourTable(comparison),
    ...list(notes),
  ];
}
