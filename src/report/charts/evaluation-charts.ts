import type { Measure } from "../../environment/suite.ts";
import type { Comparison } from "../comparison.ts";
import type { ProgressByTurn } from "../progress-by-turn.ts";
import { isShare, measureTitle } from "../score-text.ts";
import { barChart, type Chart, chartOf, coloured, type Datum, PAPER, short } from "./chart.ts";

/** An evaluation with its progress by turn. */
interface NamedProgress {
  readonly name: string;
  readonly progress: readonly ProgressByTurn[];
}

/** Mean progress of the evaluations in one suite after each turn, a line for each. */
export function progressOverTurns(suite: string, evaluations: readonly NamedProgress[]): Chart {
  const played = evaluations.flatMap(({ name, progress }) => {
    const own = progress.find((each) => each.suite === suite);
    return own === undefined ? [] : [{ name, ...own }];
  });
  const longest = Math.max(1, ...played.map(({ means }) => means.length));
  const words = played.map(
    ({ name, means, episodes }) =>
      `${name}: ${short(100 * (means.at(-1) ?? 0))} % after ${means.length - 1} turns, over ${episodes} episodes.`,
  );
  const names = played.map(({ name }) => name);
  return chartOf(
    {
      title: `${suite}: progress over turns`,
      description: `Mean progress in per cent after each turn. ${words.join(" ")}`,
      // Who has ended keeps what was reached.
      values: played.flatMap(({ name, means }) =>
        Array.from({ length: longest }, (_turn, turn) => ({
          evaluation: name,
          turn,
          progress: 100 * (means[turn] ?? means.at(-1) ?? 0),
        })),
      ),
    },
    {
      mark: { type: "line", interpolate: "step-after", strokeWidth: 2 },
      encoding: {
        x: { field: "turn", type: "quantitative", title: "turns", axis: { tickMinStep: 1 } },
        y: { field: "progress", type: "quantitative", title: "progress, %", scale: { domain: [0, 100] } },
        ...coloured("evaluation", names),
      },
      width: 420,
    },
  );
}

/** A value as it is printed: shares in per cent. */
function shown(value: number, measure: Measure): number {
  return isShare(measure) ? 100 * value : value;
}

function groupChart(suite: string, measure: Measure, values: readonly Datum[]): Chart {
  const names = [...new Set(values.map(({ evaluation }) => String(evaluation)))];
  const words = names.map((name) => {
    const own = values.filter(({ evaluation }) => evaluation === name);
    return `${name}: ${own.map(({ group, value }) => `${group} ${short(Number(value))}`).join(", ")}.`;
  });
  const domain = [Math.min(0, shown(measure.range[0], measure)), shown(measure.range[1], measure)];
  return barChart(
    {
      title: `${suite}: ${measure.name} by group`,
      description: `${measureTitle(measure)} by group of ${suite}. ${words.join(" ")}`,
      values,
    },
    {
      over: { field: "group" },
      length: { field: "value", title: measureTitle(measure), scale: { domain } },
      by: "evaluation",
      beside: names,
      areLying: true,
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
    return [[suite, groupChart(suite, measure, values)] as const];
  });
  return Object.fromEntries(charts);
}

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
  const values = points.map((point) => {
    const { rows, general } = point;
    return {
      ...point,
      data: general === 0 ? `${rows} agent rows` : `${rows} agent, ${general} general rows`,
    };
  });
  const kinds = [...new Set(values.map(({ data }) => data))];
  const words = kinds.map((kind) => {
    const own = values.filter(({ data }) => data === kind);
    return `${kind}: ${own.map(({ suite, success }) => `${suite} ${short(success)} %`).join(", ")}.`;
  });
  return barChart(
    {
      title: "Success with general data (Figure 11)",
      description: `Success rates by what the model was trained on. ${words.join(" ")}`,
      values,
    },
    {
      over: { field: "suite" },
      length: { field: "success", title: "success, %" },
      by: "data",
      beside: kinds,
    },
  );
}
