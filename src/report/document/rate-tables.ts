import type { Measure } from "../../environment/suite.ts";
import { measuresOf } from "../../evaluation/metrics/scores.ts";
import { furtherSampling } from "../../evaluation/settings.ts";
import type { SuiteSummary } from "../../evaluation/summary.ts";
import { type Column, rowOf, table } from "../comparison-tables.ts";
import { type PaperTable, printedTables } from "../paper-tables.ts";
import { BLANK, type Part } from "../render.ts";
import { estimateText, printedScore, scoreText, signedScore, spreadText } from "../score-text.ts";
import { marked, UNLIKE } from "../unlike-paper.ts";
import type { Missing, Section } from "./material.ts";
import { type Material, type ReportedEvaluation, TRAINED_OTHERWISE } from "./material.ts";

/** Reads the cell of a row in a column; undefined where there is nothing. */
type CellOf = (summary: SuiteSummary, measure: Measure) => string | undefined;

/** A row of ours in a table of the paper's. */
interface OurRow {
  readonly evaluation: ReportedEvaluation;
  readonly name: string;
  readonly cell: CellOf;
}

const rateOf: CellOf = (summary, measure) => estimateText(summary.scores[measure.name], measure);
const bestOf: CellOf = (summary, measure) => scoreText(summary.sampled?.best[measure.name], measure);
const spreadOf: CellOf = (summary, measure) => spreadText(summary.sampled?.spread[measure.name], measure);

function paperTable(number: string): PaperTable {
  const found = printedTables().rates.find(({ title }) => title.split(",")[0] === number);
  if (found === undefined) throw new Error(`the shipped data has no ${number}`);
  return found;
}

/** The columns of a table of the paper: its suites with what is measured in them. */
function columnsOf({ rows }: PaperTable): readonly Column[] {
  const suites = [...new Set(rows.flatMap(({ scores }) => [...scores.keys()]))];
  return suites.map((suite) => ({
    key: suite,
    title: suite,
    measures: measuresOf([{ suite, scores: {} }]),
  }));
}

function summaryIn({ compared }: ReportedEvaluation, suite: string): SuiteSummary | undefined {
  return compared.summary.suites.find((each) => each.suite === suite);
}

/** Whether an evaluation has played any suite of a table. */
function playsAny(evaluation: ReportedEvaluation, paper: PaperTable): boolean {
  return columnsOf(paper).some(({ key }) => summaryIn(evaluation, key) !== undefined);
}

/** Why some of the evaluations are marked; nothing where none is. */
function unlikeParts(evaluations: readonly ReportedEvaluation[]): readonly Part[] {
  const items = [...new Set(evaluations)].flatMap(({ name, unlike }) =>
    unlike.map((each) => `${name}: ${each}`),
  );
  if (items.length === 0) return [];
  return [
    { kind: "text", text: `${UNLIKE} not played as the paper's, so not comparable:` },
    { kind: "list", items },
  ];
}

/** Ours above the paper's, and below what makes ours unlike them. */
function tableOf(paper: PaperTable, ours: readonly OurRow[]): Section {
  const columns = columnsOf(paper);
  const ourRows = ours.map(({ evaluation, name, cell }) => ({
    name: marked(evaluation, name),
    cells: columns.map(({ key, measures }) => {
      const summary = summaryIn(evaluation, key);
      return measures.map((measure) => (summary && cell(summary, measure)) ?? BLANK);
    }),
  }));
  const paperRows = paper.rows.flatMap(({ series, method, scores }) =>
    rowOf(method.startsWith(series) ? method : `${method}, ${series}`, columns, ({ key }, measure) => {
      const score = scores.get(key)?.[measure.name];
      return score === undefined ? BLANK : printedScore(score, measure);
    }),
  );
  const wide = table([...ourRows, ...paperRows], columns, { shape: "wide" });
  const rows = [
    ["Ours"],
    ...wide.rows.slice(0, ourRows.length),
    ["The paper's"],
    ...wide.rows.slice(ourRows.length),
  ];
  return { parts: [{ ...wide, rows }, ...unlikeParts(ours.map(({ evaluation }) => evaluation))] };
}

function orMissing(
  number: string,
  evaluations: readonly ReportedEvaluation[],
  rowsOf: (evaluation: ReportedEvaluation) => readonly OurRow[],
  missing: string,
): Section | Missing {
  const paper = paperTable(number);
  const rows = evaluations.filter((each) => playsAny(each, paper)).flatMap(rowsOf);
  return rows.length === 0 ? { missing } : tableOf(paper, rows);
}

function rateRow(evaluation: ReportedEvaluation, name: string = evaluation.name): OurRow {
  return { evaluation, name, cell: rateOf };
}

/** Whether each task was played once, in the world's own words and without a second trial. */
function isPlain({ settings }: ReportedEvaluation): boolean {
  const { samples, reflexion, perturbation } = settings;
  return samples === 1 && reflexion === undefined && perturbation === undefined;
}

/** Table 1, and Figures 8 and 12, which are tables too: one attempt at each task. */
export function mainResults(number: string, missing: string) {
  return ({ evaluations }: Material): Section | Missing =>
    orMissing(number, evaluations.filter(isPlain), (each) => [rateRow(each)], missing);
}

/** What an evaluation is called where trainings are told apart. */
export function trainedName({ name, trained }: ReportedEvaluation): string {
  if (trained === undefined) return name;
  const { rows, general = 0, otherwise } = trained;
  const how = otherwise === undefined ? "" : `, ${TRAINED_OTHERWISE[otherwise] ?? `data of ${otherwise}`}`;
  return `${name} (${rows} rows${general === 0 ? "" : ` and ${general} general`}${how})`;
}

/** Tables 2, 5 and 8: trainings beside each other, at least one of which is of the kind that the table is about. */
export function trainedOtherwise(number: string, isOf: (otherwise: string) => boolean, missing: string) {
  return ({ evaluations }: Material): Section | Missing => {
    const told = evaluations.filter(
      (each) =>
        isPlain(each) &&
        each.trained !== undefined &&
        (each.trained.otherwise === undefined || isOf(each.trained.otherwise)),
    );
    const isThere = told.some(({ trained }) => trained?.otherwise !== undefined);
    return orMissing(number, isThere ? told : [], (each) => [rateRow(each, trainedName(each))], missing);
  };
}

/** What of the settings is the same for several attempts and the one that they are held against. */
function alikeIn({ settings }: ReportedEvaluation): string {
  const { compat, agent, example, maxTurns, stopAt, model } = settings;
  const { name, maxTokens } = model ?? {};
  const { seed: _seed, ...sampling } = furtherSampling(model);
  return JSON.stringify([compat, agent, example, maxTurns, stopAt, name, maxTokens, sampling]);
}

/** How warm a player is; a server chooses where it is told nothing. */
function temperatureOf({ settings: { model } }: ReportedEvaluation): number {
  const given = model?.temperature ?? 0;
  return given === "none" ? Number.POSITIVE_INFINITY : given;
}

/** One attempt by the same model that was asked in the same way but for the temperature: the least warm one. */
function greedyOf(
  sampled: ReportedEvaluation,
  all: readonly ReportedEvaluation[],
): ReportedEvaluation | undefined {
  if (sampled.settings.model === undefined) return undefined;
  const alike = all.filter((each) => isPlain(each) && alikeIn(each) === alikeIn(sampled));
  return alike.sort((one, other) => temperatureOf(one) - temperatureOf(other))[0];
}

/** One attempt, and at which temperature where it is not the greedy one of the paper. */
function attemptWords(greedy: ReportedEvaluation): string {
  const temperature = temperatureOf(greedy);
  if (temperature === 0) return "one attempt";
  return `one attempt at ${Number.isFinite(temperature) ? `temperature ${temperature}` : "the server's temperature"}`;
}

/** Table 4: the best of several attempts, beside one attempt of the same model where that was given. */
export function bestOfAttempts({ evaluations }: Material): Section | Missing {
  const sampled = evaluations.filter(({ settings }) => settings.samples > 1);
  const rowsOf = (evaluation: ReportedEvaluation): readonly OurRow[] => {
    const best = {
      evaluation,
      name: `${evaluation.name}, best of ${evaluation.settings.samples}`,
      cell: bestOf,
    };
    const greedy = greedyOf(evaluation, evaluations);
    if (greedy === undefined) return [best];
    const gain: CellOf = (summary, measure) => {
      const [most, one] = [
        summary.sampled?.best[measure.name],
        summaryIn(greedy, summary.suite)?.scores[measure.name]?.value,
      ];
      return most === undefined || one === undefined ? undefined : signedScore(most - one, measure);
    };
    return [
      rateRow(greedy, `${greedy.name}, ${attemptWords(greedy)}`),
      best,
      { evaluation, name: `${evaluation.name}, gain`, cell: gain },
    ];
  };
  return orMissing(
    "Table 4",
    sampled,
    rowsOf,
    "several attempts at each task: agentrefine evaluate --samples 10",
  );
}

/** Table 9: with Reflexion. */
export function withReflexion({ evaluations }: Material): Section | Missing {
  return orMissing(
    "Table 9",
    evaluations.filter(({ settings }) => settings.reflexion !== undefined),
    (each) => [rateRow(each)],
    "an evaluation with Reflexion: agentrefine evaluate --reflexion N",
  );
}

/** Table 10: means and standard deviations over attempts. */
export function meansOfAttempts({ evaluations }: Material): Section | Missing {
  return orMissing(
    "Table 10",
    evaluations.filter(({ settings }) => settings.samples > 1),
    (evaluation) => [
      { evaluation, name: `${evaluation.name}, mean of ${evaluation.settings.samples}`, cell: spreadOf },
    ],
    "several attempts at each task: agentrefine evaluate --samples 10",
  );
}
