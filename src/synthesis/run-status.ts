import { readWaiting } from "../batch/standing.ts";
import { exists } from "../runs/atomic-file.ts";
import { folderOwner, type LockOwner } from "../runs/lock.ts";
import { openGeneratedRun } from "../runs/run-folder.ts";
import { shardOfSettings } from "../runs/shard.ts";
import { IndexedRun, type IndexOptions } from "./indexed-run.ts";
import { endedPersonas } from "./tally.ts";

/** How far a run is. Plain data, as JSON has it. */
export interface RunStatus {
  /** An absolute path. */
  readonly directory: string;
  /** Which part of the personas is its own, such as `3/8`; null for a whole run. */
  readonly shard: string | null;
  /** Whether it has its personas: one that was killed before has none yet, and is not finished. */
  readonly hasBegun: boolean;
  readonly personas: number;
  readonly ended: number;
  readonly pending: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly failed: number;
  /** Calls that were answered. */
  readonly calls: number;
  /** Dollars; null when the price of a call is unknown. */
  readonly cost: number | null;
  /** Dollars that it will have cost when all have ended, by the mean so far; null when that is unknown. */
  readonly projectedCost: number | null;
  /** Requests that wait at a batch service, for a process or for the next resume. */
  readonly waiting: number;
  /** The process that works on it now. */
  readonly owner: Pick<LockOwner, "process" | "host" | "since"> | null;
  /** Lines of its journals that could not be read, in words. */
  readonly damage: readonly string[];
}

/**
 * How far a run is, as its folder has it now; a process may be at work on it. Reads its index, as far as there is one.
 *
 * @param options where an index may be kept by those who only look
 * @throws AgentRefineError when it is no run
 */
export async function runStatus(
  directory: string,
  options: Pick<IndexOptions, "file"> = {},
): Promise<RunStatus> {
  const { directory: absolute, description, paths } = await openGeneratedRun(directory);
  const { personas, tally, damage } = await IndexedRun.open(paths, options);
  const ended = endedPersonas(tally);
  const { cost, calls, outcomes } = tally;
  const owner = await folderOwner(absolute);
  return {
    directory: absolute,
    shard: shardOfSettings(description.settings) ?? null,
    hasBegun: await exists(paths.personas),
    personas,
    ended,
    pending: personas - ended,
    ...outcomes,
    calls,
    cost,
    projectedCost: projectedCost({ cost, personas, ended }),
    waiting: (await readWaiting(paths)).requests,
    owner: owner === undefined ? null : { process: owner.process, host: owner.host, since: owner.since },
    damage,
  };
}

function projectedCost({
  cost,
  personas,
  ended,
}: Pick<RunStatus, "cost" | "personas" | "ended">): number | null {
  if (cost === null || ended === personas) return cost;
  return ended === 0 ? null : Math.max(cost, (cost / ended) * personas);
}

/** Several runs as one. */
export type TotalStatus = Omit<RunStatus, "directory" | "shard" | "owner" | "damage">;

/** What several runs come to together. */
export function totalStatus(statuses: readonly RunStatus[]): TotalStatus {
  const sum = (
    key: "personas" | "ended" | "accepted" | "rejected" | "failed" | "calls" | "waiting",
  ): number => statuses.reduce((total, status) => total + status[key], 0);
  const [personas, ended] = [sum("personas"), sum("ended")];
  const costs = statuses.flatMap(({ cost }) => cost ?? []);
  const cost = costs.length < statuses.length ? null : costs.reduce((total, each) => total + each, 0);
  return {
    hasBegun: statuses.every(({ hasBegun }) => hasBegun),
    personas,
    ended,
    pending: personas - ended,
    accepted: sum("accepted"),
    rejected: sum("rejected"),
    failed: sum("failed"),
    calls: sum("calls"),
    cost,
    projectedCost: projectedCost({ cost, personas, ended }),
    waiting: sum("waiting"),
  };
}
