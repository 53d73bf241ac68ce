import { formatReAct, type ReActProblem } from "../react.ts";

const PROBLEMS: Readonly<Record<ReActProblem["code"], string>> = {
  "missing-action": "it has no action after `Action:`",
  "missing-thought": "it has no line that begins with `Thought:`",
  "several-actions": "it has more than one action",
};

/** What a player is shown in place of an observation when its reply is not in the form that was asked for. */
export function malformedObservation(problem: ReActProblem): string {
  const form = formatReAct({ thought: "…", action: "…" });
  return `Your reply could not be read: ${PROBLEMS[problem.code]}. Nothing was done. Answer with one thought and one action, in this form:\n${form}`;
}
