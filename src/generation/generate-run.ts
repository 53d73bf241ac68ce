import { resolve } from "node:path";
import { drivingOf, type RunDriving } from "../config/driving.ts";
import type { GenerateConfig } from "../config/settings.ts";
import type { Env } from "../env.ts";
import { openRunFolder } from "../runs/run-folder.ts";
import {
  type GeneratedRun,
  type PreparedRun,
  prepareResumed,
  prepareRun,
  type RunHooks,
  type WantedRun,
  wantedAgain,
} from "./prepare-run.ts";
import { type RehearsedRun, rehearse } from "./rehearse-run.ts";
import { type Surroundings, settingsGiven } from "./settings-of-run.ts";

/** What is made and how it is driven: the settings of a config file, and what is for this part of the run alone. */
export interface GenerateRunOptions extends Omit<GenerateConfig, "out" | "minAcceptance">, Partial<RunHooks> {
  /** A file, or `-` for the standard input; the shipped personas when not given. */
  readonly personas?: string;
  /** Whether personas that failed earlier are tried again. */
  readonly retryFailed?: boolean;
  /** Where the keys of servers are; the environment of the process when not given. */
  readonly env?: Env;
  /** Where relative paths begin; the working directory when not given. */
  readonly directory?: string;
}

/** What of a run may be said when it is resumed as it was started. */
export type ResumeRunOptions = Pick<
  GenerateRunOptions,
  | Exclude<keyof RunDriving["options"], "strict">
  | "baseUrl"
  | "apiKeyEnv"
  | "headers"
  | "retryFailed"
  | "env"
  | "directory"
  | keyof RunHooks
>;

function surroundings({ env, directory, onNote }: GenerateRunOptions): Surroundings {
  return {
    env: env ?? process.env,
    directory: directory ?? process.cwd(),
    stdin: () => process.stdin,
    now: Date.now,
    onNote: onNote ?? (() => {}),
  };
}

function wantedRun(options: GenerateRunOptions, around: Surroundings): WantedRun {
  return { given: settingsGiven(options, around), driving: drivingOf(options, options), pointed: options };
}

/** Drives a prepared run, with the log of its requests. */
async function finish(
  { directory, opened, start }: PreparedRun,
  { stop = new AbortController().signal, onStart, onNote }: GenerateRunOptions,
): Promise<GeneratedRun> {
  const note = (text: string): void => {
    opened?.log.note(text);
    onNote?.(text);
  };
  opened?.onNote(note);
  try {
    return await start({
      stop,
      onNote: note,
      onStart: (view) => {
        opened?.log.open(directory);
        onStart?.(view);
      },
    });
  } finally {
    await opened?.log.close();
  }
}

/**
 * Makes training data in a folder as `agentrefine generate` does (paper, section 3.2): opens the model, or several that
 * share the personas, or a batch service; selects the personas; and drives the run to its end, a pause, or `stop`. A
 * folder that is a run is resumed: as it was started, with more personas where `limit` or `sample` is larger, or anew
 * while no reply was bought for it. Every reply is on the disk before it is used, so nothing is bought twice.
 *
 * @throws AgentRefineError for settings that do not fit together or contradict those of the folder, a key or a price
 *   that is missing, personas that cannot be read, a folder that another process drives, or a disk that refuses
 */
export async function generateRun(directory: string, options: GenerateRunOptions): Promise<GeneratedRun> {
  const around = surroundings(options);
  const path = resolve(around.directory, directory);
  return finish(await prepareRun(path, wantedRun(options, around), around), options);
}

/**
 * Resumes a run with the settings that it was started with, as `agentrefine resume` does; gives what came of one that has
 * ended, which needs neither key nor model. A `baseUrl` goes over the saved one.
 *
 * @throws AgentRefineError as {@link generateRun} does, and where the folder alone says which key goes to which server
 */
export async function resumeRun(directory: string, options: ResumeRunOptions = {}): Promise<GeneratedRun> {
  const around = surroundings(options);
  const run = await openRunFolder(resolve(around.directory, directory));
  const wanted = wantedAgain(drivingOf(options, options), options, options);
  return finish(await prepareResumed(run, wanted, around), options);
}

/**
 * What {@link generateRun} would ask first and what it may cost, as `generate --dry-run` does. Buys and writes nothing.
 *
 * @throws AgentRefineError as it would
 */
export async function rehearseRun(directory: string, options: GenerateRunOptions): Promise<RehearsedRun> {
  const around = surroundings(options);
  return rehearse(resolve(around.directory, directory), wantedRun(options, around), around);
}
