import type { Estimate } from "../evaluation/metrics/bootstrap.ts";
import type { Difference } from "../evaluation/metrics/difference.ts";
import type { Measure } from "../evaluation/metrics/task-scores.ts";
import type { EvaluationSummary, SuiteSummary } from "../evaluation/summary.ts";
import type { ComparedEvaluation, Comparison } from "./comparison.ts";
import { markdownTable } from "./markdown-table.ts";
import type { PaperRow } from "./paper/paper-row.ts";
import { PAPER_SUITES } from "./paper/paper-row.ts";
import { type PaperTable, paperHeldOut } from "./paper-tables.ts";

const BLANK = "–";
const MEASURES: readonly Measure[] = ["success", "progress"];
const HELD_OUT = "held-out";

function percent(value: number): string {
  return (100 * value).toFixed(1);
}

function withInterval({ value, low, high }: Estimate): string {
  return `${percent(value)} [${percent(low)}, ${percent(high)}]`;
}

function signed(value: number): string {
  const text = percent(value);
  return value > 0 && text !== "0.0" ? `+${text}` : text;
}

/** A difference; in bold when its interval leaves out zero. */
function difference({ value, low, high }: Estimate): string {
  const text = `${signed(value)} [${signed(low)}, ${signed(high)}]`;
  return low > 0 || high < 0 ? `**${text}**` : text;
}

/** The columns of a table: each suite, then the held-out score when there are several suites of it. */
function columnsOf({ suites, evaluations }: Comparison): readonly string[] {
  const hasHeldOut = evaluations.some(({ summary }) => (summary.heldOut?.suites.length ?? 0) > 1);
  return hasHeldOut ? [...suites, HELD_OUT] : suites;
}

function head(columns: readonly string[]): readonly string[] {
  return ["", ...columns.flatMap((column) => MEASURES.map((measure) => `${column} ${measure}`))];
}

function suiteOf({ suites }: EvaluationSummary, name: string): SuiteSummary | undefined {
  return suites.find(({ suite }) => suite === name);
}

function rateCells({ summary }: ComparedEvaluation, columns: readonly string[]): readonly string[] {
  return columns.flatMap((column) => {
    const rates = column === HELD_OUT ? summary.heldOut : suiteOf(summary, column);
    return MEASURES.map((measure) => (rates === undefined ? BLANK : withInterval(rates[measure])));
  });
}

/** Rows for what several attempts came to; none with one attempt. */
function sampledRows(
  evaluation: ComparedEvaluation,
  columns: readonly string[],
): readonly (readonly string[])[] {
  const { name, summary } = evaluation;
  const sampled = summary.suites.flatMap((suite) => suite.sampled ?? []);
  if (sampled.length === 0) return [];
  const attempts = Math.max(...sampled.map((each) => each.attempts));
  const cells = (text: (suite: SuiteSummary, measure: Measure) => string | undefined): readonly string[] =>
    columns.flatMap((column) => {
      const suite = suiteOf(summary, column);
      return MEASURES.map((measure) => (suite === undefined ? undefined : text(suite, measure)) ?? BLANK);
    });
  const best = cells(({ sampled }, measure) => sampled && percent(sampled.best[measure]));
  const means = cells(({ sampled }, measure) => {
    const spread = sampled?.spread[measure];
    return spread && `${percent(spread.mean)} ± ${percent(spread.deviation)}`;
  });
  return [
    [`${name}, best of ${attempts}`, ...best],
    [`${name}, mean of ${attempts}`, ...means],
  ];
}

function paperCells(row: PaperRow, comparison: Comparison, columns: readonly string[]): readonly string[] {
  const printed = (suite: string, measure: Measure): number | undefined => {
    if (suite === HELD_OUT) return paperHeldOut(row, comparison.suites, measure);
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

function differenceRows(
  { evaluations }: Comparison,
  columns: readonly string[],
): readonly (readonly string[])[] {
  return evaluations.flatMap(({ name, beyondFirst }) => {
    if (beyondFirst === undefined) return [];
    const cells = columns.flatMap((column) => {
      const found: Difference | undefined =
        column === HELD_OUT ? beyondFirst.heldOut : beyondFirst.suites.get(column);
      return MEASURES.map((measure) => (found === undefined ? BLANK : difference(found[measure])));
    });
    return [[name, ...cells]];
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

/**
 * A comparison in Markdown: rates in per cent with 95 % confidence intervals, differences from the first
 * evaluation, and how the agents behaved. Rows of the paper stand beside the evaluations when they are given, and
 * the notes below the tables.
 */
export function comparisonMarkdown(
  comparison: Comparison,
  paper: readonly PaperTable[],
  notes: readonly string[],
): string {
  const { evaluations } = comparison;
  const columns = columnsOf(comparison);
  const rates = [
    ...evaluations.map((each) => [each.name, ...rateCells(each, columns)]),
    ...evaluations.flatMap((each) => sampledRows(each, columns)),
    ...paperRows(paper, comparison, columns),
  ];
  const [first] = evaluations;
  const parts = [
    "Rates in per cent with 95 % confidence intervals (bootstrap over tasks).",
    markdownTable(head(columns), rates),
    ...(evaluations.length > 1
      ? [
          `Differences from ${first?.name ?? ""} over the same tasks; bold where the interval leaves out zero.`,
          markdownTable(head(columns), differenceRows(comparison, columns)),
        ]
      : []),
    markdownTable(BEHAVIOUR_HEAD, behaviourRows(comparison)),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}
