import { resolve } from "node:path";
import type { StatusFlags } from "../../config/flags.ts";
import { AgentRefineError } from "../../errors.ts";
import { counted, dollars, wholeNumber } from "../../numbers.ts";
import { isRun } from "../../runs/change-run.ts";
import { type RunStatus, runStatus, type TotalStatus, totalStatus } from "../../synthesis/run-status.ts";
import { EXIT_CODE, type ExitCode, errorWords } from "../failure.ts";
import { indexOptions } from "../run/indexed.ts";
import { type Host, showPath, withShortPaths } from "../terminal/host.ts";
import { type Alignment, cut, tableLines } from "../terminal/table.ts";
import { tell } from "../terminal/text.ts";

const HEAD = [
  "run",
  "shard",
  "ended",
  "of",
  "accepted",
  "rejected",
  "failed",
  "calls",
  "cost",
  "projected",
  "",
];
const ALIGNMENT: readonly Alignment[] = HEAD.map((_name, column) =>
  column > 1 && column < HEAD.length - 1 ? "right" : "left",
);

/** Columns that are left out where the terminal is narrow: the first of these that fits. `--json` has all. */
const LESS = [[], ["projected"], ["projected", "calls"], ["projected", "calls", "cost", "failed"]];

/** What is to be said of a run beside its numbers. */
function stateWords({ owner, hasBegun, pending, waiting }: RunStatus): string {
  if (owner !== null) return `running: process ${owner.process} on ${owner.host}`;
  if (!hasBegun) return "not begun";
  if (waiting > 0) return `waits for ${counted(waiting, "request")} in batches`;
  return pending === 0 ? "finished" : "stopped";
}

function money(value: number | null): string {
  return value === null ? "?" : dollars(value);
}

function numbers({ ended, personas, ...status }: TotalStatus): readonly string[] {
  const { accepted, rejected, failed, calls, cost, projectedCost } = status;
  return [
    ...[ended, personas, accepted, rejected, failed, calls].map(wholeNumber),
    money(cost),
    money(projectedCost),
  ];
}

function statusLines(statuses: readonly RunStatus[], { stdout, directory }: Host): readonly string[] {
  const hasShards = statuses.some(({ shard }) => shard !== null);
  const rows = [
    HEAD,
    ...statuses.map((status) => [
      showPath(status.directory, directory),
      status.shard ?? "",
      ...numbers(status),
      stateWords(status),
    ]),
    ...(statuses.length > 1 ? [["total", "", ...numbers(totalStatus(statuses)), ""]] : []),
  ];
  const without = (left: readonly string[]): readonly string[] => {
    const isKept = (_cell: unknown, column: number): boolean => !left.includes(HEAD[column] ?? "");
    return tableLines(
      rows.map((row) => row.filter(isKept)),
      ALIGNMENT.filter(isKept),
    );
  };
  const noShards = hasShards ? [] : ["shard"];
  if (!stdout.isTTY) return without(noShards);
  const fits = (lines: readonly string[]): boolean => lines.every((line) => line.length <= stdout.columns);
  // Whether a run is finished or stopped is told in any width.
  const lines = LESS.map((left) => without([...noShards, ...left]));
  return (lines.find(fits) ?? lines.at(-1) ?? []).map((line) => cut(line, stdout.columns));
}

/** How far one run is; what is wrong with a folder that is none, in words. */
async function look(directory: string, host: Host): Promise<RunStatus | string> {
  try {
    return await runStatus(directory, (await isRun(directory)) ? await indexOptions(directory, host) : {});
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    return withShortPaths(errorWords(error), host.directory);
  }
}

function exitCode(statuses: readonly RunStatus[], notRuns: readonly string[]): ExitCode {
  if (notRuns.length > 0) return EXIT_CODE.usage;
  const { pending, hasBegun, waiting } = totalStatus(statuses);
  const isDamaged = statuses.some(({ damage }) => damage.length > 0);
  return pending + waiting > 0 || !hasBegun || isDamaged ? EXIT_CODE.belowThreshold : EXIT_CODE.done;
}

/** `agentrefine status`: how far runs are. */
export async function runStatuses(
  host: Host,
  { json }: StatusFlags,
  ...given: readonly string[]
): Promise<ExitCode> {
  const statuses: RunStatus[] = [];
  const notRuns: string[] = [];
  for (const directory of given) {
    const found = await look(resolve(host.directory, directory), host);
    if (typeof found === "string") notRuns.push(found);
    else statuses.push(found);
  }
  if (json === true) {
    const report = { runs: statuses, total: totalStatus(statuses), notRuns };
    host.stdout.write(`${JSON.stringify(report)}\n`);
  } else if (statuses.length > 0) host.stdout.write(`${statusLines(statuses, host).join("\n")}\n`);
  await host.stdout.drained();
  for (const { directory, damage } of statuses) {
    for (const line of damage) tell(host.stderr, `${showPath(directory, host.directory)}: left out ${line}.`);
  }
  for (const words of notRuns) tell(host.stderr, words);
  return exitCode(statuses, notRuns);
}
