import { acceptedIn } from "../../annotation/draw.ts";
import { readJudgements } from "../../annotation/judgements.ts";
import { endedPersonas } from "../../synthesis/tally.ts";
import { shareOfErrorTurns } from "../../trajectory/trajectory.ts";
import type { Chart } from "../charts/chart.ts";
import {
  acceptanceFunnel,
  actionsOfScripts,
  errorRunChart,
  faultsByKind,
  goalThemes,
  lengthsInTokens,
  lengthsInTurns,
  objectsOfScripts,
} from "../charts/data-charts.ts";
import { groupCharts, progressOverTurns } from "../charts/evaluation-charts.ts";
import { summaryOf } from "../distribution.ts";
import { reliabilityOf, reliabilityParts } from "../reliability.ts";
import { BLANK, percent } from "../render.ts";
import type { RunStatistics } from "../run-statistics.ts";
import { caseFigure, instructionFigure, thoughtFigure } from "./likeness.ts";
import type { Entry, Missing, Section } from "./material.ts";
import { type Material, TRAINED_OTHERWISE } from "./material.ts";
import {
  bestOfAttempts,
  mainResults,
  meansOfAttempts,
  trainedOtherwise,
  withReflexion,
} from "./rate-tables.ts";
import { ablatedRobustness, robustnessTable } from "./robustness-tables.ts";
import { generalDataFigure, scalingFigure } from "./training-figures.ts";

const TABLE_2 = ["no-refinement-loss", "no-refinement-data", "erroneous-loss"];

const WRITER = "evaluations of models trained on data of another model: --trained EVALUATION=ROWS,MODEL";
const ABLATION = `evaluations of ablated trainings: --trained EVALUATION=ROWS,NAME, of ${TABLE_2.join(", ")}`;
const HELD_IN =
  "an evaluation of a training without the data of its worlds: --trained EVALUATION=ROWS,no-held-in";

const MT_BENCH = "mt-bench";

const DATA = "a run or a file of data";

/** Figure 13. */
function errorRunFigure({ data }: Material): Section | Missing {
  if (data.length === 0) return { missing: DATA };
  return { charts: [{ file: "figure-13", chart: errorRunChart(data) }] };
}

/** The charts of data sets, by the names of their files. */
const OF_DATA: Readonly<Record<string, (data: readonly RunStatistics[]) => Chart>> = {
  funnel: acceptanceFunnel,
  faults: faultsByKind,
  turns: lengthsInTurns,
  tokens: lengthsInTokens,
  actions: actionsOfScripts,
  objects: objectsOfScripts,
  goals: goalThemes,
};

function shown(value: number | undefined, digits = 1): string {
  return value === undefined || Number.isNaN(value) ? BLANK : value.toFixed(digits);
}

function dataRow({
  name,
  making,
  trajectories,
  turns,
  tokens,
  errorRuns,
  goals,
}: RunStatistics): readonly string[] {
  const errors = shareOfErrorTurns(errorRuns);
  return [
    name,
    String(trajectories),
    making === undefined ? BLANK : percent(making.tally.outcomes.accepted / endedPersonas(making.tally)),
    shown(summaryOf(turns)?.mean),
    shown(tokens && summaryOf(tokens.all)?.mean, 0),
    percent(errors),
    goals === undefined ? BLANK : String(goals.nearDuplicates),
    making?.costEach ? making.costEach.toPrecision(2) : BLANK,
  ];
}

/** What the data sets are: a row of numbers for each, and the charts in which any has a part. */
function dataSets({ data }: Material): Section | Missing {
  if (data.length === 0) return { missing: DATA };
  const charts = Object.entries(OF_DATA)
    .map(([file, draw]) => ({ file, chart: draw(data) }))
    .filter(({ chart }) => chart.data.values.length > 0);
  const head = ["", "trajectories", "accepted %", "turns", "tokens", "errors %", "near goals", "$ each"];
  const words =
    "Means of a trajectory; error turns as a share of player turns (of conversations, masked answers); goals that nearly are an earlier one; dollars for each accepted, with what was paid for the others.";
  return {
    parts: [
      { kind: "table", head, rows: data.map(dataRow) },
      { kind: "text", text: words },
    ],
    charts,
  };
}

/** Figure 10: how reliable the dungeon master's labels are. */
async function reliabilityTable({ runs }: Material): Promise<Section | Missing> {
  const parts = [];
  for (const { name, run } of runs) {
    const reliability = reliabilityOf(await readJudgements(await acceptedIn(run)));
    if (reliability.turns === 0) continue;
    parts.push({ kind: "text" as const, text: `${name}:` }, ...reliabilityParts(reliability));
  }
  return parts.length === 0
    ? { missing: "a run whose turns were judged: agentrefine annotate RUN" }
    : { parts };
}

const FIGURE_12 = mainResults(
  "Figure 12",
  "an evaluation of mt-bench: agentrefine evaluate --suite mt-bench",
);

/** Figure 12: the grades of MT-bench, and by category, which the paper draws without numbers. */
function multiTurn(material: Material): Section | Missing {
  const section = FIGURE_12(material);
  const { compared } = material;
  const chart = compared && groupCharts(compared.comparison)[MT_BENCH];
  if ("missing" in section || chart === undefined) return section;
  const why =
    "By category as bars on one scale: categories have no order round a circle, and the area of a radar grows with the square of a grade.";
  return {
    parts: [...(section.parts ?? []), { kind: "text", text: why }],
    charts: [{ file: "figure-12-categories", chart }],
  };
}

/** Progress over turns and scores by group, of every suite that has them. */
function bySuite({ compared, evaluations }: Material): Section | Missing {
  if (compared === undefined) return { missing: "evaluations: their folders" };
  const { suites } = compared.comparison;
  const groups = groupCharts(compared.comparison);
  const charts = suites.flatMap((suite) => {
    const played = evaluations.some(({ progress }) => progress.some((each) => each.suite === suite));
    const group = suite === MT_BENCH ? undefined : groups[suite];
    const name = suite.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    return [
      ...(played ? [{ file: `progress-${name}`, chart: progressOverTurns(suite, evaluations) }] : []),
      ...(group === undefined ? [] : [{ file: `groups-${name}`, chart: group }]),
    ];
  });
  return { charts };
}

/**
 * What a report has, in its order. A further table or figure is a row here: what makes it of the material, or says in
 * half a sentence what it needs.
 */
export const CONTENTS: readonly Entry[] = [
  {
    key: "table-1",
    title: "Table 1: main results",
    make: mainResults(
      "Table 1",
      "evaluations with one attempt: agentrefine evaluate --suite held-out,alfworld",
    ),
  },
  {
    key: "table-2",
    title: "Table 2: ablations of refinement tuning",
    make: trainedOtherwise("Table 2", (name) => TABLE_2.includes(name), ABLATION),
  },
  { key: "table-3", title: "Table 3: robustness", make: robustnessTable },
  { key: "table-4", title: "Table 4: best of N", make: bestOfAttempts },
  {
    key: "table-5",
    title: "Table 5: data of other models",
    make: trainedOtherwise("Table 5", (name) => !(name in TRAINED_OTHERWISE), WRITER),
  },
  {
    key: "table-8",
    title: "Table 8: without the data of the worlds that are measured",
    make: trainedOtherwise("Table 8", (name) => name === "no-held-in", HELD_IN),
  },
  { key: "table-9", title: "Table 9: with Reflexion", make: withReflexion },
  { key: "table-10", title: "Table 10: means and deviations", make: meansOfAttempts },
  { key: "table-11", title: "Table 11: robustness of ablated trainings", make: ablatedRobustness },
  { key: "figure-5", title: "Figure 5: scores over data size", make: scalingFigure },
  { key: "figure-6", title: "Figure 6: thoughts by likeness", make: thoughtFigure },
  { key: "figure-7", title: "Figure 7: instructions by likeness", make: instructionFigure },
  {
    key: "figure-8",
    title: "Figure 8: HotpotQA",
    make: mainResults("Figure 8", "an evaluation of hotpotqa: agentrefine evaluate --suite hotpotqa"),
  },
  { key: "figure-9", title: "Figure 9: case studies", make: caseFigure },
  { key: "figure-10", title: "Figure 10: reliability of the labels", make: reliabilityTable },
  { key: "figure-11", title: "Figure 11: with general data", make: generalDataFigure },
  {
    key: "figure-12",
    title: "Figure 12: MT-bench",
    make: multiTurn,
  },
  { key: "figure-13", title: "Figure 13: error turns in a row", make: errorRunFigure },
  { key: "suites", title: "Suite by suite", make: bySuite },
  { key: "data", title: "The data sets", make: dataSets },
];
