import { AgentRefineError } from "../../errors.ts";
import { type Episode, type EpisodeTurn, isRepeated } from "../../evaluation/episode.ts";
import { openSuites } from "../../evaluation/open-suites.ts";
import type { EvaluationSettings } from "../../evaluation/settings.ts";
import { counted } from "../../numbers.ts";
import { instructionSimilarityChart, thoughtMapChart } from "../charts/map-charts.ts";
import { caseStudies, progressOf } from "../figures/case-study.ts";
import {
  type InstructionSimilarity,
  instructionSimilarity,
  LIKE,
  SUITE_INSTRUCTIONS,
} from "../figures/instruction-similarity.ts";
import type { MapProgress } from "../figures/map-job.ts";
import { type SuiteInstructions, suiteInstructions } from "../figures/suite-instructions.ts";
import { type ThoughtMap, thoughtMap } from "../figures/thought-map.ts";
import { type Part, percent } from "../render.ts";
import type { Material, Missing, Section } from "./material.ts";

/** What each stage of a map is called while it is drawn. */
const STAGES: Readonly<Record<MapProgress["stage"], string>> = {
  vectors: "Figure 6, vectors of thoughts",
  neighbours: "Figure 6, nearest thoughts",
  steps: "Figure 6, steps of t-SNE",
  check: "Figure 6, neighbours that were kept",
  diversity: "Figure 6, diversity",
};

function byWords(by: string): string {
  return by === "words"
    ? "Thoughts are compared by their words (TF-IDF, of which t-SNE gets 50 dimensions)"
    : `Thoughts are compared by vectors of ${by} (of which t-SNE gets 50 dimensions)`;
}

function thoughtParts({ data, by, trustworthiness, seed, thoughts, notes }: ThoughtMap): readonly Part[] {
  const texts = data[0]?.diversity.texts ?? 0;
  const kept =
    trustworthiness === undefined
      ? ""
      : ` The map keeps neighbours with a trustworthiness of ${trustworthiness.toFixed(3)}.`;
  return [
    {
      kind: "table",
      head: ["", "thoughts", "in the map", `distance of ${texts}`, `Vendi score of ${texts}`],
      rows: data.map(({ name, thoughts: all, drawn, diversity }) => [
        name,
        String(all),
        String(drawn),
        diversity.meanPairwiseDistance.toFixed(3),
        diversity.vendiScore.toFixed(1),
      ]),
    },
    {
      kind: "text",
      text: `${byWords(by)}. ${thoughts.length} of all thoughts are drawn with seed ${seed}, each with the same chance, so that a larger set has more points, as in the paper. Distance is the mean of 1 - cosine over all pairs; the Vendi score is how many thoughts that share nothing would be as diverse. Both are over ${texts} thoughts of each set, since both depend on how many are taken.${kept}`,
    },
    ...(notes.length === 0 ? [] : [{ kind: "list" as const, items: notes }]),
  ];
}

/** Figure 6: thoughts by likeness. */
export async function thoughtFigure({ texts, figures }: Material): Promise<Section | Missing> {
  if (figures.map === false) return { missing: "--map" };
  const { seed, embedder, stop, onProgress } = figures;
  const map = await thoughtMap(await texts(), {
    seed,
    embedder,
    stop,
    onProgress: ({ stage, done, total }) => onProgress?.(STAGES[stage], done, total),
  });
  if (map === undefined) return { missing: "a run or a file of data with thoughts" };
  return { parts: thoughtParts(map), charts: [{ file: "figure-6-map", chart: thoughtMapChart(map) }] };
}

/** Instructions of a suite as an evaluation played it. */
async function suiteOf(
  name: string,
  { compat, agentboard }: EvaluationSettings,
  { seed, stop }: Material["figures"],
): Promise<SuiteInstructions> {
  try {
    const [suite] = await openSuites({ suites: [name], compat, agentboard });
    if (suite !== undefined) return await suiteInstructions(suite, { count: SUITE_INSTRUCTIONS, seed, stop });
    return { suite: name, tasks: 0, drawn: [], problem: "it has no tasks" };
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    // An evaluation may come from a machine that has what this one lacks.
    return { suite: name, tasks: 0, drawn: [], problem: error.message };
  }
}

/** The instructions of every suite of the evaluations, of which the first one tells the rules. */
async function playedSuites({ evaluations, figures }: Material): Promise<readonly SuiteInstructions[]> {
  const first = new Map<string, EvaluationSettings>();
  for (const { settings } of evaluations)
    for (const name of settings.suites) if (!first.has(name)) first.set(name, settings);
  const found: SuiteInstructions[] = [];
  for (const [name, settings] of first) {
    figures.onProgress?.("suites opened", found.length, first.size);
    found.push(await suiteOf(name, settings, figures));
  }
  return found;
}

function similarityParts(similarity: InstructionSimilarity): readonly Part[] {
  const { contamination, nearest, by, seed, sources, notes } = similarity;
  const drawn = sources.map(({ name, drawn: count }) => `${count} of ${name}`).join(", ");
  return [
    {
      kind: "table",
      head: ["", "mean", "highest", `pairs from ${LIKE} on, %`, "worlds in them"],
      rows: contamination.map(({ data, suite, mean, highest, share, worldsLike }) => [
        `${data} and ${suite}`,
        mean.toFixed(3),
        highest.toFixed(3),
        percent(share),
        String(worldsLike),
      ]),
    },
    {
      kind: "text",
      text: `Cosines of what players are told, compared by ${by === "words" ? "words (TF-IDF)" : `vectors of ${by}`}: ${drawn}, drawn with seed ${seed}. Worked examples are left out, and so is what this project tells every player in the same words. The paper finds less than ${LIKE} between its worlds and the suites.`,
    },
    { kind: "text", text: "The worlds that are nearest to a task, each with its nearest one:" },
    {
      kind: "list",
      items: nearest.map(
        ({ similarity: cosine, data, row, world, suite, task, goal }) =>
          `${cosine.toFixed(3)}: ${data} ${row}: ${shortened(world)} | ${suite} ${task}: ${shortened(goal)}`,
      ),
    },
    ...(notes.length === 0 ? [] : [{ kind: "list" as const, items: notes }]),
  ];
}

/** Figure 7: instructions by likeness, and what that says of contamination. */
export async function instructionFigure(material: Material): Promise<Section | Missing> {
  const { data, evaluations, texts, figures } = material;
  if (data.length === 0 || evaluations.length === 0)
    return { missing: "a run or a file of data, and an evaluation of the suites that it is compared with" };
  const { seed, embedder } = figures;
  const suites = await playedSuites(material);
  const similarity = await instructionSimilarity(await texts(), suites, { seed, embedder });
  if (similarity === undefined || similarity.contamination.length === 0)
    return { missing: `suites that can be opened here (${similarity?.notes[0] ?? "none can"})` };
  return {
    parts: similarityParts(similarity),
    charts: [{ file: "figure-7-map", chart: instructionSimilarityChart(similarity) }],
  };
}

/** Characters of a text of others in a list. */
const LONGEST = 240;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).toWellFormed()}…`;
}

function turnWords(turn: EpisodeTurn, before: EpisodeTurn | undefined): string {
  const { thought = "", action, observation, actionIsValid } = turn;
  const marks = [
    ...(actionIsValid ? [] : ["not possible"]),
    ...(isRepeated(turn, before) ? ["as before"] : []),
  ];
  const mark = marks.length === 0 ? "" : ` (${marks.join(", ")})`;
  const said = thought === "" ? "" : `${shortened(thought)} `;
  return `${said}> ${shortened(action ?? "no action")}${mark}: ${shortened(observation)}`;
}

/** Turns that are shown of an episode; what is left out is said. */
const MOST_TURNS = 12;

/** Two episodes turn by turn, each in a column as in the paper; of several trials the last. */
function besideEachOther(names: readonly string[], episodes: readonly Episode[]): Part {
  const played = episodes.map(({ trials }) => trials.at(-1)?.turns ?? []);
  const most = Math.min(MOST_TURNS, Math.max(...played.map(({ length }) => length)));
  const rests = played.map(({ length }) => length - MOST_TURNS);
  const cameTo = episodes.map(({ ending, scores }, place) => {
    const progress = progressOf(scores);
    const reached = progress === undefined ? "" : `, progress ${percent(progress)} %`;
    return `${ending} after ${counted(played[place]?.length ?? 0, "turn")}${reached}`;
  });
  const turn = (place: number): readonly string[] =>
    played.map((turns) => {
      const own = turns[place];
      return own === undefined ? "" : turnWords(own, turns[place - 1]);
    });
  return {
    kind: "table",
    isProse: true,
    head: ["", ...names],
    rows: [
      ["came to", ...cameTo],
      ...Array.from({ length: most }, (_turn, place) => [`turn ${place + 1}`, ...turn(place)]),
      ...(rests.some((rest) => rest > 0)
        ? [["then", ...rests.map((rest) => (rest > 0 ? counted(rest, "more turn") : ""))]]
        : []),
    ],
  };
}

/** Figure 9: one task of each suite as the first two evaluations played it. */
export async function caseFigure({ evaluations }: Material): Promise<Section | Missing> {
  const [first, second] = evaluations.map(({ name, path }) => ({ name, directory: path }));
  if (first === undefined || second === undefined) return { missing: "two evaluations of one suite" };
  const studies = await caseStudies([first, second]);
  if (studies.length === 0) return { missing: "two evaluations that played a task both" };
  const parts = studies.flatMap((episodes): readonly Part[] => {
    const [{ suite, task, group }] = episodes;
    const text = `${suite}, task ${task} (${group}), in which the two differ most:`;
    return [{ kind: "text", text }, besideEachOther([first.name, second.name], episodes)];
  });
  return { parts };
}
