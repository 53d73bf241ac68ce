import { endedPersonas } from "../../synthesis/generate.ts";
import { type Tally, tokensSaved } from "../../synthesis/tally.ts";
import { RUN_LENGTHS, shareOfTurns } from "../../trajectory/error-runs.ts";
import { dollars, duration, share, wholeNumber } from "../terminal/numbers.ts";
import { type Row, tableLines } from "../terminal/table.ts";
import { summaryWords as text } from "../words.ts";

/** What a run has come to, as the summary tells it. */
export interface RunSummary {
  /** The run's folder as the user would type it. */
  readonly run: string;
  readonly personas: number;
  readonly tally: Tally;
  /** Seconds that this part of the run took. */
  readonly seconds: number;
}

function each(total: number, accepted: number, write: (value: number) => string): string {
  return accepted === 0 ? "" : text.perAccepted(write(total / accepted));
}

function outcomeRows({ personas, tally }: RunSummary): readonly Row[] {
  const { accepted, rejected, failed } = tally.outcomes;
  const row = (label: string, count: number): Row => [
    `  ${label}`,
    wholeNumber(count),
    share(count, personas),
  ];
  return [
    [text.personas, wholeNumber(personas)],
    row(text.accepted, accepted),
    row(text.rejected, rejected),
    row(text.failed, failed),
    row(text.pending, personas - endedPersonas(tally)),
  ];
}

function callRows({ tally, seconds }: RunSummary): readonly Row[] {
  const { accepted } = tally.outcomes;
  const { promptTokens, cachedTokens, completionTokens, cost } = tally;
  const about = tally.estimatedCalls > 0 ? `${text.about} ` : "";
  const total = promptTokens + completionTokens;
  const [oneDigit, whole] = [(value: number) => value.toFixed(1), wholeNumber];
  return [
    [text.calls, wholeNumber(tally.calls), each(tally.calls, accepted, oneDigit)],
    ...(tally.failedCalls === 0 ? [] : [[`  ${text.givenUp}`, wholeNumber(tally.failedCalls)]]),
    [text.tokens, about + wholeNumber(total), each(total, accepted, whole)],
    [`  ${text.prompt}`, wholeNumber(promptTokens)],
    [`  ${text.cached}`, wholeNumber(cachedTokens), text.ofPrompt(share(cachedTokens, promptTokens))],
    [`  ${text.completion}`, wholeNumber(completionTokens)],
    [`  ${text.saved}`, wholeNumber(tokensSaved(tally)), text.savedNote],
    ...(tally.estimatedCalls === 0
      ? []
      : [[`  ${text.estimated}`, wholeNumber(tally.estimatedCalls), text.estimatedNote]]),
    cost === null
      ? [text.cost, text.unknownPrice, text.unknownPriceNote]
      : [text.cost, dollars(cost), each(cost, accepted, dollars)],
    ...(seconds === 0 ? [] : [[text.time, duration(seconds)]]),
  ];
}

/** Fault codes and how often each was met, the most frequent first. */
function faultRows({ tally }: RunSummary): readonly Row[] {
  const counts = Object.entries(tally.faults).sort(
    ([codeA, a], [codeB, b]) => b - a || (codeA < codeB ? -1 : 1),
  );
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return [
    undefined,
    [text.faults, wholeNumber(total)],
    ...counts.map(([code, count]): Row => [`  ${code}`, wholeNumber(count), share(count, total)]),
  ];
}

/** Error turns in a row by their number (App. N, Figure 13). */
function errorRunRows({ tally: { errorRuns } }: RunSummary): readonly Row[] {
  if (errorRuns.trajectories === 0) return [];
  return [
    undefined,
    [text.errorRuns, "", text.errorRunsNote],
    ...RUN_LENGTHS.map(
      (length): Row => [
        `  ${text.inARow(length)}`,
        wholeNumber(errorRuns.byLength[length].runs),
        share(shareOfTurns(errorRuns, length), 1),
      ],
    ),
  ];
}

/** The summary of a run as lines of at most 80 characters; where the files are comes after it. */
export function summaryLines(summary: RunSummary): readonly string[] {
  const rows = [
    ...outcomeRows(summary),
    ...callRows(summary),
    ...faultRows(summary),
    ...errorRunRows(summary),
  ];
  return tableLines(rows, ["left", "right", "left"]);
}

/** The summary as one JSON object; shares and means are left to the reader. */
export function summaryJson(
  { run, personas, tally, seconds }: RunSummary,
  ending: { readonly interrupted: boolean; readonly paused: string | null },
): object {
  const { accepted, rejected, failed } = tally.outcomes;
  return {
    run,
    personas,
    accepted,
    rejected,
    failed,
    pending: personas - endedPersonas(tally),
    calls: tally.calls,
    failedCalls: tally.failedCalls,
    promptTokens: tally.promptTokens,
    cachedTokens: tally.cachedTokens,
    completionTokens: tally.completionTokens,
    estimatedCalls: tally.estimatedCalls,
    tokensSaved: tokensSaved(tally),
    cost: tally.cost,
    faults: tally.faults,
    errorRuns: tally.errorRuns,
    seconds: Math.round(seconds * 1000) / 1000,
    ...ending,
  };
}
