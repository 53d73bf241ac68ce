import type { ModelChoice } from "../../config/run-settings.ts";
import type { GenerateConfig } from "../../config/settings.ts";
import { ChatError } from "../../model/chat-error.ts";
import { CostCapReached } from "../../model/ledger.ts";
import type { Driving } from "../../model/run-model.ts";
import { printable, shellWord } from "../../printable.ts";

/** How a command drives a run or an evaluation, and what it tells of it. */
export interface Session extends Driving {
  readonly options: Pick<
    GenerateConfig,
    | "concurrency"
    | "timeout"
    | "maxAttempts"
    | "maxCost"
    | "prices"
    | "price"
    | "minAcceptance"
    | "strict"
    | "writers"
    | "batchSize"
    | "batchHours"
    | "wait"
    | "finishLive"
  >;
  readonly retryFailed: boolean;
  readonly quiet: boolean;
  /** Whether each request is told of. */
  readonly verbose: boolean;
  /** Whether an evaluation's levels and groups are told. */
  readonly details: boolean;
  readonly json: boolean;
  /** Flags that say how batches are driven, as they were given. A config file may say so for those runs that have some. */
  readonly batchFlags: readonly string[];
}

const BATCH_FLAGS = [
  ["batchSize", "--batch-size"],
  ["batchHours", "--batch-hours"],
  ["wait", "--no-wait"],
  ["finishLive", "--finish-live"],
] as const;

/** The flags that no config file has, and those that mean something other than a config file does. */
interface SessionFlags extends Pick<GenerateConfig, (typeof BATCH_FLAGS)[number][0]> {
  readonly retryFailed?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly details?: boolean;
  readonly json?: boolean;
}

/** Names in lower case, as they are sent and saved. */
export function lowered(
  headers: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

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
    headers: lowered(settings.headers),
    options: settings,
    retryFailed: flags.retryFailed === true,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    details: flags.details === true,
    json: flags.json === true,
    batchFlags: BATCH_FLAGS.filter(([name]) => flags[name] !== undefined).map(([, flag]) => flag),
  };
}

/** Why work paused, and what can be done about it. */
export function pauseWords(error: Error): string {
  if (error instanceof CostCapReached) return `Paused: ${error.message}. Raise --max-cost to continue.`;
  const reason = printable(error.message);
  const cause = error instanceof ChatError ? ", because the model gives no replies" : "";
  return `Paused${cause}: ${reason}. Nothing that was bought is lost.`;
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
): string {
  const moved = baseUrl !== undefined && baseUrl !== choice?.baseUrl;
  const key = moved || choice?.baseUrl === undefined ? undefined : choice.apiKeyEnv;
  const headers = (choice?.headers ?? []).map((name) => ` --header ${shellWord(`${name}: …`)}`);
  const limit = pause instanceof CostCapReached ? "…" : options.maxCost;
  return [
    ...(moved ? [` --base-url ${shellWord(baseUrl)}`] : []),
    ...(key === undefined ? [] : [` --api-key-env ${shellWord(key)}`]),
    ...headers,
    ...(options.maxCost === undefined ? [] : [` --max-cost ${limit}`]),
  ].join("");
}
