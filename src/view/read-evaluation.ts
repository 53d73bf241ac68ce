import type { Annotations } from "../annotation/annotation-file.ts";
import { hasFailed, keyText } from "../evaluation/episode.ts";
import { groupBy, measuresOf } from "../evaluation/metrics/scores.ts";
import { type EvaluationSettings, evaluationSettingsSchema } from "../evaluation/settings.ts";
import { type EvaluationSummary, summarize } from "../evaluation/summary.ts";
import { progressOverTurns } from "../report/charts/evaluation-charts.ts";
import { progressByTurn } from "../report/progress-by-turn.ts";
import { troubles } from "../report/troubles.ts";
import { type EpisodeFilter, type EpisodeRow, episodeListPart } from "./evaluation-filter.ts";
import type { Found, OpenedEvaluation } from "./library.ts";
import type { Draw } from "./parts/figures.tsx";
import { saidInLists } from "./read-annotations.ts";
import { NOTHING_SAID } from "./run-filter.ts";

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

/** The suites of an evaluation, each with its mean progress after each turn, as reports have it, where any is measured. */
async function suiteViews(
  { found, evaluation }: OpenedEvaluation,
  { suites }: EvaluationSummary,
  draw: Draw,
) {
  const all = await progressByTurn(
    evaluation.episodes.map(({ result, progress }) => ({
      suite: result.suite,
      scores: result.scores,
      trials: [{ turns: progress.map((value) => ({ scores: { progress: value } })) }],
    })),
  );
  return Promise.all(
    suites.map(async (summary) => {
      const progress = all.find(({ suite }) => suite === summary.suite);
      if (progress === undefined) return { summary, progress, chart: undefined };
      const chart = progressOverTurns(summary.suite, [{ name: found.shown, progress: [progress] }]);
      return { summary, progress, chart: await draw(chart) };
    }),
  );
}

/** What an evaluation has come to, as its page shows it. `others` can be put beside it. */
export async function readEvaluationPage(opened: OpenedEvaluation, others: readonly Found[], draw: Draw) {
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
    /** How many episodes it has in all; undefined where that cannot be read. */
    planned: settings?.episodes,
    ended: results.length,
    underWay: evaluation.underWay,
    failed: results.filter(hasFailed).length,
    summary,
    suites: await suiteViews(opened, summary, draw),
    /** The suites in groups of the same measures, each of which is a table. */
    panels: [...groupBy(summary.suites, ({ measures }) => measures.map(({ name }) => name).join()).values()],
    /** What a reader of the numbers must know. */
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
export type EvaluationView = Awaited<ReturnType<typeof readEvaluationPage>>;

/** The episodes of an evaluation with their measures and what is said of them: what its lists are made from. */
export function readEpisodeRows(
  { found, evaluation }: OpenedEvaluation,
  annotations: Annotations,
): readonly EpisodeRow[] {
  const { said } = saidInLists(annotations, found.path);
  return evaluation.episodes.map((episode) => ({
    episode,
    measures: measuresOf([episode.result]),
    said: said.get(keyText(episode.result)) ?? NOTHING_SAID,
  }));
}

/** Episodes of an evaluation, as the page of their list shows them. */
export function readEpisodeList(opened: OpenedEvaluation, annotations: Annotations, filter: EpisodeFilter) {
  const { found, evaluation } = opened;
  const { episodes } = evaluation;
  const { said: _said, ...inUse } = saidInLists(annotations, found.path);
  return {
    key: found.key,
    shown: found.shown,
    ...episodeListPart(readEpisodeRows(opened, annotations), filter),
    suites: [...new Set(episodes.map(({ result }) => result.suite))],
    hasCost: episodes.some(({ result }) => (result.cost ?? 0) > 0),
    ...inUse,
    damage: [...evaluation.damage, ...inUse.damage],
  };
}
export type EpisodeListView = ReturnType<typeof readEpisodeList>;
