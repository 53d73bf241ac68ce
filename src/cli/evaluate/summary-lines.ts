import { variantText } from "../../environment/environment.ts";
import { addCounts, type Counts } from "../../evaluation/episode-result.ts";
import type { Estimate } from "../../evaluation/metrics/interval.ts";
import type { Spread } from "../../evaluation/metrics/scores.ts";
import type { EvaluationSummary, Scores, SuiteSummary } from "../../evaluation/summary.ts";
import { printableLine } from "../../printable.ts";
import {
  counted,
  dollars,
  duration,
  oneDigit,
  priceAge,
  shortNumber,
  wholeNumber,
} from "../terminal/numbers.ts";
import { type Alignment, type Row, tableLines } from "../terminal/table.ts";
import { type Paint, wrapText } from "../terminal/text.ts";

function percent(value: number): string {
  return Number.isNaN(value) ? "–" : oneDigit(100 * value);
}

function interval({ low, high }: Estimate): string {
  return `${percent(low)}–${percent(high)}`;
}

/** Nothing when no attempt is whole. */
function spread({ mean, deviation }: Spread): string {
  if (Number.isNaN(mean)) return "–";
  return `${percent(mean)} ± ${percent(deviation)}`;
}

function rateRow(
  label: string,
  { tasks, success, progress }: Pick<SuiteSummary, "tasks" | "success" | "progress">,
  last: string,
  paint: Paint,
): Row {
  return [
    label,
    wholeNumber(tasks),
    paint(success.value > 0 ? "green" : "red", percent(success.value)),
    paint("dim", interval(success)),
    paint("cyan", percent(progress.value)),
    paint("dim", interval(progress)),
    last,
  ];
}

function rateLines({ suites, heldOut }: EvaluationSummary, paint: Paint): readonly string[] {
  const rows = suites.map((each) =>
    rateRow(paint("bold", printableLine(each.suite)), each, percent(each.behaviour.grounding), paint),
  );
  if (heldOut !== undefined && suites.length > 1) {
    const { missing, success, progress } = heldOut;
    const tasks = suites
      .filter(({ suite }) => heldOut.suites.includes(suite))
      .reduce((sum, each) => sum + each.tasks, 0);
    const label =
      missing.length === 0 ? "held-out (App. A)" : `${heldOut.suites.join(" + ")} (App. A's weights)`;
    rows.push(rateRow(paint("bold", printableLine(label)), { tasks, success, progress }, "", paint));
  }
  return tableLines(
    [["", "tasks", "success %", "95 %", "progress %", "95 %", "grounding %"], ...rows],
    ["left", "right", "right", "left", "right", "left", "right"],
  );
}

/** A table of what may be somebody else's words, such as the names of groups in an episodes.jsonl. */
function plainTable(rows: readonly Row[], alignment: readonly Alignment[]): readonly string[] {
  return tableLines(
    rows.map((row) => row?.map(printableLine)),
    alignment,
  );
}

function splitRows(scores: Readonly<Record<string, Scores>>): readonly Row[] {
  return Object.entries(scores).map(([name, { episodes, success, progress }]) => [
    `  ${name}`,
    wholeNumber(episodes),
    percent(success),
    percent(progress),
  ]);
}

function splitLines(suites: readonly SuiteSummary[]): readonly string[] {
  const rows = suites.flatMap(({ suite, groups, difficulties }): readonly Row[] => {
    const parts = [...splitRows(difficulties), ...splitRows(groups)];
    return parts.length === 0 ? [] : [[suite], ...parts];
  });
  return rows.length === 0
    ? []
    : plainTable([["", "episodes", "success %", "progress %"], ...rows], ["left", "right", "right", "right"]);
}

function sampledLines(suites: readonly SuiteSummary[]): readonly string[] {
  const rows = suites.flatMap(({ suite, sampled }): readonly Row[] => {
    if (sampled === undefined) return [];
    const { best } = sampled;
    const means = [spread(sampled.spread.success), spread(sampled.spread.progress)];
    return [[suite, percent(best.success), percent(best.progress), ...means]];
  });
  const attempts = Math.max(0, ...suites.map(({ sampled }) => sampled?.attempts ?? 0));
  if (rows.length === 0) return [];
  const head = [`Best of ${attempts}`, "success %", "progress %", "mean success %", "mean progress %"];
  return plainTable([head, ...rows], ["left", "right", "right", "right", "right"]);
}

function behaviourLines(suites: readonly SuiteSummary[]): readonly string[] {
  const rows = suites.map(
    ({ suite, behaviour, endings }): Row => [
      suite,
      Number.isNaN(behaviour.turns) ? "–" : oneDigit(behaviour.turns),
      percent(behaviour.formatErrors),
      percent(behaviour.repeatedActions),
      wholeNumber(endings["turn-limit"]),
      wholeNumber(endings.stopped),
      wholeNumber(endings["model-failed"]),
    ],
  );
  const alignment = ["left", "right", "right", "right", "right", "right", "right"] as const;
  return plainTable(
    [["", "turns", "malformed %", "repeated %", "out of turns", "stopped", "model failed"], ...rows],
    alignment,
  );
}

/** Where the model's context was too short; most evaluations have none of it. */
function shortenedLines(suites: readonly SuiteSummary[]): readonly string[] {
  return suites
    .filter(({ behaviour }) => behaviour.shortened > 0)
    .map(
      ({ suite, behaviour }) =>
        `${suite}: in ${percent(behaviour.shortened)} % of the turns the model's context was full, and its oldest turns were left out.`,
    );
}

function kinds(counts: Counts): string {
  return Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([kind, count]) => `${wholeNumber(count)} ${kind}`)
    .join(", ");
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** What was wrong with the replies, and what was read all the same. */
function replyLines(suites: readonly SuiteSummary[]): readonly string[] {
  return suites.flatMap(({ suite, malformed, irregular, endings }) => [
    ...(endings["world-failed"] === 0
      ? []
      : [
          `${suite}: the world failed in ${counted(endings["world-failed"], "episode")} (reasons: episodes.jsonl)`,
        ]),
    ...(total(malformed) === 0 ? [] : [`${suite}: replies that could not be read: ${kinds(malformed)}`]),
    ...(total(irregular) === 0 ? [] : [`${suite}: replies in another form, played: ${kinds(irregular)}`]),
  ]);
}

const REMEDIES: ReadonlyMap<string, string> = new Map([
  ["cut-off", "Give a larger --max-tokens."],
  ["cut-while-thinking", "Give a larger --max-tokens, or have the model think less."],
  ["reasoning-only", "Look whether the server takes the model's reasoning for its whole reply."],
  ["refused", "The server's filter refuses the replies: see episodes.jsonl."],
]);

/** A warning where no reply at all could be read, so that the numbers say nothing of the model. */
export function unreadableWarning({ suites }: EvaluationSummary): string | undefined {
  const malformed = addCounts(suites.map((each) => each.malformed));
  const [most] = Object.entries(malformed).sort(([, one], [, other]) => other - one);
  if (most === undefined || suites.some(({ behaviour }) => behaviour.formatErrors < 1)) return undefined;
  const fix =
    REMEDIES.get(most[0]) ??
    "Look at the replies in episodes.jsonl: the model may need another chat template.";
  return `No reply could be read (${kinds(malformed)}), so the numbers say nothing of the model. ${fix}`;
}

function spendingLines(
  { spending }: EvaluationSummary,
  { seconds, pricesOf, paint }: SummaryOptions,
): readonly string[] {
  const { promptTokens, cachedTokens, completionTokens, cost } = spending;
  const tokens = promptTokens + completionTokens;
  const counts = [promptTokens, cachedTokens, completionTokens].map(shortNumber);
  const [prompt = "", cached = "", completion = ""] = counts;
  const rows: Row[] = [];
  if (tokens > 0) {
    rows.push([
      paint("bold", "Tokens"),
      shortNumber(tokens),
      `${prompt} prompt (${cached} cached), ${completion} completion`,
    ]);
    if (cost !== null && cost > 0)
      rows.push([paint("bold", "Cost"), paint("cyan", dollars(cost)), priceAge(pricesOf).trim()]);
  }
  if (seconds > 0) rows.push([paint("bold", "Time"), duration(seconds)]);
  return tableLines(rows, ["left", "right", "left"]);
}

/** What a summary says beside what an evaluation has come to. */
export interface SummaryOptions {
  /** What this part of it took. */
  readonly seconds: number;
  /** Whether the levels and groups of each suite are told. */
  readonly details: boolean;
  /** When the prices were written down; undefined for prices without a date. */
  readonly pricesOf?: string | undefined;
  /** The columns at which sentences are wrapped. */
  readonly width: number;
  readonly paint: Paint;
}

/** The summary of an evaluation as lines, the answer last, so that it is what stays on a screen. */
export function summaryLines(summary: EvaluationSummary, options: SummaryOptions): readonly string[] {
  const { suites } = summary;
  // What was bought is told even when no episode has ended.
  if (suites.length === 0) return spendingLines(summary, options);
  const parts = [
    options.details ? splitLines(suites) : [],
    sampledLines(suites),
    [
      ...behaviourLines(suites),
      ...[
        ...shortenedLines(suites),
        ...replyLines(suites),
        ...suites.map(({ suite, variant }) => `${suite}: ${variantText(variant)}`),
      ].flatMap((line) => wrapText(line, { width: options.width, indent: 0, hanging: 2 })),
    ],
    rateLines(summary, options.paint),
    spendingLines(summary, options),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .flatMap((lines, place) => (place === 0 ? lines : ["", ...lines]));
}
