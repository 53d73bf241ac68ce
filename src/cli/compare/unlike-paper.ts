import type { EvaluationSettings } from "../../config/run-settings.ts";
import { isSuiteName, knowsPlainRules } from "../../environment/suites.ts";
import type { EpisodeEnding } from "../../evaluation/episode.ts";
import { HELD_OUT_TASKS } from "../../evaluation/metrics/held-out.ts";
import { unlikePaperWords as text } from "../evaluation-words.ts";

/** What the paper's rows were played with (sections 4.1 and 4.4): turns, and attempts where there are several. */
const PAPER = { maxTurns: 30, samples: 10 } as const;

function unlikeWorld(settings: EvaluationSettings, suite: string): readonly string[] {
  const { agentboard, compat, perturbation, limit } = settings;
  const isPlain = compat === "plain" && isSuiteName(suite) && knowsPlainRules(suite);
  const tasks = HELD_OUT_TASKS[suite];
  return [
    ...(agentboard === undefined && suite === "pddl" ? [text.ownProblems] : []),
    ...(agentboard === undefined && suite === "babyai" ? [text.noLabels] : []),
    ...(isPlain ? [text.plain(suite)] : []),
    ...(perturbation === undefined ? [] : [text.perturbed(suite, perturbation)]),
    ...(limit !== undefined && tasks !== undefined && limit < tasks
      ? [text.limited(suite, limit, tasks)]
      : []),
  ];
}

function unlikeAgent(settings: EvaluationSettings): readonly string[] {
  const { agent, reflexion, samples, maxTurns, example, model } = settings;
  if (agent !== "react") return [text.otherAgent(agent)];
  const greedy = samples === 1 ? 0 : 1;
  const { temperature = greedy } = model ?? {};
  return [
    ...(reflexion === undefined ? [] : [text.reflexion(reflexion)]),
    ...(samples === 1 ? [] : [samples === PAPER.samples ? text.sampled : text.attempts(samples)]),
    ...(temperature === greedy ? [] : [text.temperature(temperature, greedy)]),
    ...(maxTurns === PAPER.maxTurns ? [] : [text.turns(maxTurns, PAPER.maxTurns)]),
    ...(example ? [] : [text.noExample]),
  ];
}

/** What is said where a folder of AgentBoard's has other problems than the benchmark; a limit is told of by itself. */
function unlikeTasks({
  suites,
  samples,
  limit = Number.POSITIVE_INFINITY,
  episodes,
}: EvaluationSettings): readonly string[] {
  const papers = suites
    .map((suite) => Math.min(HELD_OUT_TASKS[suite] ?? 0, limit))
    .reduce((sum, tasks) => sum + tasks, 0);
  const tasks = episodes / samples;
  return tasks === papers ? [] : [text.otherTasks(tasks, papers)];
}

/**
 * What makes an evaluation unlike those of the paper's Table 1, so that its numbers must not be read beside theirs;
 * nothing when it was played as they were. `endings` are those of its episodes.
 */
export function unlikePaper(
  settings: EvaluationSettings,
  endings: readonly EpisodeEnding[],
): readonly string[] {
  const failed = endings.filter((ending) => ending === "model-failed").length;
  return [
    ...unlikeAgent(settings),
    ...settings.suites.flatMap((suite) => unlikeWorld(settings, suite)),
    ...unlikeTasks(settings),
    ...(endings.length < settings.episodes ? [text.unfinished(endings.length, settings.episodes)] : []),
    ...(failed === 0 ? [] : [text.modelFailed(failed, endings.length)]),
  ];
}
