import { wilson } from "../../evaluation/metrics/interval.ts";
import {
  counted,
  dollars,
  duration,
  mostFrequent,
  priceAge,
  share,
  shortNumber,
  wholeNumber,
} from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { writerRows } from "../../report/writer-rows.ts";
import { endedPersonas, type Tally, tokensSaved } from "../../synthesis/tally.ts";
import { type ErrorRunCounts, RUN_LENGTHS, shareOfTurns } from "../../trajectory/trajectory.ts";
import { type Alignment, cut, type Row, tableLines } from "../terminal/table.ts";
import type { Paint } from "../terminal/text.ts";

/** What a run has come to, as the summary tells it. */
interface RunSummary {
  /** The run's folder as the user would type it. */
  readonly run: string;
  readonly personas: number;
  readonly tally: Tally;
  /** Seconds that this part of the run took, and the tokens that the model wrote in it. */
  readonly seconds: number;
  readonly written: number;
  /** When the prices were written down, as `2025-12` or a date; undefined for prices without a date. */
  readonly pricesOf?: string | undefined;
}

/** The columns that a summary keeps to. */
const WIDTH = 80;
const MOST_KINDS = 8;
/** From which share on one kind of fault is told by itself, and in how many replies at least. */
const NEARLY_ALL = 0.8;
const ENOUGH = 3;

/** Counts with their shares of the whole. */
function percentRows(counts: readonly (readonly [string, number])[], whole: number): readonly Row[] {
  return counts.map(([label, count]) => [`  ${label}`, wholeNumber(count), share(count, whole)]);
}

/** The most frequent of some kinds with their shares, and how many there are of the others. */
export function kindRows(title: string, counts: readonly (readonly [string, number])[]): readonly Row[] {
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const most = counts.length === MOST_KINDS + 1 ? counts.length : MOST_KINDS;
  const rest = counts.slice(most);
  const others = rest.reduce((sum, [, count]) => sum + count, 0);
  return [
    [title, wholeNumber(total)],
    ...percentRows(counts.slice(0, most), total),
    ...(rest.length === 0 ? [] : percentRows([[`${rest.length} further kinds`, others]], total)),
    undefined,
  ];
}

/** Error turns in a row by their number (App. N, Figure 13). */
export function errorRunRows(errorRuns: ErrorRunCounts, title = "Error turns in a row"): readonly Row[] {
  if (errorRuns.trajectories === 0) return [];
  const rows = RUN_LENGTHS.map((length): Row => {
    const { runs } = errorRuns.byLength[length];
    const label = length.startsWith(">") ? `more than ${length.slice(1)}` : length;
    return [`  ${label}`, wholeNumber(runs), share(shareOfTurns(errorRuns, length), 1)];
  });
  return [[title, "", "share of player turns (App. N)"], ...rows, undefined];
}

function acceptanceRows(tally: Tally): readonly Row[] {
  const counts = Object.entries(tally.acceptedByCalls).sort(([a], [b]) => Number(a) - Number(b));
  if (counts.length === 0) return [];
  const ended = endedPersonas(tally);
  const named = counts.map(([calls, count]): [string, number] => [`after ${calls} calls`, count]);
  return [
    ["Accepted"],
    ...percentRows([...named, ["never", ended - tally.outcomes.accepted]], ended),
    undefined,
  ];
}

/** Tokens and calls of a run. */
export function tokenRows(tally: Tally): readonly Row[] {
  const { promptTokens, cachedTokens, completionTokens, estimatedCalls, failedCalls } = tally;
  const saved = tokensSaved(tally);
  return [
    ["Tokens", wholeNumber(promptTokens + completionTokens), `in ${counted(tally.calls, "call")}`],
    ["  prompt", wholeNumber(promptTokens), `${share(cachedTokens, promptTokens)} of it cached`],
    ["  completion", wholeNumber(completionTokens)],
    ...(saved > 0 ? [["  saved", wholeNumber(saved), "by stopping at faults (estimated)"]] : []),
    ...(estimatedCalls > 0
      ? [["  estimated", wholeNumber(estimatedCalls), "calls not counted by the provider"]]
      : []),
    ...(failedCalls > 0 ? [["  given up", wholeNumber(failedCalls), "calls without a reply"]] : []),
    undefined,
  ];
}

/** Columns of a name; the columns behind it fit the rest of 80. */
const LONGEST_NAME = 32;
const SIDES: readonly Alignment[] = ["left", "right", "left", "right", "right"];

/** The writers of a run side by side, and the faults of each; nothing of a run that one model writes. */
export function writerLines(tally: Tally, width: number): readonly string[] {
  const writers = writerRows(tally);
  if (writers.length === 0) return [];
  const name = (label: string): string => `  ${cut(printableLine(label), LONGEST_NAME)}`;
  const rows: readonly Row[] = [
    ["Writers", "ended", "accepted (95 %)", "output each", "cost each"],
    ...writers.flatMap(({ label, ended, acceptance, outputEach, costEach, parts }): readonly Row[] => [
      [name(label), ended, acceptance, outputEach, costEach],
      ...parts.map((part): Row => [`    ${part.name}`, "", "", part.outputEach, part.costEach]),
    ]),
  ];
  const faults: readonly Row[] = [
    ["Faults met"],
    ...writers.map(({ label, faults, faultKinds }) => [name(label), faults, faultKinds]),
  ];
  return [
    ...tableLines(rows, SIDES),
    "",
    ...tableLines(faults, ["left", "right", "left"]).map((line) => cut(line, width)),
    "",
  ];
}

/** What is wrong with nearly all replies, when something is: most often a setting. */
function warnings({ run, tally }: RunSummary): readonly string[] {
  const { calls, cutCalls, refusedCalls } = tally;
  const isNearlyAll = (count: number): boolean => count >= ENOUGH && count >= NEARLY_ALL * calls;
  const of = (count: number): string => `${wholeNumber(count)} of ${counted(calls, "reply", "replies")}`;
  if (isNearlyAll(cutCalls)) return [`${of(cutCalls)} were cut at --max-tokens: give more.`];
  if (isNearlyAll(refusedCalls)) return [`${of(refusedCalls)} were refused by the model or a filter.`];
  const [first] = mostFrequent(tally.faults);
  if (first === undefined || !isNearlyAll(first[1])) return [];
  const [code, count] = first;
  return [`${of(count)} had the same fault, ${code}. Read them: agentrefine show ${run} --fault ${code}`];
}

/** How many of the personas were accepted, and what became of the others. */
export function acceptanceText(personas: number, tally: Tally, paint: Paint): string {
  const { accepted, rejected, failed } = tally.outcomes;
  const ended = endedPersonas(tally);
  const pending = personas - ended;
  const outcome = `${wholeNumber(accepted)} of ${wholeNumber(personas)} accepted (${share(accepted, ended)})`;
  return [
    paint(accepted > 0 ? "green" : "red", outcome),
    ...(rejected > 0 ? [paint("yellow", `${wholeNumber(rejected)} rejected`)] : []),
    ...(failed > 0 ? [paint("red", `${wholeNumber(failed)} failed`)] : []),
    ...(pending > 0 ? [`${wholeNumber(pending)} pending`] : []),
  ].join(", ");
}

function answerRows(summary: RunSummary, paint: Paint): readonly Row[] {
  const { personas, tally, seconds, written, pricesOf } = summary;
  const { accepted } = tally.outcomes;
  const each =
    accepted === 0 || tally.cost === null ? "" : `, ${dollars(tally.cost / accepted)} for each accepted`;
  const age = priceAge(pricesOf);
  const speed = seconds > 0 && written > 0 ? `, ${shortNumber(written / seconds)} tokens/s` : "";
  return [
    [paint("bold", "Result"), acceptanceText(personas, tally, paint)],
    // A server of one's own and the built-in author have no price; what it wrote a second says what it costs.
    ...(tally.cost === null || tally.cost === 0
      ? []
      : [[paint("bold", "Cost"), `${paint("cyan", dollars(tally.cost))}${each}${age}`]]),
    ...(seconds > 0 ? [[paint("bold", "Time"), `${duration(seconds)}${speed}`]] : []),
  ];
}

/**
 * The summary of a run as lines that fit 80 columns: first tables of what happened, then the answer, which is what
 * stays on a screen. Nothing of a run that got no reply, as then only the reason matters.
 */
export function summaryLines(summary: RunSummary, paint: Paint): readonly string[] {
  const { tally } = summary;
  if (tally.calls === 0 && endedPersonas(tally) === 0) return [];
  const rows = [
    ...kindRows("Faults met", mostFrequent(tally.faults)),
    ...errorRunRows(tally.errorRuns),
    ...acceptanceRows(tally),
    ...tokenRows(tally),
  ];
  return [
    ...tableLines(rows, ["left", "right", "left"]),
    ...writerLines(tally, WIDTH),
    ...warnings(summary).map((line) => paint("yellow", line)),
    ...tableLines(answerRows(summary, paint), ["left", "left"]),
  ];
}

/** The writers of a run as JSON: counts, what was bought, and the interval of the acceptance. */
function writersJson({ writers }: Tally): object {
  if (writers === undefined) return {};
  const told = Object.entries(writers).map(([label, writer]) => {
    const count = endedPersonas(writer);
    const { accepted } = writer.outcomes;
    return [label, { ...writer, acceptance: count === 0 ? null : wilson(accepted / count, count) }];
  });
  return { writers: Object.fromEntries(told) };
}

/** The summary as one JSON object; shares and means are left to the reader. */
export function summaryJson({
  run,
  personas,
  tally,
}: Pick<RunSummary, "run" | "personas" | "tally">): object {
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
    acceptedByCalls: tally.acceptedByCalls,
    faults: tally.faults,
    errorRuns: tally.errorRuns,
    ...writersJson(tally),
  };
}
