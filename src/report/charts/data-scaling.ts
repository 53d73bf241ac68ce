import { type Chart, chartOf, coloured, PAPER, short } from "./chart.ts";

/** What a model came to that was trained on so many rows, in per cent. */
export interface ScalingPoint {
  /** What it is of: `ours`, or {@link PAPER}. */
  readonly of: string;
  readonly evaluation: string;
  readonly rows: number;
  readonly suite: string;
  readonly measure: string;
  readonly value: number;
}

/** Figure 5: success and progress over the number of rows that a model was trained on, by suite. */
export function dataScaling(points: readonly ScalingPoint[]): Chart {
  const suites = [...new Set(points.map(({ suite }) => suite))];
  const ours = points.filter(({ of }) => of !== PAPER);
  const words = suites.flatMap((suite) => {
    const own = ours
      .filter((each) => each.suite === suite && each.measure === "success")
      .sort((one, other) => one.rows - other.rows);
    const steps = own.map(({ rows, value }) => `${rows} rows ${short(value)} %`);
    return steps.length === 0 ? [] : [`${suite}, success: ${steps.join(", ")}.`];
  });
  return chartOf(
    {
      title: "Scores over data size (Figure 5); dashed: the paper's",
      description: `${words.join(" ")} Dashed: the paper's, as far as its Tables 1, 2 and 5 print them.`,
      values: points.map((point) => ({ ...point })),
    },
    {
      mark: { type: "line", point: { filled: true, size: 45 }, strokeWidth: 2 },
      encoding: {
        x: {
          field: "rows",
          type: "quantitative",
          title: "rows of training data",
          scale: { type: "log", base: 2, nice: false, padding: 12 },
          axis: { values: [...new Set(points.map(({ rows }) => rows))].sort((a, b) => a - b), format: "~s" },
        },
        y: { field: "value", type: "quantitative", title: "%", scale: { zero: true } },
        ...coloured("suite", suites),
        strokeDash: {
          field: "of",
          type: "nominal",
          title: null,
          sort: null,
          // The title says what the dashes are.
          legend: null,
          scale: {
            domain: ["ours", PAPER],
            range: [
              [1, 0],
              [4, 4],
            ],
          },
        },
        detail: { field: "of" },
        column: { field: "measure", title: null, sort: ["success", "progress"] },
      },
      width: 240,
    },
  );
}
