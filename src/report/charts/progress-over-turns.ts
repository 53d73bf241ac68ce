import type { ProgressByTurn } from "../progress-by-turn.ts";
import { type Chart, chartOf, coloured, short } from "./chart.ts";

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
