import type { InstructionSimilarity } from "../figures/instruction-similarity.ts";
import type { ThoughtMap } from "../figures/thought-map.ts";
import { type Chart, chartOf, coloured, short } from "./chart.ts";
import { COLOURS } from "./colours.ts";

/** Characters of a thought in the chart's data. */
const LONGEST = 300;

/** Points at the edge stay away from the legend, for whose signs they could be taken. */
const PLACED = { zero: false, nice: false, padding: 12 } as const;

function thousandths(value: number): number {
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
        x: thousandths(x),
        y: thousandths(y),
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

/** About how wide the map is, in pixels; a cell is so many whole ones, so that no seams show. */
const WIDTH = 520;

/** Where the instructions of a source begin and end. */
interface Block {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function blocksOf({ sources }: InstructionSimilarity): readonly Block[] {
  let end = 0;
  return sources.map(({ name, drawn }) => {
    const start = end;
    end += drawn;
    return { name, start, end };
  });
}

/** An axis with the names of the sources in the middle of their blocks. */
function axis(blocks: readonly Block[], rest: Readonly<Record<string, unknown>>): object {
  const names = Object.fromEntries(blocks.map(({ name, start, end }) => [(start + end) / 2, name]));
  return {
    title: null,
    grid: false,
    ticks: false,
    domain: false,
    values: blocks.map(({ start, end }) => (start + end) / 2),
    labelExpr: `(${JSON.stringify(names)})[datum.value]`,
    ...rest,
  };
}

/** Figure 7: the likeness of instructions as a heat map, those of one data set or suite together. */
export function instructionSimilarityChart(similarity: InstructionSimilarity): Chart {
  const { instructions, similarities, contamination, by } = similarity;
  const blocks = blocksOf(similarity);
  const size = instructions.length;
  const [domain, pixels] = [[0, size], size * Math.max(2, Math.floor(WIDTH / size))];
  const values = instructions.flatMap((first, row) =>
    instructions.map((second, column) => ({
      first: first.source,
      firstId: first.id,
      second: second.source,
      secondId: second.id,
      row,
      column,
      similarity: thousandths(similarities.values[row * size + column] ?? 0),
    })),
  );
  const words = contamination.map(
    ({ data, suite, mean, highest, like, pairs }) =>
      `${data} and ${suite}: mean ${mean.toFixed(2)}, highest ${highest.toFixed(2)}, ${like} of ${pairs} pairs are 0.5 or more.`,
  );
  const edges = blocks.slice(1).map(({ start }) => ({ edge: start }));
  const edge = {
    mark: { type: "rule", color: COLOURS.soft.light, strokeWidth: 0.75 },
    data: { values: edges },
  };
  const along = { field: "edge", type: "quantitative" };
  return chartOf(
    {
      title: "Likeness of instructions (Figure 7)",
      description: `Cosines of what players are told, compared by ${by === "words" ? "words" : `vectors of ${by}`}. ${words.join(" ")}`,
      values,
    },
    {
      layer: [
        {
          // What is next to nothing is not drawn, so that the file is smaller.
          transform: [
            { filter: "datum.similarity >= 0.02" },
            { calculate: "datum.column + 1", as: "columnEnd" },
            { calculate: "datum.row + 1", as: "rowEnd" },
          ],
          mark: { type: "rect", color: COLOURS.accent.light, strokeWidth: 0 },
          encoding: {
            x: {
              field: "column",
              type: "quantitative",
              scale: { domain, nice: false },
              axis: axis(blocks, { labelAngle: -40, labelAlign: "right" }),
            },
            x2: { field: "columnEnd" },
            y: {
              field: "row",
              type: "quantitative",
              scale: { domain, nice: false, reverse: true },
              axis: axis(blocks, {}),
            },
            y2: { field: "rowEnd" },
            opacity: {
              field: "similarity",
              type: "quantitative",
              scale: { domain: [0, 1], range: [0, 1], clamp: true },
              legend: {
                title: "cosine",
                values: [0.2, 0.4, 0.6, 0.8, 1],
                symbolType: "square",
                symbolFillColor: COLOURS.accent.light,
                symbolStrokeWidth: 0,
              },
            },
          },
        },
        { ...edge, encoding: { x: along } },
        { ...edge, encoding: { y: along } },
      ],
      width: pixels,
      height: pixels,
    },
  );
}
