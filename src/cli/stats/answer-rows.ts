import { counted, dollars, oneDigit, share, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { summaryOf } from "../../report/distribution.ts";
import type { RunMaking, RunStatistics } from "../../report/run-statistics.ts";
import { endedPersonas } from "../../synthesis/tally.ts";
import { shareOfErrorTurns } from "../../trajectory/trajectory.ts";
import type { Row } from "../terminal/table.ts";
import type { Paint } from "../terminal/text.ts";

function acceptance({ personas, pending, tally }: RunMaking, paint: Paint): string {
  const { accepted, rejected, failed } = tally.outcomes;
  const rate = share(accepted, endedPersonas(tally));
  return [
    paint(
      accepted > 0 ? "green" : "red",
      `${wholeNumber(accepted)} of ${wholeNumber(personas)} accepted (${rate})`,
    ),
    ...(rejected > 0 ? [paint("yellow", `${wholeNumber(rejected)} rejected`)] : []),
    ...(failed > 0 ? [paint("red", `${wholeNumber(failed)} failed`)] : []),
    ...(pending > 0 ? [`${wholeNumber(pending)} pending`] : []),
  ].join(", ");
}

function size({ trajectories, making, kind }: RunStatistics, paint: Paint): string {
  if (making !== undefined) return acceptance(making, paint);
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
export function answerRows(statistics: RunStatistics, paint: Paint): readonly Row[] {
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
