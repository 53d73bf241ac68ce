import { counted, wholeNumber } from "./terminal/numbers.ts";

// What `evaluate`, `compare` and `serve` say; the other commands' words are in words.ts.

function didYouMean(near: string | undefined): string {
  return near === undefined ? "" : `; did you mean ${near}?`;
}

/** What `evaluate` says. */
export const evaluateWords = {
  noOut: "no folder for the evaluation was given",
  noOutFix: "Give one with --out DIR.",
  noSuites: "no suite was given",
  noSuitesFix: (names: readonly string[]) => `Give one or several with --suite: ${names.join(", ")}.`,
  noAgent: "neither a model nor an agent was given",
  noAgentFix: "Give a model with --model NAME, or --agent expert or random, which need none.",
  noModel: "the ReAct agent needs a model",
  noModelFix: "Give one with --model NAME.",
  needlessModel: (agent: string) => `the agent ${agent} talks to no model`,
  needlessModelFix: "Leave out --model and what says how it is asked, or give --agent react.",
  offline: "the offline author writes training data and plays no tasks",
  offlineFix: "Give another --model, or --agent expert or random, which need none.",
  reflexionNeedsModel: "--reflexion is for agents that talk to a model",
  reflexionFix: "Leave it out, or give a --model.",
  noReplay: "there is nothing to replay",
  noReplayFix: "Give the recording with --replay FILE.",
  needlessReplay: (agent: string) => `--replay is not for the agent ${agent}`,
  needlessReplayFix: "Leave out --agent, or leave out --replay.",
  noPerturbation: (name: string, names: readonly string[], near: string | undefined) =>
    `"${name}" is not one of ${names.join(", ")}${didYouMean(near)}`,
  onePerturbation: (text: string) => `"${text}" are several; one at a time, as in App. K`,
  noPlainRules: (suites: readonly string[]) =>
    `the plain rules do not apply to ${suites.join(", ")}, which has AgentBoard's rules only`,
  noPlainRulesFix: "Leave it out.",
  noSuite: (name: string, near: string | undefined): string =>
    `there is no suite "${name}"${didYouMean(near)}`,
  noSuiteFix: (names: readonly string[]) => `The suites are ${names.join(", ")}.`,
  noTasks: (suite: string) => `the suite ${suite} has no task`,
  noTasksFix: "Look at what --agentboard and --limit leave of it.",
  noFolder: (directory: string) => `there is no folder ${directory}`,
  noFolderFix: "Check --agentboard.",
  noRecording: (file: string) => `there is no file ${file}`,
  otherRecording: (file: string) => `${file} has none of the tasks that are to be played`,
  badRecording: (file: string, line: number) => `${file}: line ${line} is neither an episode nor actions`,
  recordingFix: 'Give the episodes.jsonl of an evaluation, or lines {"suite": …, "task": …, "actions": […]}.',
  notAnEvaluation: (directory: string) => `${directory} is a run of generate and no evaluation`,
  notAnEvaluationFix: "Give another folder.",
  isEvaluation: (directory: string) => `${directory} is an evaluation`,
  isEvaluationFix: (directory: string) => `Go on with it: agentrefine evaluate --out ${directory}`,
  badSettingsFix: "Use the version of agentrefine that started the evaluation.",
  contradictionFix: (directory: string) =>
    `Go on with the saved settings (agentrefine evaluate --out ${directory}), or give another --out.`,
  goingOn: (directory: string, ended: number, planned: number) =>
    `Going on with ${directory}: ${wholeNumber(ended)} of ${counted(planned, "episode")} had ended.`,
  retry: (failed: number, command: string) =>
    `${counted(failed, "episode")} ended because the model or the world failed (reasons: episodes.jsonl); play ${failed === 1 ? "it" : "them"} again: ${command} --retry-failed`,
  compareNext: (directory: string) => `Next: agentrefine compare ${directory} --paper`,
} as const;

/** The labels of an evaluation's summary. */
export const evaluationSummaryWords = {
  columns: ["", "tasks", "success %", "95 %", "progress %", "95 %", "grounding %"],
  heldOut: "held-out (App. A)",
  heldOutOver: (suites: readonly string[]) => `${suites.join(" + ")} (App. A's weights)`,
  sampled: (attempts: number) => `Best of ${attempts}`,
  sampledColumns: ["success %", "progress %", "mean success %", "mean progress %"],
  split: ["", "episodes", "success %", "progress %"],
  pending: (pending: number, planned: number) =>
    `Not finished: ${wholeNumber(pending)} of ${counted(planned, "episode")} are still to be played.`,
  variant: (suite: string, variant: string) => `${suite}: ${variant}`,
  behaviourColumns: ["", "turns", "malformed %", "repeated %", "out of turns", "stopped", "model failed"],
  shortened: (suite: string, percent: string) =>
    `${suite}: in ${percent} % of the turns the model's context was full, and its oldest turns were left out.`,
  tokens: "Tokens",
  tokensNote: (prompt: string, cached: string, completion: string) =>
    `${prompt} prompt (${cached} cached), ${completion} completion`,
  cost: "Cost",
  time: "Time",
} as const;
