import { numberOf, type PaperTable, printedTables } from "../paper-tables.ts";
import type { Part } from "../render.ts";
import { appendixK, OWN_WORDS, ourRows, paperRows, type Robustness, robustnessParts } from "../robustness.ts";
import type { Missing, Section } from "./material.ts";
import { type Material, type ReportedEvaluation, TRAINED_OTHERWISE } from "./material.ts";
import { trainedName } from "./rate-tables.ts";

const NEEDED =
  "the same worlds in their own words and in others: agentrefine evaluate --suite alfworld --perturb NAME, once for each";

/** The paper's columns of words: the world's own, then App. K's by their numbers. */
function wordColumns({ rows }: PaperTable): readonly string[] {
  return [...(rows[0]?.scores.keys() ?? [])].filter((key) => key !== "average" && key !== "deviation");
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
  /** The words that a column of the paper is of; those of App. K have numbers there. */
  const wordsOf = (column: string): string | null => {
    if (column === "own") return null;
    return [...names].find(([, number]) => String(number) === column)?.[0] ?? `perturbation ${column}`;
  };
  const played = ours.flatMap(({ scores }) => scores.flatMap(({ perturbation }) => perturbation ?? []));
  const columns = [
    ...wordColumns(paper).map((key) => ({ key, words: wordsOf(key) })),
    ...[...new Set(played)].filter((each) => !names.has(each)).map((words) => ({ key: words, words })),
  ];
  const numbered = ({ key, words }: (typeof columns)[number]): string =>
    names.has(words ?? "") ? `${key}: ${words}` : (words ?? OWN_WORDS);
  const table: Part = {
    kind: "table",
    head: [paper.suite ?? "", ...columns.map(numbered), "average", "deviation"],
    rows: [
      ["Ours"],
      ...ours.flatMap((each) =>
        ourRows(
          each,
          named(each),
          columns.map(({ words }) => words),
        ),
      ),
      ["The paper's"],
      ...paperRows(paper, [...columns.map(({ key }) => key), "average", "deviation"]).flat(),
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
