import type { BatchSnapshot } from "../../batch/batch-run.ts";
import { drivingOf, lowered, type RunDriving } from "../../config/driving.ts";
import type { ModelChoice, RunSettings } from "../../config/run-settings.ts";
import type { GenerateConfig } from "../../config/settings.ts";
import type { Env } from "../../env.ts";
import { sayingOf } from "../../generation/settings-of-run.ts";
import { ChatError } from "../../model/chat-model.ts";
import { keyAtRisk } from "../../model/model-settings.ts";
import { CostCapReached } from "../../model/money.ts";
import type { Pause } from "../../model/run-halt.ts";
import { counted } from "../../numbers.ts";
import { printable, shellWord } from "../../printable.ts";
import { EXIT_CODE, type ExitCode } from "../failure.ts";

/** How a command drives a run or an evaluation, and what it tells of it. */
export interface Session extends RunDriving {
  readonly options: RunDriving["options"] & Pick<GenerateConfig, "minAcceptance">;
  readonly quiet: boolean;
  /** Whether each request is told of. */
  readonly verbose: boolean;
  /** Whether an evaluation's levels and groups are told. */
  readonly details: boolean;
  readonly json: boolean;
}

/** The flags that no config file has, and those that mean something other than a config file does. */
type SessionFlags = Parameters<typeof drivingOf>[1] &
  Partial<Pick<Session, "quiet" | "verbose" | "details" | "json">>;

/** What the flags give over what the config file gives; headers are laid over each other one by one. */
export function withFlags<Settings extends Pick<GenerateConfig, "headers">>(
  file: Settings,
  flags: Settings,
): Settings {
  if (file.headers === undefined && flags.headers === undefined) return { ...file, ...flags };
  return { ...file, ...flags, headers: { ...lowered(file.headers), ...lowered(flags.headers) } };
}

/** The session that the settings and the flags together describe. */
export function sessionOf(settings: GenerateConfig, flags: SessionFlags): Session {
  return {
    ...drivingOf(settings, flags),
    options: settings,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    details: flags.details === true,
    json: flags.json === true,
  };
}

/** Why work paused, and what can be done about it. */
function pauseWords(error: Error): string {
  if (error instanceof CostCapReached) return `Paused: ${error.message}. Raise --max-cost to continue.`;
  const reason = printable(error.message);
  const cause = error instanceof ChatError ? ", because the model gives no replies" : "";
  return `Paused${cause}: ${reason}. Nothing that was bought is lost.`;
}

/** How work in a folder has ended, as far as a run and an evaluation end alike. */
interface Ended {
  readonly result: { readonly pause: Pause | undefined; readonly batches?: BatchSnapshot | undefined };
  readonly interrupted: boolean;
}

/** What waits at a batch service of work that ended by itself. */
export function waitingOf({ result: { pause, batches }, interrupted }: Ended): BatchSnapshot | undefined {
  return pause === undefined && !interrupted && (batches?.open ?? 0) > 0 ? batches : undefined;
}

/** The exit code of work that has not come to its end; undefined where it has. */
export function unendedCode(ended: Ended): ExitCode | undefined {
  const { pause } = ended.result;
  if (pause !== undefined)
    return pause.error instanceof CostCapReached ? EXIT_CODE.belowThreshold : EXIT_CODE.failed;
  if (ended.interrupted) return EXIT_CODE.interrupted;
  return waitingOf(ended) === undefined ? undefined : EXIT_CODE.belowThreshold;
}

/** Why work has not come to its end. */
export function unendedLines({ result: { pause }, interrupted }: Ended): readonly string[] {
  return [
    ...(pause === undefined ? [] : [pauseWords(pause.error)]),
    ...(interrupted ? ["Stopped before the end; nothing that was bought is lost."] : []),
  ];
}

/** How work has ended, as JSON. */
export function endedJson({ result: { pause, batches }, interrupted }: Ended, seconds: number): object {
  const paused = pause?.error.message ?? null;
  return { seconds: Math.round(seconds * 1000) / 1000, interrupted, paused, batches };
}

/** What waits at a batch service, and how it is fetched. */
export function waitingLines(batches: BatchSnapshot, command: string): readonly string[] {
  const { open, requests, commands } = batches;
  const what = `${counted(requests, "request")} in ${counted(open, "batch", "batches")}`;
  return [
    `Still waiting: ${what}${commands === undefined ? " at the service" : ""}.`,
    ...(commands === undefined ? [] : ["To be run:", ...commands]),
    `Fetch what has been answered: ${command}`,
  ];
}

/**
 * What a command that resumes must be given again: what is not saved, such as headers, which may be secrets, and an
 * address that goes over the saved one; what the folder does not decide alone (see `requireOwnKey`); and the
 * limit on cost, without which it would spend what it likes. A limit that was reached is left open.
 */
export function givenAgain(
  choice: ModelChoice | undefined,
  { options, baseUrl }: Pick<Session, "options" | "baseUrl">,
  pause: Error | undefined,
  env: Env,
): string {
  const moved = baseUrl !== undefined && baseUrl !== choice?.baseUrl;
  const key =
    moved || choice?.baseUrl === undefined ? undefined : keyAtRisk(choice.baseUrl, choice.apiKeyEnv, env);
  const headers = (choice?.headers ?? []).map((name) => ` --header ${shellWord(`${name}: …`)}`);
  const limit = pause instanceof CostCapReached ? "…" : options.maxCost;
  return [
    ...(moved ? [` --base-url ${shellWord(baseUrl)}`] : []),
    ...(key === undefined ? [] : [` --api-key-env ${shellWord(key)}`]),
    ...headers,
    ...(options.maxCost === undefined ? [] : [` --max-cost ${limit}`]),
  ].join("");
}

/** What a command that resumes must be given again of writers: see {@link givenAgain}. Headers stand in a config file. */
export function writersAgain(
  { writers = {} }: RunSettings,
  session: Pick<Session, "options">,
  env: Env,
): string {
  return Object.entries(writers)
    .flatMap(([name, saved]) => {
      const { baseUrl } = sayingOf(session, name);
      const moved = baseUrl !== undefined && baseUrl !== saved.baseUrl ? [`base-url=${baseUrl}`] : [];
      const key = saved.baseUrl && keyAtRisk(saved.baseUrl, saved.apiKeyEnv, env);
      const words = [...moved, ...(key === undefined ? [] : [`api-key-env=${key}`])];
      return words.length === 0 ? [] : [` --writer ${shellWord([name, ...words].join(" "))}`];
    })
    .join("");
}
