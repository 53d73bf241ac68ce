import type { Variant } from "../environment/suite.ts";
import { hasFailed } from "../evaluation/episode.ts";
import type { EpisodeResult } from "../evaluation/episode-result.ts";
import { HELD_OUT_TASKS } from "../evaluation/metrics/held-out.ts";
import { type EvaluationSettings, furtherSampling } from "../evaluation/settings.ts";

/** What the paper's rows were played with (sections 4.1 and 4.4): turns, and attempts where there are several. */
const PAPER = { maxTurns: 30, samples: 10 } as const;

/** Tokens of a reply that `evaluate` asks for when nothing is said; the paper does not say how many it allowed. */
const REPLY_TOKENS = 1024;

/** The benchmark's worlds as this program has them: what is not here may be anything of that name. */
const BENCHMARK: ReadonlyMap<string, Omit<Variant, "words">> = new Map([
  ["babyai", { rules: "agentboard", problems: "AgentBoard's problems", scoring: "labels" }],
  ["pddl", { rules: "agentboard", problems: "AgentBoard's problems", scoring: "goal facts" }],
]);

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** What makes a suite's worlds unlike the benchmark's. */
function unlikeVariant(suite: string, { rules, problems, scoring }: Variant): readonly string[] {
  const papers = BENCHMARK.get(suite);
  if (papers === undefined) return [`${suite}: not known to be the benchmark's (${rules})`];
  const unlike: string[] = [];
  if (problems !== papers.problems) {
    const ours = problems.startsWith("own problems") ? "problems of our own" : `other problems (${problems})`;
    unlike.push(`${suite}: ${ours}, not AgentBoard's (--agentboard)`);
  }
  if (scoring === "mission parts") {
    unlike.push(
      `${suite}: no labels of AgentBoard (--agentboard), so progress is counted in another way, and success at times`,
    );
  } else if (scoring !== papers.scoring) unlike.push(`${suite}: progress from ${scoring}`);
  if (rules === "plain")
    unlike.push(`${suite}: the plain rules, which are fairer to a player than AgentBoard's`);
  else if (rules !== papers.rules) unlike.push(`${suite}: other rules (${rules})`);
  return unlike;
}

function unlikeWorld(
  { limit, sample, perturbation }: EvaluationSettings,
  suite: string,
  results: readonly EpisodeResult[],
): readonly string[] {
  const tasks = HELD_OUT_TASKS[suite] ?? Number.POSITIVE_INFINITY;
  const [first] = results.filter((each) => each.suite === suite);
  const part = Math.min(limit ?? tasks, sample ?? tasks);
  const of = Number.isFinite(tasks) ? ` of ${tasks} tasks` : " tasks";
  return [
    ...(first === undefined ? [] : unlikeVariant(suite, first.variant)),
    ...(perturbation === undefined ? [] : [`${suite}: in other words (${perturbation})`]),
    ...(part < tasks ? [`${suite}: ${sample === undefined ? "the first" : "a sample of"} ${part}${of}`] : []),
  ];
}

/** How a model was asked in another way than the paper's, as far as the paper says it. */
function unlikeModel({ samples, model }: EvaluationSettings): readonly string[] {
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
  const { agent, reflexion, samples, maxTurns = PAPER.maxTurns, example } = settings;
  if (agent !== "react") return [`the ${agent} agent played, not a model`];
  const attempts =
    samples === PAPER.samples
      ? "ten attempts, as in Tables 4 and 10; Table 1 has one"
      : `${samples} attempts, where Table 1 has one, and Tables 4 and 10 have ten`;
  return [
    ...(reflexion === undefined
      ? []
      : [`with Reflexion, up to ${reflexion} trials: as in Table 9, which does not say how many`]),
    ...(samples === 1 ? [] : [attempts]),
    ...unlikeModel(settings),
    ...(maxTurns === PAPER.maxTurns ? [] : [`at most ${counted(maxTurns, "turn")}, not ${PAPER.maxTurns}`]),
    ...(example ? [] : ["no worked example in the instruction"]),
  ];
}

/** What is said where a folder of AgentBoard's has other problems than the benchmark; a part is told of by itself. */
function unlikeTasks({ suites, samples, limit, sample, episodes }: EvaluationSettings): readonly string[] {
  // Of a suite that is not the benchmark's nothing is known.
  if (suites.some((suite) => HELD_OUT_TASKS[suite] === undefined)) return [];
  const most = Math.min(limit ?? Number.POSITIVE_INFINITY, sample ?? Number.POSITIVE_INFINITY);
  const papers = suites.reduce((sum, suite) => sum + Math.min(HELD_OUT_TASKS[suite] ?? 0, most), 0);
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
