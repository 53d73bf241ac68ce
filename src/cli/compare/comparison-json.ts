import type { Differences } from "../../evaluation/metrics/difference.ts";
import type { Comparison } from "../../report/comparison.ts";
import type { PaperTable } from "../../report/paper-tables.ts";

function differencesJson(differences: Differences | undefined): object | null {
  if (differences === undefined) return null;
  return { suites: Object.fromEntries(differences.suites), heldOut: differences.heldOut ?? null };
}

/** A comparison as one JSON object; rates are from 0 to 1, the paper's rows in per cent as they are printed. */
export function comparisonJson(
  { evaluations, suites, notComparable, otherTasks }: Comparison,
  paper: readonly PaperTable[],
  notes: readonly string[],
): object {
  return {
    suites,
    evaluations: evaluations.map(({ name, summary, beyondFirst }) => ({
      name,
      ...summary,
      heldOut: summary.heldOut ?? null,
      beyondFirst: differencesJson(beyondFirst),
    })),
    notComparable: Object.fromEntries(notComparable),
    otherTasks,
    notes,
    paper: paper.map(({ title, rows }) => ({
      title,
      rows: rows.map(({ series, method, scores }) => ({
        series,
        method,
        scores: Object.fromEntries(scores),
      })),
    })),
  };
}
