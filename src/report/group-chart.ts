import type { Comparison } from "./comparison.ts";

const SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";

/** A bar. */
interface Row {
  readonly evaluation: string;
  readonly group: string;
  readonly value: number;
  readonly episodes: number;
}

/** A chart in the language of Vega-Lite, with its data in it. */
interface GroupChart {
  readonly $schema: string;
  readonly title: string;
  readonly data: { readonly values: readonly Row[] };
  readonly mark: { readonly type: "bar"; readonly tooltip: true };
  readonly encoding: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Bars by group of each suite for its first measure, such as MT-bench's grades by category or a success rate by game;
 * bars of different evaluations stand beside each other. Suites of one group have none.
 */
export function groupCharts({
  evaluations,
  suites,
  measures,
}: Pick<Comparison, "evaluations" | "suites" | "measures">): Readonly<Record<string, GroupChart>> {
  const charts = suites.flatMap((suite) => {
    const [measure] = measures.get(suite) ?? [];
    if (measure === undefined) return [];
    const values = evaluations.flatMap(({ name, summary }) => {
      const groups = summary.suites.find((each) => each.suite === suite)?.groups ?? {};
      return Object.entries(groups).map(([group, { episodes, scores }]) => ({
        evaluation: name,
        group,
        value: scores[measure.name] ?? 0,
        episodes,
      }));
    });
    if (new Set(values.map(({ group }) => group)).size < 2) return [];
    const chart: GroupChart = {
      $schema: SCHEMA,
      title: `${suite}: ${measure.name} by group`,
      data: { values },
      mark: { type: "bar", tooltip: true },
      encoding: {
        x: { field: "group", type: "nominal", sort: null, title: null },
        y: {
          field: "value",
          type: "quantitative",
          title: measure.name,
          scale: { domain: [Math.min(0, measure.range[0]), measure.range[1]] },
        },
        xOffset: { field: "evaluation", sort: null },
        color: { field: "evaluation", type: "nominal", sort: null, title: null },
      },
    };
    return [[suite, chart] as const];
  });
  return Object.fromEntries(charts);
}
