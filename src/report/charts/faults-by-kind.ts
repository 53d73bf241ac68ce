import { mostFrequent } from "../../numbers.ts";
import type { RunStatistics } from "../run-statistics.ts";
import { besideEachOther, type Chart, chartOf, coloured } from "./chart.ts";

const MOST = 12;

/** How often each kind of fault was met in each run, the most frequent ones; a script's are `script/<code>`. */
export function faultsByKind(data: readonly RunStatistics[]): Chart {
  const runs = data.flatMap(({ name, making }) => (making === undefined ? [] : [{ name, ...making.tally }]));
  const sums: Record<string, number> = {};
  for (const { faults } of runs)
    for (const [code, count] of Object.entries(faults)) sums[code] = (sums[code] ?? 0) + count;
  const kinds = mostFrequent(sums).slice(0, MOST);
  const names = runs.map(({ name }) => name);
  return chartOf(
    {
      title: "Faults by kind",
      description: `Faults that replies were given back for: ${kinds.map(([code, count]) => `${code} ${count}`).join(", ")}.`,
      values: kinds.flatMap(([fault]) =>
        runs.map(({ name, faults }) => ({ run: name, fault, count: faults[fault] ?? 0 })),
      ),
    },
    {
      mark: "bar",
      encoding: {
        y: { field: "fault", type: "nominal", sort: null, title: null, axis: { grid: false } },
        x: { field: "count", type: "quantitative", title: "times met", axis: { grid: true, tickMinStep: 1 } },
        ...coloured("run", names),
        ...besideEachOther("y", "run", names),
      },
      width: 320,
      height: { step: names.length < 2 ? 20 : 12 },
    },
  );
}
