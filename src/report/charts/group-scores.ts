import type { Measure } from "../../environment/suite.ts";
import type { Comparison } from "../comparison.ts";
import { isShare, measureTitle } from "../score-text.ts";
import { besideEachOther, type Chart, chartOf, coloured, type Datum, short } from "./chart.ts";

/** A value as it is printed: shares in per cent. */
function shown(value: number, measure: Measure): number {
  return isShare(measure) ? 100 * value : value;
}

function chartOfSuite(suite: string, measure: Measure, values: readonly Datum[]): Chart {
  const names = [...new Set(values.map(({ evaluation }) => String(evaluation)))];
  const words = names.map((name) => {
    const own = values.filter(({ evaluation }) => evaluation === name);
    return `${name}: ${own.map(({ group, value }) => `${group} ${short(Number(value))}`).join(", ")}.`;
  });
  const domain = [Math.min(0, shown(measure.range[0], measure)), shown(measure.range[1], measure)];
  return chartOf(
    {
      title: `${suite}: ${measure.name} by group`,
      description: `${measureTitle(measure)} by group of ${suite}. ${words.join(" ")}`,
      values,
    },
    {
      mark: "bar",
      encoding: {
        y: { field: "group", type: "nominal", sort: null, title: null, axis: { grid: false } },
        x: {
          field: "value",
          type: "quantitative",
          title: measureTitle(measure),
          scale: { domain },
          axis: { grid: true },
        },
        ...coloured("evaluation", names),
        ...besideEachOther("y", "evaluation", names),
      },
      width: 320,
      height: { step: names.length < 2 ? 20 : 12 },
    },
  );
}

/**
 * Bars by group of each suite for its first measure, such as MT-bench's grades by category or a success rate by game,
 * by suite; bars of different evaluations stand beside each other. Suites of one group have none.
 */
export function groupCharts({
  evaluations,
  suites,
  measures,
}: Pick<Comparison, "evaluations" | "suites" | "measures">): Readonly<Record<string, Chart>> {
  const charts = suites.flatMap((suite) => {
    const [measure] = measures.get(suite) ?? [];
    if (measure === undefined) return [];
    const values = evaluations.flatMap(({ name, summary }) => {
      const groups = summary.suites.find((each) => each.suite === suite)?.groups ?? {};
      return Object.entries(groups).map(
        ([group, { episodes, scores }]): Datum => ({
          evaluation: name,
          group,
          value: shown(scores[measure.name] ?? 0, measure),
          episodes,
        }),
      );
    });
    if (new Set(values.map(({ group }) => group)).size < 2) return [];
    return [[suite, chartOfSuite(suite, measure, values)] as const];
  });
  return Object.fromEntries(charts);
}
