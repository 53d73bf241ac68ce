import { spreadOf } from "../../evaluation/metrics/scores.ts";
import { numberOf, type PaperTable, printedTables } from "../paper-tables.ts";
import { BLANK, type Cell, type Part } from "../render.ts";
import { appendixK, OWN_WORDS, type Robustness, robustnessParts, spreadCells } from "../robustness.ts";
import { scoreText } from "../score-text.ts";
import type { Missing, Section } from "./material.ts";
import { type Material, type ReportedEvaluation, TRAINED_OTHERWISE } from "./material.ts";
import { trainedName } from "./rate-tables.ts";

const NEEDED =
  "the same worlds in their own words and in others: agentrefine evaluate --suite alfworld --perturb NAME, once for each";

/** The paper's columns of words: the world's own, then App. K's by their numbers. */
function wordColumns({ rows }: PaperTable): readonly string[] {
  return [...(rows[0]?.scores.keys() ?? [])].filter((key) => key !== "average" && key !== "deviation");
}

function titleOf(column: string, names: ReadonlyMap<string, number>): string {
  if (column === "own") return OWN_WORDS;
  if (!/^\d+$/.test(column)) return column;
  const [name] = [...names].find(([, number]) => String(number) === column) ?? [];
  return name === undefined ? `perturbation ${column}` : `${column}: ${name}`;
}

/** A row for each measure of one agent, in the paper's columns. */
function ourRows(
  { suite, measures, scores, spread }: Robustness,
  name: string,
  columns: readonly string[],
): readonly (readonly Cell[])[] {
  const names = appendixK(suite);
  const keyOf = (words: string | null): string =>
    words === null ? "own" : String(names.get(words) ?? words);
  return measures.map((measure) => [
    `${name} ${measure.name}`,
    ...columns.map((column) =>
      scoreText(
        scores.find(({ perturbation }) => keyOf(perturbation) === column)?.scores[measure.name],
        measure,
      ),
    ),
    ...spreadCells(spread[measure.name] ?? spreadOf([]), measure),
  ]);
}

function paperRows({ rows }: PaperTable, columns: readonly string[]): readonly (readonly Cell[])[] {
  return rows.flatMap(({ method, scores }) =>
    ["success", "progress"].map((measure) => [
      `${method} ${measure}`,
      ...[...columns, "average", "deviation"].map(
        (column) => scores.get(column)?.[measure]?.value.toFixed(column === "deviation" ? 2 : 1) ?? BLANK,
      ),
    ]),
  );
}

/** Ours above the paper's, in its columns; what is of a suite that the paper has not stands below by itself. */
function tableOf(
  number: string,
  robustness: readonly Robustness[],
  evaluations: readonly ReportedEvaluation[],
): Section {
  const paper = printedTables().robustness.find(({ title }) => numberOf(title) === number);
  if (paper === undefined) throw new Error(`the shipped data has no ${number}`);
  const named = ({ scores }: Robustness): string => {
    const name = scores[0]?.name ?? "";
    const evaluation = evaluations.find((each) => each.name === name);
    return evaluation === undefined ? name : trainedName(evaluation);
  };
  const ours = robustness.filter(({ suite }) => suite === paper.suite);
  const names = appendixK(paper.suite ?? "");
  const words = ours.flatMap(({ scores }) => scores.flatMap(({ perturbation }) => perturbation ?? []));
  const columns = [...wordColumns(paper), ...new Set(words.filter((each) => !names.has(each)))];
  const table: Part = {
    kind: "table",
    head: [paper.suite ?? "", ...columns.map((each) => titleOf(each, names)), "average", "deviation"],
    rows: [
      ["Ours"],
      ...ours.flatMap((each) => ourRows(each, named(each), columns)),
      ["The paper's"],
      ...paperRows(paper, columns),
    ],
  };
  const what =
    "The same worlds in other words (App. K). Average and standard deviation are over the world as it is and App. K's perturbations.";
  const others = robustnessParts(robustness.filter(({ suite }) => suite !== paper.suite));
  return {
    parts: [...(ours.length === 0 ? [] : [{ kind: "text" as const, text: what }, table]), ...others],
  };
}

/** Table 3: how agents stand up to other words. */
export function robustnessTable({ compared, evaluations }: Material): Section | Missing {
  if (compared === undefined || compared.comparison.robustness.length === 0) return { missing: NEEDED };
  return tableOf("Table 3", compared.comparison.robustness, evaluations);
}

/** Table 11: the same for trainings of which something was left out, beside those that were not, where one was told. */
export function ablatedRobustness({ compared, evaluations }: Material): Section | Missing {
  const robustness = compared?.comparison.robustness ?? [];
  const trained = robustness.filter(({ scores }) =>
    evaluations.some((each) => each.trained !== undefined && scores.some(({ name }) => name === each.name)),
  );
  const isAblated = trained.some(({ scores }) =>
    evaluations.some(
      (each) =>
        (each.trained?.otherwise ?? "") in TRAINED_OTHERWISE && scores.some(({ name }) => name === each.name),
    ),
  );
  if (!isAblated) {
    return {
      missing: `ablated trainings (--trained EVALUATION=ROWS,no-verification), and of them ${NEEDED}`,
    };
  }
  return tableOf("Table 11", trained, evaluations);
}
