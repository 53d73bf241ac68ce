import { printable } from "../../dataset/wrap-text.ts";
import type { EvaluationResult } from "../../evaluation/evaluate.ts";
import { summarize } from "../../evaluation/summary.ts";
import { ChatError } from "../../model/chat-error.ts";
import { CostCapReached } from "../../model/cost-cap-reached.ts";
import { evaluateWords, evaluationSummaryWords } from "../evaluation-words.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import { showPath } from "../show-path.ts";
import { generateWords } from "../words.ts";
import type { World } from "../world.ts";
import type { EvaluationFolder } from "./evaluation-folder.ts";
import { summaryLines } from "./summary-lines.ts";

/** A part of an evaluation that has come to its end, or was ended. */
export interface FinishedEvaluation extends EvaluationFolder {
  readonly result: EvaluationResult;
  readonly seconds: number;
  readonly interrupted: boolean;
  /** Whether the summary is also written to stdout as JSON. */
  readonly json: boolean;
}

/** The command that goes on with an evaluation; what is not saved has to be given again. */
function resumeCommand({ settings }: EvaluationFolder, directory: string): string {
  const headers = (settings.model?.headers ?? []).map((name) => ` --header '${name}: …'`);
  return `agentrefine evaluate --out ${directory}${headers.join("")}`;
}

function pauseWords(error: Error): string {
  if (error instanceof CostCapReached) return evaluateWords.costCap(error.message);
  const reason = printable(error.message);
  return error instanceof ChatError ? generateWords.paused(reason) : generateWords.pausedOtherwise(reason);
}

function exitCode({ result: { pause }, interrupted }: FinishedEvaluation): ExitCode {
  if (pause !== undefined)
    return pause.error instanceof CostCapReached ? EXIT_CODE.belowThreshold : EXIT_CODE.failed;
  return interrupted ? EXIT_CODE.interrupted : EXIT_CODE.done;
}

/** What can be done next. */
function nextLines(finished: FinishedEvaluation, directory: string): readonly string[] {
  const { result, interrupted } = finished;
  const { planned, results, pause } = result;
  const command = resumeCommand(finished, directory);
  const failed = results.filter(({ ending }) => ending === "model-failed").length;
  const pending = planned - results.length;
  return [
    ...(pending > 0 ? [evaluationSummaryWords.pending(pending, planned)] : []),
    evaluateWords.files(directory),
    ...(pause === undefined ? [] : [pauseWords(pause.error)]),
    ...(interrupted ? [generateWords.interrupted] : []),
    ...(pending > 0 ? [evaluateWords.goOn(command)] : []),
    ...(pending === 0 && failed > 0 ? [evaluateWords.retry(failed, command)] : []),
    ...(pending === 0 && failed === 0 ? [evaluateWords.compareNext(directory)] : []),
  ];
}

/** Tells what an evaluation has come to and what can be done next. Gives the exit code. */
export function finishEvaluation(finished: FinishedEvaluation, world: World): ExitCode {
  const { run, settings, result, seconds, interrupted, json } = finished;
  const { planned, results, pause } = result;
  const directory = showPath(run.directory, world.directory);
  const summary = { ...summarize(results), spending: result.spending };
  const lines = [...summaryLines(summary, seconds), ...nextLines(finished, directory)];
  for (const line of lines) world.stderr.write(`${line}\n`);
  if (json) {
    const report = {
      evaluation: run.directory,
      settings,
      planned,
      ended: results.length,
      ...summary,
      heldOut: summary.heldOut ?? null,
      seconds: Math.round(seconds * 1000) / 1000,
      interrupted,
      paused: pause?.error.message ?? null,
    };
    world.stdout.write(`${JSON.stringify(report)}\n`);
  }
  return exitCode(finished);
}
