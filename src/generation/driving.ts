import { lowered, type RunDriving } from "../config/driving.ts";
import type { ModelChoice, RunSettings, WriterChoice } from "../config/run-settings.ts";
import type { GenerateConfig } from "../config/settings.ts";
import type { WriterConfig } from "../config/writers.ts";
import { defined } from "../defined.ts";
import type { Env } from "../env.ts";
import type { PersonaInput } from "./personas-of-run.ts";

// How a run and each of its writers are asked and driven: what is said of a writer, over what is said of all.

/** Which keys the user has named himself, and not a file that was found in a folder, which may be somebody else's. */
export type PointedKeys = Pick<GenerateConfig, "apiKeyEnv" | "writers">;

/** Where a run is prepared: what of the outside that touches. */
export interface Surroundings extends PersonaInput {
  /** With the keys of servers. */
  readonly env: Env;
  /** Where relative paths begin: an absolute one. */
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Whether a writer has a server of its own, to which nothing goes that is said of the server of all. */
function isElsewhere({ baseUrl, provider }: WriterChoice): boolean {
  return baseUrl !== undefined || provider !== undefined;
}

/** How one writer of a run is asked: what is its own over what holds for all, whose server is not that of one elsewhere. */
export function choiceOf({ model }: RunSettings, name: string, writer: WriterChoice): ModelChoice {
  const { share: _share, for: _for, ...own } = writer;
  const { baseUrl: _url, apiKeyEnv: _key, headers: _headers, provider: _protocol, ...asked } = model;
  return { ...(isElsewhere(writer) ? asked : model), ...own, name };
}

/** What was said of a writer for this part of the run. */
export function sayingOf({ options }: Pick<RunDriving, "options">, name: string): WriterConfig {
  return options.writers?.[name] ?? {};
}

/** How a run is driven as far as one of its writers goes. */
export function drivingOfWriter(
  { writers = {} }: RunSettings,
  driving: RunDriving,
  name: string,
): RunDriving {
  const { concurrency, price, headers, baseUrl } = sayingOf(driving, name);
  const { baseUrl: ofAll, ...others } = driving;
  const address = baseUrl ?? (isElsewhere(writers[name] ?? {}) ? undefined : ofAll);
  const { price: _ofAll, ...options } = driving.options;
  return {
    ...others,
    options: {
      ...options,
      ...defined({ concurrency, price }),
    },
    headers: { ...driving.headers, ...lowered(headers) },
    ...defined({ baseUrl: address }),
  };
}
