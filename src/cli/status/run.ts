import { resolve } from "node:path";
import type { StatusFlags } from "../../config/flags.ts";
import { AgentRefineError } from "../../errors.ts";
import { dollars, wholeNumber } from "../../numbers.ts";
import { type RunStatus, runStatus, type TotalStatus, totalStatus } from "../../synthesis/run-status.ts";
import { EXIT_CODE, errorWords } from "../failure.ts";
import { type CliContext, type Host, showPath, withShortPaths } from "../terminal/host.ts";
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

/** What is to be said of a run beside its numbers. */
function stateWords({ owner, hasBegun, pending }: RunStatus): string {
  if (owner !== null) return `running: process ${owner.process} on ${owner.host}`;
  if (!hasBegun) return "not begun";
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
  const isKept = (_cell: unknown, column: number): boolean => hasShards || column !== 1;
  return tableLines(
    rows.map((row) => row.filter(isKept)),
    ALIGNMENT.filter(isKept),
  ).map((line) => (stdout.isTTY ? cut(line, stdout.columns) : line));
}

/** `agentrefine status`: how far runs are. */
export async function runStatuses(
  this: CliContext,
  { json }: StatusFlags,
  ...given: readonly string[]
): Promise<void> {
  const { host } = this;
  const statuses: RunStatus[] = [];
  const problems: string[] = [];
  for (const directory of given) {
    try {
      statuses.push(await runStatus(resolve(host.directory, directory)));
    } catch (error) {
      if (!(error instanceof AgentRefineError)) throw error;
      problems.push(withShortPaths(errorWords(error), host.directory));
    }
  }
  const total = totalStatus(statuses);
  if (json === true) host.stdout.write(`${JSON.stringify({ runs: statuses, total, problems })}\n`);
  else if (statuses.length > 0) host.stdout.write(`${statusLines(statuses, host).join("\n")}\n`);
  await host.stdout.drained();
  for (const problem of problems) tell(host.stderr, problem);
  if (problems.length > 0) this.process.exitCode = EXIT_CODE.usage;
  else if (total.pending > 0 || !total.hasBegun) this.process.exitCode = EXIT_CODE.belowThreshold;
}
