import type { ModelChoice } from "../../config/run-settings.ts";
import type { GenerateConfig } from "../../config/settings.ts";
import { ChatError } from "../../model/chat-error.ts";
import { CostCapReached } from "../../model/ledger.ts";
import { printable, shellWord } from "../../printable.ts";

/** How a run or an evaluation is driven in one part of it. None of this is saved, and it may differ each time. */
export interface Session {
  /** Values of further headers by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly options: Pick<
    GenerateConfig,
    "concurrency" | "timeout" | "maxAttempts" | "maxCost" | "prices" | "price" | "minAcceptance" | "strict"
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
}

/** The flags that no config file has. */
interface SessionFlags {
  readonly retryFailed?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly details?: boolean;
  readonly json?: boolean;
}

/** Names in lower case, as they are sent and saved. */
function lowered(headers: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
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
 * What a command that resumes must be given again, since it is not saved: headers, which may be secrets; an address
 * that goes over the saved one; and the limit on cost, without which it would spend what it likes. A limit that was
 * reached is left open.
 */
export function givenAgain(
  choice: ModelChoice | undefined,
  { options, baseUrl }: Pick<Session, "options" | "baseUrl">,
  pause: Error | undefined,
): string {
  const headers = (choice?.headers ?? []).map((name) => ` --header ${shellWord(`${name}: …`)}`);
  const limit = pause instanceof CostCapReached ? "…" : options.maxCost;
  return [
    ...(baseUrl === undefined || baseUrl === choice?.baseUrl ? [] : [` --base-url ${shellWord(baseUrl)}`]),
    ...headers,
    ...(options.maxCost === undefined ? [] : [` --max-cost ${limit}`]),
  ].join("");
}
