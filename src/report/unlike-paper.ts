import type { PaperPlace } from "../environment/suite.ts";
import { findSuite } from "../environment/suites.ts";
import { hasFailed } from "../evaluation/episode.ts";
import type { EpisodeResult } from "../evaluation/episode-result.ts";
import { type EvaluationSettings, furtherSampling } from "../evaluation/settings.ts";
import { counted } from "../numbers.ts";

/** Marks evaluations that must not be read beside the paper's. */
export const UNLIKE = "†";

/** The name of an evaluation, or another one, with a dagger where it was not played as the paper's were. */
export function marked({ unlike }: { readonly unlike: readonly string[] }, name: string): string {
  return unlike.length === 0 ? name : `${name} ${UNLIKE}`;
}

/** Attempts in the paper's Tables 4 and 10 (section 4.4). */
const PAPER_ATTEMPTS = 10;

/** Turns of an episode at most where a suite's definition says no other (section 4.1). */
const PAPER_TURNS = 30;

/** Tokens of a reply that `evaluate` asks for when nothing is said; the paper does not say how many it allowed. */
const REPLY_TOKENS = 1024;

/** A suite's place in the paper; undefined for one that is not the paper's. */
function placeOf(suite: string): PaperPlace | undefined {
  return findSuite(suite)?.paper;
}

/** What makes a suite's worlds, and how long they are played, unlike the benchmark's. */
function unlikeWorld(
  { limit, sample, perturbation, maxTurns }: EvaluationSettings,
  suite: string,
  results: readonly EpisodeResult[],
): readonly string[] {
  const paper = placeOf(suite);
  const { tasks = Number.POSITIVE_INFINITY, turns = PAPER_TURNS } = paper ?? {};
  const variant = results.find((each) => each.suite === suite)?.variant;
  const part = Math.min(limit ?? tasks, sample ?? tasks);
  const of = Number.isFinite(tasks) ? ` of ${tasks} tasks` : " tasks";
  const unlike = [
    ...(variant === undefined ? [] : (paper?.unlike(variant) ?? [`not of the paper (${variant.rules})`])),
    ...(perturbation === undefined ? [] : [`in other words (${perturbation})`]),
    ...(part < tasks ? [`${sample === undefined ? "the first" : "a sample of"} ${part}${of}`] : []),
    ...(maxTurns === undefined || maxTurns === turns
      ? []
      : [`at most ${counted(maxTurns, "turn")}, not ${turns}`]),
  ];
  return unlike.map((each) => `${suite}: ${each}`);
}

/** How a model was asked in another way than the paper's, as far as the paper says it. */
function unlikeModel(samples: number, model: EvaluationSettings["model"]): readonly string[] {
  const greedy = samples === 1 ? 0 : 1;
  const { temperature = greedy, maxTokens = REPLY_TOKENS, body = {} } = model ?? {};
  // Top-p of 1 is as if it were not sent.
  const further = Object.entries(furtherSampling(model)).filter(([, value]) => value !== 1);
  const fields = Object.keys(body);
  return [
    ...(temperature === greedy ? [] : [`temperature ${temperature}, not ${greedy}`]),
    ...further.map(
      ([name, value]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`,
    ),
    ...(maxTokens === REPLY_TOKENS ? [] : [`at most ${maxTokens} tokens in a reply, not ${REPLY_TOKENS}`]),
    ...(fields.length === 0 ? [] : [`further fields of each request (${fields.join(", ")})`]),
  ];
}

function unlikeAgent(settings: EvaluationSettings): readonly string[] {
  const { reflexion, samples, example } = settings;
  const { agent, model } = settings.answered ?? settings;
  if (agent !== "react") return [`the ${agent} agent played, not a model`];
  const attempts =
    samples === PAPER_ATTEMPTS
      ? "ten attempts, as in Tables 4 and 10; Table 1 has one"
      : `${samples} attempts, where Table 1 has one, and Tables 4 and 10 have ten`;
  return [
    ...(reflexion === undefined
      ? []
      : [`with Reflexion, up to ${reflexion} trials: as in Table 9, which does not say how many`]),
    ...(samples === 1 ? [] : [attempts]),
    ...unlikeModel(samples, model),
    ...(example ? [] : ["no worked example in the instruction"]),
  ];
}

/** What is said where a folder of AgentBoard's has other problems than the benchmark; a part is told of by itself. */
function unlikeTasks({ suites, samples, limit, sample, episodes }: EvaluationSettings): readonly string[] {
  // Of a suite that is not the benchmark's nothing is known.
  if (suites.some((suite) => placeOf(suite) === undefined)) return [];
  const most = Math.min(limit ?? Number.POSITIVE_INFINITY, sample ?? Number.POSITIVE_INFINITY);
  const papers = suites.reduce((sum, suite) => sum + Math.min(placeOf(suite)?.tasks ?? 0, most), 0);
  const tasks = episodes / samples;
  return tasks === papers ? [] : [`${counted(tasks, "task")} in all, not ${papers}`];
}

function unlikeEnd({ episodes }: EvaluationSettings, results: readonly EpisodeResult[]): readonly string[] {
  const ended = results.length;
  const failed = results.filter(hasFailed);
  const broken = failed.filter(({ ending }) => ending === "world-failed").length;
  const dead = failed.length - broken;
  return [
    ...(ended < episodes ? [`not finished: ${ended} of ${counted(episodes, "episode")}`] : []),
    ...(dead === 0 ? [] : [`the model failed in ${dead} of ${counted(ended, "episode")}`]),
    ...(broken === 0 ? [] : [`the world failed in ${broken} of ${counted(ended, "episode")}`]),
  ];
}

/**
 * What makes an evaluation unlike those of the paper's Table 1, so that its numbers must not be read beside theirs;
 * nothing when it was played as they were.
 */
export function unlikePaper(
  settings: EvaluationSettings,
  results: readonly EpisodeResult[],
): readonly string[] {
  return [
    ...unlikeAgent(settings),
    ...settings.suites.flatMap((suite) => unlikeWorld(settings, suite, results)),
    ...unlikeTasks(settings),
    ...unlikeEnd(settings, results),
  ];
}
