import { besideEachOther, type Chart, chartOf, coloured, short } from "./chart.ts";

/** What a model came to that was trained with so many general rows, or none, in per cent. */
export interface GeneralDataPoint {
  readonly evaluation: string;
  readonly rows: number;
  readonly general: number;
  readonly suite: string;
  readonly success: number;
}

/** Figure 11: the success rate of models trained on agent data alone and with general data such as ShareGPT. */
export function generalDataChart(points: readonly GeneralDataPoint[]): Chart {
  const named = points.map((point) => ({
    ...point,
    data:
      point.general === 0 ? `${point.rows} agent rows` : `${point.rows} agent, ${point.general} general rows`,
  }));
  const kinds = [...new Set(named.map(({ data }) => data))];
  const words = kinds.map((kind) => {
    const own = named.filter(({ data }) => data === kind);
    return `${kind}: ${own.map(({ suite, success }) => `${suite} ${short(success)} %`).join(", ")}.`;
  });
  return chartOf(
    {
      title: "Success with general data (Figure 11)",
      description: `Success rates by what the model was trained on. ${words.join(" ")}`,
      values: named,
    },
    {
      mark: "bar",
      encoding: {
        x: { field: "suite", type: "nominal", sort: null, title: null },
        y: { field: "success", type: "quantitative", title: "success, %" },
        ...coloured("data", kinds),
        ...besideEachOther("x", "data", kinds),
      },
      width: 420,
    },
  );
}
