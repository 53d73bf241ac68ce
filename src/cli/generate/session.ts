import type { GenerateConfig } from "../../config/config.ts";
import { parsePrice } from "../../model/prices.ts";
import type { ModelSession } from "../model/model-session.ts";
import type { Given } from "../overlay.ts";
import { header } from "../parse-value.ts";

/** How one part of a run is driven. None of this is saved, and it may differ from part to part. */
export interface Session extends ModelSession {
  readonly options: ModelSession["options"] & Pick<GenerateConfig, "minAcceptance" | "strict">;
  readonly retryFailed: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly json: boolean;
}

/** Flags that `generate` and `resume` have in common. */
export interface SessionFlags {
  readonly concurrency?: number | undefined;
  readonly timeout?: number | undefined;
  readonly maxAttempts?: number | undefined;
  readonly maxCost?: number | undefined;
  readonly prices?: string | undefined;
  readonly price?: string | undefined;
  readonly minAcceptance?: number | undefined;
  readonly header?: readonly string[] | undefined;
  readonly apiKeyEnv?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly retryFailed?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly config?: string | undefined;
}

/** The flags of `generate`. */
export interface GenerateFlags extends SessionFlags, Omit<Given<GenerateConfig>, "headers" | "price"> {}

/** The settings that flags give, with those texts read that need more than a look. Throws AgentRefineError. */
export function settingsFromFlags(flags: GenerateFlags): Given<GenerateConfig> {
  const {
    header: headers,
    price,
    retryFailed: _retry,
    quiet: _quiet,
    verbose: _verbose,
    json: _json,
    config: _file,
    ...rest
  } = flags;
  return {
    ...rest,
    ...(headers === undefined ? {} : { headers: Object.fromEntries(headers.map(header)) }),
    ...(price === undefined ? {} : { price: parsePrice(price) }),
  };
}

/** The session that the config and the flags together describe. */
export function sessionOf(config: GenerateConfig, flags: SessionFlags): Session {
  const headers = Object.entries(config.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    headers: Object.fromEntries(headers),
    options: config,
    retryFailed: flags.retryFailed === true,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    json: flags.json === true,
  };
}
