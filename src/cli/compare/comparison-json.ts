import type { Differences } from "../../evaluation/metrics/difference.ts";
import type { Comparison } from "../../report/comparison.ts";
import type { PaperBeside } from "../../report/comparison-markdown.ts";

function differencesJson(differences: Differences | undefined): object | null {
  if (differences === undefined) return null;
  return { suites: Object.fromEntries(differences.suites), heldOut: differences.heldOut ?? null };
}

/** A comparison as one JSON object; rates are from 0 to 1, the paper's rows in per cent as they are printed. */
export function comparisonJson(
  { evaluations, suites, notComparable, robustness, otherTasks }: Comparison,
  paper: PaperBeside | undefined,
  notes: readonly string[],
): object {
  return {
    suites,
    evaluations: evaluations.map(({ name, summary, beyondFirst }) => ({
      name,
      ...summary,
      heldOut: summary.heldOut ?? null,
      beyondFirst: differencesJson(beyondFirst),
      ...(paper === undefined ? {} : { unlikePaper: paper.unlike.get(name) ?? [] }),
    })),
    notComparable: Object.fromEntries(notComparable),
    robustness,
    otherTasks,
    notes: [...notes, ...(paper?.notes ?? [])],
    paper: (paper?.tables ?? []).map(({ title, rows }) => ({
      title,
      rows: rows.map(({ series, method, scores }) => ({
        series,
        method,
        scores: Object.fromEntries(scores),
      })),
    })),
  };
}
