import { AgentRefineError } from "../errors.ts";
import type { Driving } from "../model/run-model.ts";
import type { GenerateConfig } from "./settings.ts";

// How a run or an evaluation is driven in one part of it. None of this is saved, and it may differ each time.

/** How work is driven, from its settings. */
export interface RunDriving extends Driving {
  readonly options: Pick<
    GenerateConfig,
    | "concurrency"
    | "timeout"
    | "maxAttempts"
    | "maxCost"
    | "prices"
    | "price"
    | "strict"
    | "writers"
    | "batchSize"
    | "batchHours"
    | "wait"
    | "finishLive"
  >;
  readonly retryFailed: boolean;
  /** What was said of batches for this run, as its flags: a config file may say so for those runs that have some. */
  readonly batchFlags: readonly string[];
}

const BATCH_FLAGS = [
  ["batchSize", "--batch-size"],
  ["batchHours", "--batch-hours"],
  ["wait", "--no-wait"],
  ["finishLive", "--finish-live"],
] as const;

/** What was said for this part of the work. */
interface Said extends Pick<GenerateConfig, (typeof BATCH_FLAGS)[number][0]> {
  readonly retryFailed?: boolean;
}

/** How the settings drive a run; what was `said` are those that are meant for this run alone. */
export function drivingOf(settings: GenerateConfig, said: Said): RunDriving {
  return {
    headers: lowered(settings.headers),
    options: settings,
    retryFailed: said.retryFailed === true,
    batchFlags: BATCH_FLAGS.filter(([name]) => said[name] !== undefined).map(([, flag]) => flag),
  };
}

/** Names in lower case, as they are sent and saved. */
export function lowered(
  headers: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** Refuses flags for batches where none are asked: who gives them counts on the price of batches. */
export function requireBatched(isAsked: boolean, { batchFlags: [flag] }: RunDriving, fix: string): void {
  if (flag === undefined || isAsked) return;
  throw new AgentRefineError(`${flag} is for runs in batches, and this one is asked live`, {
    fix: `Leave it out, or ${fix}.`,
  });
}
