import { type Annotations, skippedWords } from "../annotation/annotation-file.ts";
import { hasFailed, keyText } from "../evaluation/episode.ts";
import type { IndexedEvaluation } from "../evaluation/indexed-evaluation.ts";
import { groupBy, measuresOf } from "../evaluation/metrics/scores.ts";
import { type EvaluationSettings, evaluationSettingsSchema } from "../evaluation/settings.ts";
import { type EvaluationSummary, type SuiteSummary, summarize } from "../evaluation/summary.ts";
import type { Chart } from "../report/charts/chart.ts";
import { progressOverTurns } from "../report/charts/progress-over-turns.ts";
import { type ProgressByTurn, progressByTurn } from "../report/progress-by-turn.ts";
import { troubles } from "../report/troubles.ts";
import { type EpisodeFilter, type EpisodeRow, episodeListPart } from "./evaluation-filter.ts";
import type { Found } from "./library.ts";
import type { EpisodeListView } from "./pages/episode-list.tsx";
import type { EvaluationView } from "./pages/evaluation.tsx";
import type { DrawnChart } from "./parts/chart.tsx";
import { knownAnnotations, tagsOf } from "./read-annotations.ts";
import { saidOf } from "./run-list.ts";

/** An evaluation that was found and is ready to be read. */
export interface OpenedEvaluation {
  readonly found: Found;
  readonly evaluation: IndexedEvaluation;
}

/** What `run.json` says of an evaluation; undefined when this version cannot read it. */
export function settingsOf({ folder }: Found): EvaluationSettings | undefined {
  return evaluationSettingsSchema.safeParse(folder?.description.settings).data;
}

/** Who played, in a few words. */
export function playerName(found: Found): string {
  const settings = settingsOf(found);
  if (settings === undefined) return found.shown;
  const { model, agent, reflexion, perturbation } = settings;
  const name = model?.name ?? `the ${agent} agent`;
  return [
    name,
    ...(reflexion === undefined ? [] : ["Reflexion"]),
    ...(perturbation ? [perturbation] : []),
  ].join(", ");
}

/** Settings that shaped the results, each with its value. */
function settingRows(found: Found): readonly (readonly [string, string])[] {
  const settings = settingsOf(found);
  if (settings === undefined) return [];
  const { model, judge, ...rest } = settings;
  const rows: readonly (readonly [string, unknown])[] = [
    ["begun", found.folder?.description.createdAt.slice(0, 16).replace("T", " ")],
    ["agent", rest.agent],
    ["model", model?.name],
    ["temperature", model?.temperature],
    ["max tokens", model?.maxTokens],
    ["suites", rest.suites.join(", ")],
    ["rules", rest.compat],
    ["other words", rest.perturbation],
    ["judge", judge?.name],
    ["limit", rest.limit],
    ["sample", rest.sample],
    ["attempts", rest.samples === 1 ? undefined : rest.samples],
    ["trials of Reflexion", rest.reflexion],
    ["turns at most", rest.maxTurns],
    ["worked example", rest.example ? undefined : "none"],
    ["seed", rest.seed],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
}

/** What a page shows of one suite. */
export interface SuiteView {
  readonly summary: SuiteSummary;
  /** Mean progress after each turn; undefined where none is measured. */
  readonly progress: ProgressByTurn | undefined;
  /** The same, drawn. */
  readonly chart: DrawnChart | undefined;
}

/** Mean progress after each turn, by suite, as reports have it. */
export function progressOf({ episodes }: IndexedEvaluation): Promise<readonly ProgressByTurn[]> {
  return progressByTurn(
    episodes.map(({ result, progress }) => ({
      suite: result.suite,
      scores: result.scores,
      trials: [{ turns: progress.map((value) => ({ scores: { progress: value } })) }],
    })),
  );
}

async function suiteViews(
  { found, evaluation }: OpenedEvaluation,
  { suites }: EvaluationSummary,
  draw: (chart: Chart) => Promise<string>,
): Promise<readonly SuiteView[]> {
  const all = await progressOf(evaluation);
  return Promise.all(
    suites.map(async (summary) => {
      const progress = all.find(({ suite }) => suite === summary.suite);
      if (progress === undefined) return { summary, progress, chart: undefined };
      const chart = progressOverTurns(summary.suite, [{ name: found.shown, progress: [progress] }]);
      return { summary, progress, chart: { title: chart.title, svg: await draw(chart) } };
    }),
  );
}

/** What an evaluation has come to, as its page shows it. `others` can be put beside it. */
export async function readEvaluationPage(
  opened: OpenedEvaluation,
  others: readonly Found[],
  draw: (chart: Chart) => Promise<string>,
): Promise<EvaluationView> {
  const { found, evaluation } = opened;
  const settings = settingsOf(found);
  const results = evaluation.episodes.map(({ result }) => result);
  const summary = { ...summarize(results), spending: evaluation.spending };
  const remarks = Object.entries(settings?.remarks ?? {}).flatMap(([suite, said]) =>
    said.map((each) => `${suite}: ${each}`),
  );
  return {
    key: found.key,
    shown: found.shown,
    player: playerName(found),
    settings: settingRows(found),
    planned: settings?.episodes,
    ended: results.length,
    underWay: evaluation.underWay,
    failed: results.filter(hasFailed).length,
    summary,
    suites: await suiteViews(opened, summary, draw),
    panels: [...groupBy(summary.suites, ({ measures }) => measures.map(({ name }) => name).join()).values()],
    notes: [
      ...summary.suites.flatMap((each) => troubles(each).map((line) => `${each.suite}: ${line}`)),
      ...remarks,
    ],
    damage: [
      ...(settings === undefined ? ["run.json: its settings are of another version of agentrefine"] : []),
      ...evaluation.damage,
    ],
    others: others.map(({ key, shown }) => ({ key, shown })),
  };
}

/** The episodes of an evaluation with their measures and what is said of them: what its lists are made from. */
export function readEpisodeRows(
  { evaluation }: OpenedEvaluation,
  annotations: Annotations,
): readonly EpisodeRow[] {
  const known = knownAnnotations(annotations);
  return evaluation.episodes.map((episode) => ({
    episode,
    measures: measuresOf([episode.result]),
    said: saidOf(keyText(episode.result), known),
  }));
}

/** Episodes of an evaluation, as the page of their list shows them. */
export function readEpisodeList(
  opened: OpenedEvaluation,
  annotations: Annotations,
  filter: EpisodeFilter,
): EpisodeListView {
  const { found, evaluation } = opened;
  const { episodes } = evaluation;
  return {
    key: found.key,
    shown: found.shown,
    ...episodeListPart(readEpisodeRows(opened, annotations), filter),
    suites: [...new Set(episodes.map(({ result }) => result.suite))],
    hasCost: episodes.some(({ result }) => (result.cost ?? 0) > 0),
    tags: tagsOf(annotations),
    hasThumbs: [...annotations.of.values()].flat().some(({ kind }) => kind === "thumbs"),
    damage: [...evaluation.damage, ...annotations.skipped.map((line) => skippedWords(found.path, line))],
  };
}
