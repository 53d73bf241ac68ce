import { markdownTable } from "./markdown-table.ts";
import { BLANK, percent } from "./percent.ts";
import type { Robustness } from "./robustness.ts";

const OWN_WORDS = "as it is";

function rowsOf(
  { suite, scores, ...spreads }: Robustness,
  columns: readonly (string | null)[],
): readonly (readonly string[])[] {
  return (["success", "progress"] as const).map((measure) => {
    const { mean, deviation } = spreads[measure];
    const cells = columns.map((column) => {
      const found = scores.find(({ perturbation }) => perturbation === column);
      return found === undefined ? BLANK : percent(found[measure]);
    });
    return [`${scores[0]?.name ?? ""}: ${suite} ${measure}`, ...cells, percent(mean), percent(deviation, 2)];
  });
}

/** Robustness as a table in Markdown with what it is above it; nothing without rows. */
export function robustnessMarkdown(robustness: readonly Robustness[]): readonly string[] {
  if (robustness.length === 0) return [];
  const columns = [
    ...new Set(robustness.flatMap(({ scores }) => scores.map(({ perturbation }) => perturbation))),
  ];
  const head = ["", ...columns.map((column) => column ?? OWN_WORDS), "average", "deviation"];
  const rows = robustness.flatMap((each) => rowsOf(each, columns));
  return [
    "Robustness: the same worlds in other words (App. K), per cent. Average and standard deviation are over the row; the average is as in the paper's Tables 3 and 11.",
    markdownTable(head, rows),
  ];
}
