import { mostFrequent } from "../../numbers.ts";
import { RUN_LENGTHS, shareOfTurns } from "../../trajectory/trajectory.ts";
import { binsOf, type Distribution, mergedDistribution, summaryOf } from "../distribution.ts";
import type { CallStep, RunStatistics } from "../run-statistics.ts";
import { barChart, type Chart, chartOf, type Datum, PAPER, short } from "./chart.ts";
import { COLOURS } from "./colours.ts";

const ENDS = ["accepted", "rejected", "failed", "asked again"] as const;

function stepRows(run: string, { call, reached, accepted, rejected, failed }: CallStep): readonly Datum[] {
  const counts = { accepted, rejected, failed, "asked again": reached - accepted - rejected - failed };
  return ENDS.map((outcome, order) => ({ run, call, outcome, personas: counts[outcome], order }));
}

function funnelWords({ name, making }: RunStatistics): string {
  const { steps = [], tally } = making ?? {};
  const [first] = steps;
  const each = steps
    .filter(({ accepted }) => accepted > 0)
    .map(({ call, accepted }) => `${accepted} after ${call} calls`);
  return `${name}: of ${first?.reached ?? 0} personas ${tally?.outcomes.accepted ?? 0} were accepted (${each.join(", ")}).`;
}

/**
 * How many personas of each run came to each call, and how they ended there. Files, which have no calls, have no part.
 */
export function acceptanceFunnel(data: readonly RunStatistics[]): Chart {
  const runs = data.filter(({ making }) => making !== undefined);
  const values = runs.flatMap(({ name, making }) =>
    (making?.steps ?? []).flatMap((step) => stepRows(name, step)),
  );
  const shown = ENDS.filter((end) =>
    values.some(({ outcome, personas }) => outcome === end && personas !== 0),
  );
  const colours = {
    accepted: COLOURS.refine.light,
    rejected: COLOURS.error.light,
    failed: COLOURS.ochre.light,
    "asked again": COLOURS.pale.light,
  };
  return chartOf(
    { title: "Personas by call", description: runs.map(funnelWords).join(" "), values },
    {
      mark: "bar",
      encoding: {
        x: { field: "call", type: "ordinal", title: "call" },
        y: { field: "personas", type: "quantitative", title: "personas", axis: { tickMinStep: 1 } },
        color: {
          field: "outcome",
          type: "nominal",
          title: null,
          scale: { domain: shown, range: shown.map((end) => colours[end]) },
        },
        order: { field: "order" },
        ...(runs.length < 2
          ? {}
          : { column: { field: "run", title: null, sort: runs.map(({ name }) => name) } }),
      },
      width: runs.length < 2 ? 420 : { step: 34 },
    },
  );
}

/** What the paper says of its 32,000 trajectories in words (App. N); its figure has no other number to be read. */
const PAPER_SHARE = { set: PAPER, length: "1", share: 16 } as const;

/** Figure 13: the share of player turns that are error turns, by how many stand in a row, of any number of sets. */
export function errorRunChart(data: readonly RunStatistics[]): Chart {
  const values = data.flatMap(({ name, errorRuns }) =>
    RUN_LENGTHS.map((length) => ({
      set: name,
      length,
      share: 100 * shareOfTurns(errorRuns, length),
      ...errorRuns.byLength[length],
    })),
  );
  const words = data.map(({ name }) => {
    const own = values.filter(({ set }) => set === name);
    return `${name}: ${own.map(({ length, share }) => `${length}: ${short(share)} %`).join(", ")}.`;
  });
  return barChart(
    {
      title: "Error turns in a row (Figure 13)",
      description: `Share of player turns by how many error turns stand in a row. ${words.join(" ")} The paper gives about ${PAPER_SHARE.share} % for one.`,
      values: [...values, { ...PAPER_SHARE, runs: null, turns: null }],
    },
    {
      over: { field: "length", sort: [...RUN_LENGTHS], title: "error turns in a row" },
      length: { field: "share", title: "player turns, %" },
      by: "set",
      beside: [...data.map(({ name }) => name), PAPER],
    },
  );
}

/** What was counted of several sets by name, the most frequent in all first. */
function namesOf(counts: readonly Readonly<Record<string, number>>[]): ReturnType<typeof mostFrequent> {
  const sums: Record<string, number> = {};
  for (const [name, count] of counts.flatMap(Object.entries<number>)) sums[name] = (sums[name] ?? 0) + count;
  return mostFrequent(sums);
}

const MOST_FAULTS = 12;

/** How often each kind of fault was met in each run, the most frequent ones; a script's are `script/<code>`. */
export function faultsByKind(data: readonly RunStatistics[]): Chart {
  const runs = data.flatMap(({ name, making }) =>
    making === undefined ? [] : [{ name, faults: making.tally.faults }],
  );
  const kinds = namesOf(runs.map(({ faults }) => faults)).slice(0, MOST_FAULTS);
  return barChart(
    {
      title: "Faults by kind",
      description: `Faults that replies were given back for: ${kinds.map((kind) => kind.join(" ")).join(", ")}.`,
      values: kinds.flatMap(([fault]) =>
        runs.map(({ name, faults }) => ({ run: name, fault, count: faults[fault] ?? 0 })),
      ),
    },
    {
      over: { field: "fault" },
      length: { field: "count", title: "times met" },
      by: "run",
      beside: runs.map(({ name }) => name),
      areLying: true,
    },
  );
}

/** Of what theme the goals of each set are, in shares. Conversations, which have no scripts, have no part. */
export function goalThemes(data: readonly RunStatistics[]): Chart {
  const sets = data.flatMap(({ name, goals, trajectories }) =>
    goals === undefined ? [] : [{ name, ...goals, all: Math.max(1, trajectories) }],
  );
  const themes = namesOf(sets.map((set) => set.themes)).map(([theme]) => theme);
  const words = sets.map(({ name, themes: counts, all, nearDuplicates }) => {
    const most = themes.slice(0, 3).map((theme) => `${theme} ${short((100 * (counts[theme] ?? 0)) / all)} %`);
    return `${name}: ${most.join(", ")}; ${nearDuplicates} goals nearly are an earlier one.`;
  });
  return barChart(
    {
      title: "Goals by theme",
      description: words.join(" "),
      values: themes.flatMap((theme) =>
        sets.map(({ name, themes: counts, all }) => {
          const goals = counts[theme] ?? 0;
          return { set: name, theme, goals, share: (100 * goals) / all };
        }),
      ),
    },
    {
      over: { field: "theme" },
      length: { field: "share", title: "goals, %" },
      by: "set",
      beside: sets.map(({ name }) => name),
      areLying: true,
    },
  );
}

/**
 * Draws histograms of what is counted of each trajectory, of sets of which it is: in counts, and of several sets beside
 * each other in shares, as they differ in how many they are.
 */
function histogram(title: string, axis: string, sizesOf: (set: RunStatistics) => Distribution | undefined) {
  return (data: readonly RunStatistics[]): Chart => {
    const sets = data.flatMap((each) => {
      const sizes = sizesOf(each);
      return sizes === undefined ? [] : [{ name: each.name, sizes, summary: summaryOf(sizes) }];
    });
    const over = mergedDistribution(sets.map(({ sizes }) => sizes));
    const isOne = sets.length < 2;
    const values = sets.flatMap(({ name, sizes, summary }) =>
      binsOf(sizes, isOne ? 24 : 12, over).map(
        ({ from, to, count }): Datum => ({
          set: name,
          from,
          to,
          size: from === to ? String(from) : `${from}–${to}`,
          trajectories: count,
          share: summary === undefined ? 0 : (100 * count) / summary.count,
        }),
      ),
    );
    const words = sets.flatMap(({ name, summary }) => {
      if (summary === undefined) return [];
      const { mean, least, most } = summary;
      return [`${name}: ${short(mean)} on average, from ${least} to ${most}.`];
    });
    return barChart(
      { title, description: `${title}. ${words.join(" ")}`, values },
      {
        over: {
          field: "size",
          type: "ordinal",
          title: axis,
          axis: { labelOverlap: "greedy", labelAngle: 0 },
        },
        length: isOne
          ? { field: "trajectories", title: "trajectories", axis: { tickMinStep: 1 } }
          : { field: "share", title: "trajectories, %" },
        by: "set",
        beside: sets.map(({ name }) => name),
      },
    );
  };
}

/** How long trajectories are, in player turns. */
export const lengthsInTurns = histogram("Trajectories by length", "player turns", ({ turns }) => turns);

/** How long trajectories are, in tokens; of those sets whose tokens were counted. */
export const lengthsInTokens = histogram("Trajectories by tokens", "tokens", ({ tokens }) => tokens?.all);

/** How many available actions scripts have. */
export const actionsOfScripts = histogram(
  "Scripts by available actions",
  "actions",
  ({ actions }) => actions,
);

/** How many places and objects scripts have. */
export const objectsOfScripts = histogram(
  "Scripts by places and objects",
  "places and objects",
  ({ objects }) => objects,
);
