import type { ThoughtMap } from "../figures/thought-map.ts";
import { type Chart, chartOf, coloured, short } from "./chart.ts";

/** Characters of a thought in the chart's data. */
const LONGEST = 300;

/** Points at the edge stay away from the legend, for whose signs they could be taken. */
const PLACED = { zero: false, nice: false, padding: 12 } as const;

function placed(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Figure 6: thoughts as points, those near each other that are alike; a colour for each data set. */
export function thoughtMapChart({ data, thoughts, by, trustworthiness }: ThoughtMap): Chart {
  const words = data.map(({ name, thoughts: all, drawn, diversity }) => {
    const { texts, meanPairwiseDistance, vendiScore } = diversity;
    return `${name}: ${drawn} of its ${all} thoughts; of ${texts} the mean pairwise distance is ${meanPairwiseDistance.toFixed(3)} and the Vendi score ${short(vendiScore)}.`;
  });
  const kept = trustworthiness === undefined ? "" : ` Trustworthiness ${trustworthiness.toFixed(3)}.`;
  return chartOf(
    {
      title: "Thoughts by likeness (Figure 6)",
      description: `t-SNE of thoughts, compared by ${by === "words" ? "their words" : `vectors of ${by}`}. ${words.join(" ")}${kept}`,
      values: thoughts.map(({ data: name, row, x, y, thought }) => ({
        data: name,
        row,
        x: placed(x),
        y: placed(y),
        thought: thought.slice(0, LONGEST).toWellFormed(),
      })),
    },
    {
      mark: { type: "circle", size: thoughts.length > 3000 ? 9 : 18, opacity: 0.7 },
      encoding: {
        // Distances along an axis mean nothing in such a map, so that it has none.
        x: { field: "x", type: "quantitative", axis: null, scale: PLACED },
        y: { field: "y", type: "quantitative", axis: null, scale: PLACED },
        ...coloured(
          "data",
          data.map(({ name }) => name),
        ),
        tooltip: ["data", "row", "thought"].map((field) => ({ field, type: "nominal" })),
      },
      width: 620,
      height: 520,
    },
  );
}
