import { RUN_LENGTHS, shareOfTurns } from "../../trajectory/trajectory.ts";
import type { RunStatistics } from "../run-statistics.ts";
import { besideEachOther, type Chart, chartOf, coloured, PAPER, short } from "./chart.ts";

/** What the paper says of its 32,000 trajectories in words (App. N); its figure has no other number to be read. */
const PAPER_SHARE = { set: PAPER, length: "1", share: 16 } as const;

/** Figure 13: the share of player turns that are error turns, by how many stand in a row, of any number of sets. */
export function errorRunChart(data: readonly RunStatistics[]): Chart {
  const values = data.flatMap(({ name, errorRuns }) =>
    RUN_LENGTHS.map((length) => ({
      set: name,
      length,
      share: 100 * shareOfTurns(errorRuns, length),
      runs: errorRuns.byLength[length].runs,
      turns: errorRuns.byLength[length].turns,
    })),
  );
  const names = [...data.map(({ name }) => name), PAPER];
  const words = data.map(({ name }) => {
    const own = values
      .filter(({ set }) => set === name)
      .map(({ length, share }) => `${length}: ${short(share)} %`);
    return `${name}: ${own.join(", ")}.`;
  });
  return chartOf(
    {
      title: "Error turns in a row (Figure 13)",
      description: `Share of player turns by how many error turns stand in a row. ${words.join(" ")} The paper gives about ${PAPER_SHARE.share} % for one.`,
      values: [...values, { ...PAPER_SHARE, runs: null, turns: null }],
    },
    {
      mark: "bar",
      encoding: {
        x: { field: "length", type: "nominal", sort: [...RUN_LENGTHS], title: "error turns in a row" },
        y: { field: "share", type: "quantitative", title: "player turns, %" },
        ...coloured("set", names),
        ...besideEachOther("x", "set", names),
      },
      width: 420,
    },
  );
}
