import { binsOf, type Distribution, mergedDistribution, summaryOf } from "../distribution.ts";
import type { RunStatistics } from "../run-statistics.ts";
import { besideEachOther, type Chart, chartOf, coloured, type Datum, short } from "./chart.ts";

/** What is counted of trajectories or of their scripts. */
export interface Sized {
  readonly name: string;
  readonly sizes: Distribution;
}

/**
 * A histogram of sizes, in counts; of several sets beside each other in shares, as they differ in how many they are.
 */
function histogram(title: string, axis: string, sets: readonly Sized[]): Chart {
  const over = mergedDistribution(sets.map(({ sizes }) => sizes));
  const isOne = sets.length < 2;
  const values = sets.flatMap(({ name, sizes }) => {
    const all = summaryOf(sizes)?.count ?? 0;
    return binsOf(sizes, isOne ? 24 : 12, over).map(
      ({ from, to, count }): Datum => ({
        set: name,
        from,
        to,
        size: from === to ? String(from) : `${from}–${to}`,
        trajectories: count,
        share: all === 0 ? 0 : (100 * count) / all,
      }),
    );
  });
  const words = sets.flatMap(({ name, sizes }) => {
    const summary = summaryOf(sizes);
    if (summary === undefined) return [];
    const { mean, least, most } = summary;
    return [`${name}: ${short(mean)} on average, from ${least} to ${most}.`];
  });
  const names = sets.map(({ name }) => name);
  return chartOf(
    { title, description: `${title}. ${words.join(" ")}`, values },
    {
      mark: "bar",
      encoding: {
        x: {
          field: "size",
          type: "ordinal",
          sort: null,
          title: axis,
          axis: { labelOverlap: "greedy", labelAngle: 0 },
        },
        y: isOne
          ? { field: "trajectories", type: "quantitative", title: "trajectories" }
          : { field: "share", type: "quantitative", title: "trajectories, %" },
        ...coloured("set", names),
        ...besideEachOther("x", "set", names),
      },
      width: 420,
    },
  );
}

function sized(
  data: readonly RunStatistics[],
  sizesOf: (statistics: RunStatistics) => Distribution | undefined,
): readonly Sized[] {
  return data.flatMap((each) => {
    const sizes = sizesOf(each);
    return sizes === undefined ? [] : [{ name: each.name, sizes }];
  });
}

/** How long trajectories are, in player turns. */
export function lengthsInTurns(data: readonly RunStatistics[]): Chart {
  return histogram(
    "Trajectories by length",
    "player turns",
    sized(data, ({ turns }) => turns),
  );
}

/** How long trajectories are, in tokens; of those sets whose tokens were counted. */
export function lengthsInTokens(data: readonly RunStatistics[]): Chart {
  return histogram(
    "Trajectories by tokens",
    "tokens",
    sized(data, ({ tokens }) => tokens?.all),
  );
}

/** How many available actions scripts have. */
export function actionsOfScripts(data: readonly RunStatistics[]): Chart {
  return histogram(
    "Scripts by available actions",
    "actions",
    sized(data, ({ actions }) => actions),
  );
}

/** How many places and objects scripts have. */
export function objectsOfScripts(data: readonly RunStatistics[]): Chart {
  return histogram(
    "Scripts by places and objects",
    "places and objects",
    sized(data, ({ objects }) => objects),
  );
}
