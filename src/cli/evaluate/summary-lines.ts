import { type Measure, variantText } from "../../environment/suite.ts";
import { addCounts } from "../../evaluation/episode-result.ts";
import { groupBy } from "../../evaluation/metrics/scores.ts";
import type { EvaluationSummary, SuiteSummary } from "../../evaluation/summary.ts";
import { dollars, duration, oneDigit, priceAge, shortNumber, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { measureTitle, scoreText, spreadText } from "../../report/score-text.ts";
import { kindsText, troubles } from "../../report/troubles.ts";
import { type Alignment, type Row, tableLines } from "../terminal/table.ts";
import { type Paint, wrapText } from "../terminal/text.ts";

function percent(value: number): string {
  return Number.isNaN(value) ? "–" : oneDigit(100 * value);
}

/** Suites that are measured alike, and so share a table. */
function measuredAlike(suites: readonly SuiteSummary[]): readonly (readonly SuiteSummary[])[] {
  return [...groupBy(suites, ({ measures }) => measures.map(({ name }) => name).join()).values()];
}

function rateRow(
  label: string,
  tasks: number,
  { measures, scores }: Pick<SuiteSummary, "measures" | "scores">,
  last: string,
  paint: Paint,
): Row {
  const cells = measures.flatMap((measure, place): readonly string[] => {
    const { value = 0, low = 0, high = 0 } = scores[measure.name] ?? {};
    // The first measure is what a suite is about.
    const style = place > 0 ? "cyan" : value > measure.range[0] ? "green" : "red";
    const interval = `${scoreText(low, measure)}–${scoreText(high, measure)}`;
    return [paint(style, scoreText(value, measure)), paint("dim", interval)];
  });
  return [paint("bold", printableLine(label)), wholeNumber(tasks), ...cells, last];
}

function heldOutRow({ suites, heldOut }: EvaluationSummary, paint: Paint): readonly Row[] {
  if (heldOut === undefined || suites.length < 2) return [];
  const tasks = suites
    .filter(({ suite }) => heldOut.suites.includes(suite))
    .reduce((sum, each) => sum + each.tasks, 0);
  const label = heldOut.missing.length === 0 ? "held-out" : "held-out*";
  return [rateRow(label, tasks, heldOut, "", paint)];
}

/** What the row of a held-out score is over that is not the paper's. */
function heldOutLine({ suites, heldOut }: EvaluationSummary): readonly string[] {
  if (heldOut === undefined || suites.length < 2 || heldOut.missing.length === 0) return [];
  return [
    `held-out*: ${heldOut.suites.join(" and ")} with App. A's weights, without ${heldOut.missing.join(", ")}`,
  ];
}

function rateLines(summary: EvaluationSummary, paint: Paint): readonly string[] {
  return measuredAlike(summary.suites).flatMap((alike, place) => {
    const measures = alike[0]?.measures ?? [];
    const rows = alike.map((each) =>
      rateRow(each.suite, each.tasks, each, percent(each.behaviour.grounding), paint),
    );
    const isHeldOut = alike.some(({ suite }) => summary.heldOut?.suites.includes(suite));
    const lines = tableLines(
      [
        ["", "tasks", ...measures.flatMap((measure) => [measureTitle(measure), "95 %"]), "grounding %"],
        ...rows,
        ...(isHeldOut ? heldOutRow(summary, paint) : []),
      ],
      ["left", "right", ...measures.flatMap((): readonly Alignment[] => ["right", "left"]), "right"],
    );
    return place === 0 ? lines : ["", ...lines];
  });
}

/** A table of what may be somebody else's words, such as the names of groups in an episodes.jsonl. */
function plainTable(rows: readonly Row[], alignment: readonly Alignment[]): readonly string[] {
  return tableLines(
    rows.map((row) => row?.map(printableLine)),
    alignment,
  );
}

/** A table for each kind of suites, with the rows of its suites below a head. */
function scoreTables(
  suites: readonly SuiteSummary[],
  head: (measures: readonly Measure[]) => readonly string[],
  rowsOf: (suite: SuiteSummary) => readonly Row[],
): readonly string[] {
  return measuredAlike(suites).flatMap((alike, place) => {
    const rows = alike.flatMap(rowsOf);
    const titles = head(alike[0]?.measures ?? []);
    const alignment = titles.map((_title, column): Alignment => (column === 0 ? "left" : "right"));
    if (rows.length === 0) return [];
    return [...(place === 0 ? [] : [""]), ...plainTable([titles, ...rows], alignment)];
  });
}

function splitLines(suites: readonly SuiteSummary[]): readonly string[] {
  return scoreTables(
    suites,
    (measures) => ["", "episodes", ...measures.map(measureTitle)],
    ({ suite, measures, groups, difficulties }) => {
      const parts = [...Object.entries(difficulties), ...Object.entries(groups)].map(
        ([name, { episodes, scores }]): Row => [
          `  ${name}`,
          wholeNumber(episodes),
          ...measures.map((measure) => scoreText(scores[measure.name], measure)),
        ],
      );
      return parts.length === 0 ? [] : [[suite], ...parts];
    },
  );
}

function sampledLines(suites: readonly SuiteSummary[]): readonly string[] {
  const attempts = Math.max(0, ...suites.map(({ sampled }) => sampled?.attempts ?? 0));
  return scoreTables(
    suites,
    (measures) => [
      `Best of ${attempts}`,
      ...measures.map(measureTitle),
      ...measures.map((measure) => `mean ${measureTitle(measure)}`),
    ],
    ({ suite, measures, sampled }) =>
      sampled === undefined
        ? []
        : [
            [
              suite,
              ...measures.map((measure) => scoreText(sampled.best[measure.name], measure)),
              ...measures.map((measure) => spreadText(sampled.spread[measure.name], measure)),
            ],
          ],
  );
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
  return `No reply could be read (${kindsText(malformed)}), so the numbers say nothing of the model. ${fix}`;
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
interface SummaryOptions {
  /** What this part of it took. */
  readonly seconds: number;
  /** What the suites say of themselves, by their names. */
  readonly remarks: Readonly<Record<string, readonly string[]>>;
  /** Whether the levels and groups of each suite are told. */
  readonly details: boolean;
  /** When the prices were written down; undefined for prices without a date. */
  readonly pricesOf?: string | undefined;
  /** A text with its paths as the user gives them. */
  readonly shortPaths: (text: string) => string;
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
        ...suites.flatMap((each) => troubles(each).map((line) => printableLine(`${each.suite}: ${line}`))),
        ...heldOutLine(summary),
        ...Object.entries(options.remarks).flatMap(([suite, said]) =>
          said.map((each) => `${suite}: ${each}`),
        ),
        ...suites.map(({ suite, variant }) => `${suite}: ${variantText(variant)}`),
      ].flatMap((line) =>
        wrapText(options.shortPaths(line), { width: options.width, indent: 0, hanging: 2 }),
      ),
    ],
    rateLines(summary, options.paint),
    spendingLines(summary, options),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .flatMap((lines, place) => (place === 0 ? lines : ["", ...lines]));
}
