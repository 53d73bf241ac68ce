import { hasFailed } from "../../evaluation/episode.ts";
import type { EvaluationResult } from "../../evaluation/evaluate.ts";
import { summarize } from "../../evaluation/summary.ts";
import { CostCapReached } from "../../model/ledger.ts";
import { priceSchema } from "../../model/prices.ts";
import { printableLine } from "../../printable.ts";
import { evaluateWords, evaluationSummaryWords } from "../evaluation-words.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import { givenAgain, pauseWords } from "../run/resuming.ts";
import type { Session } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";
import { noteText } from "../terminal/progress.ts";
import { showPath } from "../terminal/show-path.ts";
import { goingOnWords } from "../words.ts";
import type { EvaluationFolder } from "./run.ts";
import { summaryLines, unreadableWarning } from "./summary-lines.ts";

/** A part of an evaluation that has come to its end, or was ended. */
export interface FinishedEvaluation extends EvaluationFolder {
  readonly result: EvaluationResult;
  readonly seconds: number;
  readonly interrupted: boolean;
  readonly session: Pick<Session, "json" | "options" | "details">;
}

/** How many episodes ended because the model or the world failed. */
function failures({ results }: EvaluationResult): number {
  return results.filter(hasFailed).length;
}

function exitCode({ result, interrupted }: FinishedEvaluation): ExitCode {
  const { pause } = result;
  if (pause !== undefined)
    return pause.error instanceof CostCapReached ? EXIT_CODE.belowThreshold : EXIT_CODE.failed;
  if (interrupted) return EXIT_CODE.interrupted;
  const isUseless = unreadableWarning(summarize(result.results)) !== undefined;
  return failures(result) > 0 || isUseless ? EXIT_CODE.belowThreshold : EXIT_CODE.done;
}

/** What can be done next. */
function nextLines(finished: FinishedEvaluation, directory: string): readonly string[] {
  const { result, interrupted, session, settings } = finished;
  const { planned, results, pause } = result;
  const command = `agentrefine evaluate --out ${directory}${givenAgain(settings.model, session, pause?.error)}`;
  const failed = failures(result);
  const pending = planned - results.length;
  return [
    `Evaluation: ${directory}`,
    ...(pending > 0 ? [evaluationSummaryWords.pending(pending, planned)] : []),
    ...(pause === undefined ? [] : [pauseWords(pause.error)]),
    ...(interrupted ? [goingOnWords.interrupted] : []),
    ...(pending > 0 ? [goingOnWords.goOn(command)] : []),
    ...(pending === 0 && failed > 0 ? [evaluateWords.retry(failed, command)] : []),
    ...(pending === 0 && failed === 0 ? [evaluateWords.compareNext(directory)] : []),
  ];
}

/** Tells what an evaluation has come to and what can be done next. Gives the exit code. */
export function finishEvaluation(finished: FinishedEvaluation, host: Host): ExitCode {
  const { run, settings, result, seconds, interrupted, session } = finished;
  const { planned, results, pause } = result;
  const directory = showPath(run.directory, host.directory);
  const summary = { ...summarize(results), spending: result.spending };
  const pricesOf = priceSchema.safeParse(run.description.prices).data?.asOf;
  const shown = summaryLines(summary, { seconds, details: session.details, pricesOf });
  for (const line of shown) host.stderr.write(`${printableLine(line)}\n`);
  const warning = unreadableWarning(summary);
  if (warning !== undefined) host.stderr.write(noteText(warning, host.stderr));
  for (const line of nextLines(finished, directory)) host.stderr.write(noteText(line, host.stderr));
  if (session.json) {
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
    host.stdout.write(`${JSON.stringify(report)}\n`);
  }
  return exitCode(finished);
}
