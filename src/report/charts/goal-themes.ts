import { mostFrequent } from "../../numbers.ts";
import type { RunStatistics } from "../run-statistics.ts";
import { besideEachOther, type Chart, chartOf, coloured, short } from "./chart.ts";

/** Of what theme the goals of each set are, in shares. Conversations, which have no scripts, have no part. */
export function goalThemes(data: readonly RunStatistics[]): Chart {
  const sets = data.flatMap(({ name, goals, trajectories }) =>
    goals === undefined ? [] : [{ name, goals, trajectories }],
  );
  const sums: Record<string, number> = {};
  for (const { goals } of sets)
    for (const [theme, count] of Object.entries(goals.themes)) sums[theme] = (sums[theme] ?? 0) + count;
  const themes = mostFrequent(sums).map(([theme]) => theme);
  const share = (count: number | undefined, all: number): number => (100 * (count ?? 0)) / Math.max(1, all);
  const names = sets.map(({ name }) => name);
  const words = sets.map(({ name, goals, trajectories }) => {
    const most = themes
      .slice(0, 3)
      .map((theme) => `${theme} ${short(share(goals.themes[theme], trajectories))} %`);
    return `${name}: ${most.join(", ")}; ${goals.nearDuplicates} goals nearly are an earlier one.`;
  });
  return chartOf(
    {
      title: "Goals by theme",
      description: words.join(" "),
      values: themes.flatMap((theme) =>
        sets.map(({ name, goals, trajectories }) => ({
          set: name,
          theme,
          goals: goals.themes[theme] ?? 0,
          share: share(goals.themes[theme], trajectories),
        })),
      ),
    },
    {
      mark: "bar",
      encoding: {
        y: { field: "theme", type: "nominal", sort: null, title: null, axis: { grid: false } },
        x: { field: "share", type: "quantitative", title: "goals, %", axis: { grid: true } },
        ...coloured("set", names),
        ...besideEachOther("y", "set", names),
      },
      width: 320,
      height: { step: names.length < 2 ? 18 : 12 },
    },
  );
}
