import { modelChoiceSchema } from "../../config/run-settings.ts";
import type { Env } from "../../env.ts";
import { hasFailed } from "../../evaluation/episode.ts";
import type { EvaluationResult, EvaluationView } from "../../evaluation/evaluate.ts";
import type { EvaluationFolder } from "../../evaluation/plan-evaluation.ts";
import { summarize } from "../../evaluation/summary.ts";
import { priceSchema } from "../../model/money.ts";
import { counted, wholeNumber } from "../../numbers.ts";
import { EXIT_CODE, type ExitCode } from "../failure.ts";
import {
  endedJson,
  givenAgain,
  type Session,
  unendedCode,
  unendedLines,
  waitingLines,
  waitingOf,
} from "../run/session.ts";
import { type Host, showPath, withShortPaths } from "../terminal/host.ts";
import type { PanelState } from "../terminal/panel.ts";
import { paintFor, tell, widthFor } from "../terminal/text.ts";
import { summaryLines, unreadableWarning } from "./summary-lines.ts";

/** A part of an evaluation that has come to its end, or was ended. */
interface FinishedEvaluation extends EvaluationFolder {
  readonly result: EvaluationResult;
  readonly seconds: number;
  readonly interrupted: boolean;
  readonly session: Pick<Session, "json" | "options" | "details">;
  /** Whether it is one of several that the command plays, which are to be compared when all have ended. */
  readonly isOneOfSeveral: boolean;
}

/** How many episodes ended because the model or the world failed. */
function failures({ results }: EvaluationResult): number {
  return results.filter(hasFailed).length;
}

/** What can be done next. */
function nextLines(finished: FinishedEvaluation, directory: string, env: Env): readonly string[] {
  const { result, session, settings } = finished;
  const { planned, results, pause } = result;
  const model = modelChoiceSchema.safeParse(settings.model).data;
  const command = `agentrefine evaluate --out ${directory}${givenAgain(model, session, pause?.error, env)}`;
  const failed = failures(result);
  const pending = planned - results.length;
  const waiting = waitingOf(finished);
  return [
    `Evaluation: ${directory}`,
    ...(pending > 0
      ? [`Not finished: ${wholeNumber(pending)} of ${counted(planned, "episode")} are still to be played.`]
      : []),
    ...unendedLines(finished),
    ...(waiting !== undefined
      ? waitingLines(waiting, command)
      : pending > 0
        ? [`Resume with: ${command}`]
        : []),
    ...(pending === 0 && failed > 0
      ? [
          `${counted(failed, "episode")} ended because the model or the world failed (reasons: episodes.jsonl); play ${failed === 1 ? "it" : "them"} again: ${command} --retry-failed`,
        ]
      : []),
    ...(pending === 0 && failed === 0 && !finished.isOneOfSeveral
      ? [`Next: agentrefine compare ${directory} --paper`]
      : []),
  ];
}

/** Tells what an evaluation has come to and what can be done next. Gives the exit code. */
export function finishEvaluation(finished: FinishedEvaluation, host: Host): ExitCode {
  const { run, settings, result, seconds, session } = finished;
  const { planned, results } = result;
  const directory = showPath(run.directory, host.directory);
  const summary = { ...summarize(results), spending: result.spending };
  const pricesOf = priceSchema.safeParse(run.description.prices).data?.asOf;
  const paint = paintFor(host.stderr, host.env);
  const { remarks = {}, agentboard = "" } = settings;
  const options = {
    shortPaths: (text: string) => withShortPaths(text, host.directory, agentboard),
    seconds,
    remarks,
    details: session.details,
    pricesOf,
    width: widthFor(host.stderr),
    paint,
  };
  for (const line of summaryLines(summary, options)) host.stderr.write(`${line}\n`);
  const warning = unreadableWarning(summary);
  if (warning !== undefined) tell(host.stderr, warning, (text) => paint("yellow", text));
  for (const line of nextLines(finished, directory, host.env)) tell(host.stderr, line);
  if (session.json) {
    const report = {
      evaluation: run.directory,
      settings,
      planned,
      ended: results.length,
      ...summary,
      heldOut: summary.heldOut ?? null,
      ...endedJson(finished, seconds),
    };
    host.stdout.write(`${JSON.stringify(report)}\n`);
  }
  const isUseful = failures(result) === 0 && warning === undefined;
  return unendedCode(finished) ?? (isUseful ? EXIT_CODE.done : EXIT_CODE.belowThreshold);
}

/** What the progress of an evaluation tells of its episodes. */
export function progressOfEvaluation(
  view: EvaluationView,
): Pick<PanelState, "ended" | "counts" | "tokens" | "completionTokens" | "cost" | "batches"> {
  let [ended, solved, failed] = [0, 0, 0];
  for (const { ending } of view.results().values()) {
    ended += 1;
    if (ending === "success") solved += 1;
    if (hasFailed({ ending })) failed += 1;
  }
  const { promptTokens, completionTokens, cost } = view.spending();
  return {
    ended,
    counts: [
      { label: "success", count: solved, style: "green", withShare: true },
      { label: "model failed", count: failed, style: "red" },
    ],
    tokens: promptTokens + completionTokens,
    completionTokens,
    cost,
    batches: view.batches?.(),
  };
}
