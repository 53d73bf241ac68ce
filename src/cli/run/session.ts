import type { ModelChoice } from "../../config/run-settings.ts";
import type { GenerateConfig } from "../../config/settings.ts";
import { ChatError } from "../../model/chat-error.ts";
import { CostCapReached } from "../../model/ledger.ts";
import { printable, shellWord } from "../../printable.ts";
import { UsageError } from "../failure.ts";

/** How a run or an evaluation is driven in one part of it. None of this is saved, and it may differ each time. */
export interface Session {
  /** Values of further headers by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
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
  /** An address that goes over the saved one: a server of one's own may have moved. */
  readonly baseUrl?: string;
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

/** Where a model's server is and which variable holds its key. */
type Whereabouts = Readonly<{ baseUrl?: unknown; apiKeyEnv?: unknown; [further: string]: unknown }>;

/**
 * A folder may come from somebody else, and does not decide alone which key goes to which server: the variable that it
 * names is for the server that it names only when the user names one of the two again. Throws UsageError.
 */
export function requireOwnKey(
  saved: Whereabouts | undefined,
  given: Whereabouts | undefined,
  again = (variable: string): string => `--api-key-env ${variable}`,
): void {
  const { baseUrl, apiKeyEnv } = saved ?? {};
  if (baseUrl === undefined || apiKeyEnv === undefined) return;
  if ((given?.baseUrl ?? given?.apiKeyEnv) !== undefined) return;
  throw new UsageError(`the settings in the folder send the key in ${apiKeyEnv} to ${baseUrl}`, {
    fix: `If that is right, say so with ${again(String(apiKeyEnv))}.`,
  });
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
 * address that goes over the saved one; what the folder does not decide alone (see {@link requireOwnKey}); and the
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
