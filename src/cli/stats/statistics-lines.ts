import stringWidth from "string-width";
import { counted, dollars, mostFrequent, oneDigit, share, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { binsOf, type Distribution, summaryOf } from "../../report/distribution.ts";
import type { RunMaking, RunStatistics } from "../../report/run-statistics.ts";
import { shareOfErrorTurns } from "../../trajectory/trajectory.ts";
import { acceptanceText, errorRunRows, kindRows, tokenRows, writerLines } from "../generate/summary.ts";
import { cut, type Row, tableLines } from "../terminal/table.ts";
import type { Paint } from "../terminal/text.ts";

/** Where the lines are shown. */
interface Screen {
  readonly width: number;
  readonly paint: Paint;
}

/** How wide a block of lines is at most, so that two stand beside each other on a wide terminal. */
const BLOCK = 62;
const GAP = 4;
const LONGEST_BAR = 24;
const MOST_PAIRS = 3;

const COUNTS = ["left", "right", "left"] as const;

/** Rows without the empty ones at their ends as a block. */
function block(rows: readonly Row[], alignment: readonly ("left" | "right")[] = COUNTS): readonly string[] {
  const lines = tableLines(rows, alignment);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** The acceptance funnel. */
function stepBlock({ steps }: RunMaking): readonly string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ call, reached, accepted, rejected, failed }) => [
    `  ${call}`,
    ...[reached, accepted, rejected, failed].map(wholeNumber),
    share(accepted, reached),
  ]);
  return block(
    [["Call", "reached", "accepted", "rejected", "failed", "accepted of reached"], ...rows],
    ["left", "right", "right", "right", "right", "right"],
  );
}

/** Lengths and sizes in a few numbers each. */
function sizeBlock({ turns, tokens, actions, objects }: RunStatistics): readonly string[] {
  const sizes: readonly (readonly [string, Distribution | undefined])[] = [
    ["player turns", turns],
    ["tokens", tokens?.all],
    ["  of them trained", tokens?.trained],
    ["actions", actions],
    ["places and objects", objects],
  ];
  const rows = sizes.flatMap(([label, distribution]) => {
    const summary = distribution && summaryOf(distribution);
    if (summary === undefined) return [];
    const { mean, least, median, ninetieth, most } = summary;
    return [[`  ${label}`, oneDigit(mean), ...[least, median, ninetieth, most].map(wholeNumber)]];
  });
  if (rows.length === 0) return [];
  return block(
    [["Of a trajectory", "mean", "least", "median", "90 %", "most"], ...rows],
    ["left", "right", "right", "right", "right", "right"],
  );
}

/** A distribution as bars. */
function barBlock(title: string, distribution: Distribution, { paint }: Screen): readonly string[] {
  const bins = binsOf(distribution, 12);
  const most = Math.max(0, ...bins.map(({ count }) => count));
  if (bins.length === 0) return [];
  const rows = bins.map(({ from, to, count }) => {
    const bar = "█".repeat(Math.round((LONGEST_BAR * count) / most));
    return [
      `  ${from === to ? wholeNumber(from) : `${wholeNumber(from)}–${wholeNumber(to)}`}`,
      wholeNumber(count),
      bar === "" && count > 0 ? "▏" : paint("cyan", bar),
    ];
  });
  return block([[title], ...rows]);
}

function errorKindBlock({ errorKinds, errorRuns }: RunStatistics): readonly string[] {
  if (errorKinds === undefined || errorRuns.trajectories === 0) return [];
  const { parameter, place, logic } = errorKinds;
  const all = parameter + place + logic;
  const rows = Object.entries({ parameter, place, logic }).map(([kind, count]) => [
    `  ${kind}`,
    wholeNumber(count),
    share(count, all),
  ]);
  return block([["Errors flagged", wholeNumber(all)], ...rows]);
}

function goalBlock({ goals }: RunStatistics, width: number): readonly string[] {
  if (goals === undefined) return [];
  const themes = mostFrequent(goals.themes);
  const pairs = goals.pairs
    .slice(0, MOST_PAIRS)
    .map(({ id, nearId, goal }) =>
      cut(`  ${id.slice(0, 6)} as ${nearId.slice(0, 6)}: ${printableLine(goal)}`, width),
    );
  return [
    ...block(kindRows("Goals by theme", themes)),
    ...(goals.nearDuplicates === 0
      ? []
      : ["", `${counted(goals.nearDuplicates, "goal")} nearly as an earlier one, such as`, ...pairs]),
  ];
}

function blocksOf(statistics: RunStatistics, screen: Screen): readonly (readonly string[])[] {
  const { making, errorRuns, kind } = statistics;
  const masked = kind === "conversations" ? "Masked answers in a row" : undefined;
  const width = Math.min(BLOCK, screen.width);
  return [
    making === undefined ? [] : stepBlock(making),
    making === undefined ? [] : block(kindRows("Faults met", mostFrequent(making.tally.faults))),
    block(errorRunRows(errorRuns, masked)),
    errorKindBlock(statistics),
    sizeBlock(statistics),
    barBlock("Trajectories by player turns", statistics.turns, screen),
    statistics.tokens === undefined ? [] : barBlock("Trajectories by tokens", statistics.tokens.all, screen),
    goalBlock(statistics, width),
    making === undefined || making.tally.calls === 0 ? [] : block(tokenRows(making.tally)),
    making === undefined ? [] : writerLines(making.tally, width).slice(0, -1),
  ].filter((lines) => lines.length > 0);
}

/** Blocks in as many columns as there is room for, each put where the least is, an empty line between them. */
function inColumns(blocks: readonly (readonly string[])[], width: number): readonly string[] {
  const widest = Math.max(0, ...blocks.flat().map((line) => stringWidth(line)));
  const columns = Math.max(1, Math.min(3, Math.floor((width + GAP) / (widest + GAP))));
  const filled = Array.from({ length: columns }, (): string[] => []);
  const most = blocks.reduce((sum, lines) => sum + lines.length + 1, 0) / columns;
  let at = 0;
  for (const lines of blocks) {
    const column = filled[at];
    if (column === undefined) continue;
    if (column.length > 0) column.push("");
    column.push(...lines);
    if (column.length >= most - lines.length / 2 && at < columns - 1) at += 1;
  }
  const height = Math.max(0, ...filled.map((lines) => lines.length));
  return Array.from({ length: height }, (_line, place) =>
    filled
      .map((lines) => {
        const line = lines[place] ?? "";
        return line + " ".repeat(Math.max(0, widest - stringWidth(line)));
      })
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}

function size({ trajectories, making, kind }: RunStatistics, paint: Paint): string {
  if (making !== undefined) return acceptanceText(making.personas, making.tally, paint);
  return kind === "conversations"
    ? counted(trajectories, "conversation")
    : counted(trajectories, "trajectory", "trajectories");
}

function lengths({ turns, tokens, trajectories }: RunStatistics): string {
  const length = summaryOf(turns);
  if (length === undefined) return "";
  const inTurns = `${oneDigit(length.mean)} player turns`;
  if (tokens === undefined) return inTurns;
  const trained = `${share(tokens.trainedSum, tokens.sum)} of them trained`;
  return `${inTurns}, ${wholeNumber(tokens.sum / trajectories)} tokens (${trained})`;
}

function errors({ errorRuns, kind, goals }: RunStatistics): string {
  if (errorRuns.trajectories === 0) return "";
  const all = shareOfErrorTurns(errorRuns);
  const near =
    goals === undefined ? "" : `; ${counted(goals.nearDuplicates, "goal")} nearly as an earlier one`;
  return `${share(all, 1)} of the ${kind === "conversations" ? "answers" : "player turns"}${near}`;
}

function cost({ making }: RunStatistics, paint: Paint): string {
  if (making === undefined || making.tally.cost === 0) return "";
  if (making.tally.cost === null) return "unknown, as the price of some calls is";
  const each = making.costEach === null ? "" : `, ${dollars(making.costEach)} for each accepted`;
  return `${paint("cyan", dollars(making.tally.cost))}${each}`;
}

/** The answer to what a data set is, in a few rows. */
function answerRows(statistics: RunStatistics, paint: Paint): readonly Row[] {
  const { unusable, firstProblem = "", kind } = statistics;
  const left =
    unusable === 0
      ? ""
      : paint(
          "yellow",
          `${counted(unusable, kind === "run" ? "line" : "row")} that cannot be used: ${printableLine(firstProblem)}`,
        );
  const rows: readonly Row[] = [
    ["  Length", lengths(statistics)],
    [kind === "conversations" ? "  Masked" : "  Errors", errors(statistics)],
    ["  Cost", cost(statistics, paint)],
    ["  Left out", left],
  ];
  return [
    [paint("bold", statistics.name), size(statistics, paint)],
    ...rows.filter((row) => row?.[1] !== ""),
  ];
}

/**
 * What data sets are as lines for a terminal: of each its tables, beside each other where there is room, then the
 * answers of all, which is what stays on a screen.
 */
export function statisticsLines(all: readonly RunStatistics[], screen: Screen): readonly string[] {
  const tables = all.flatMap((statistics) => {
    const lines = inColumns(blocksOf(statistics, screen), screen.width);
    if (lines.length === 0) return [];
    return [...(all.length > 1 ? [screen.paint("bold", statistics.name)] : []), ...lines, ""];
  });
  return [
    ...tables,
    ...tableLines(
      all.flatMap((each) => answerRows(each, screen.paint)),
      ["left", "left"],
    ),
  ];
}
