import type { FlagParametersForType } from "@stricli/core";
import type { GenerateFlags, SessionFlags } from "./generate/session.ts";
import { helpWords } from "./help-words.ts";
import { header, jsonObject, number, text, whole } from "./parse-value.ts";
import type { CliContext } from "./terminal/host.ts";

const brief = helpWords.flags;

/** A flag that is given without a value; `--no-…` turns it off where a config file can turn it on. */
export function toggle(words: string): {
  readonly kind: "boolean";
  readonly optional: true;
  readonly brief: string;
} {
  return { kind: "boolean", optional: true, brief: words };
}

/** A flag that is given without a value and cannot be turned off. */
export function marker(words: string): {
  readonly kind: "boolean";
  readonly optional: true;
  readonly withNegated: false;
  readonly brief: string;
} {
  return { kind: "boolean", optional: true, withNegated: false, brief: words };
}

/** A flag with a value. */
export function valued<Value>(
  words: string,
  parse: (input: string) => Value,
): {
  readonly kind: "parsed";
  readonly optional: true;
  readonly brief: string;
  readonly parse: (input: string) => Value;
} {
  return { kind: "parsed", optional: true, brief: words, parse };
}

/** A header is only checked here: read it with `header`. */
export function checkedHeader(input: string): string {
  header(input);
  return input;
}

/** Flags of `resume`, and of `generate` too. */
export const SESSION_FLAGS: FlagParametersForType<SessionFlags, CliContext> = {
  baseUrl: valued(brief.baseUrl, text),
  apiKeyEnv: valued(brief.apiKeyEnv, text),
  header: { ...valued(brief.header, checkedHeader), variadic: true },
  concurrency: valued(brief.concurrency, whole({ least: 1 })),
  timeout: valued(brief.timeout, number({ least: 1 })),
  maxAttempts: valued(brief.maxAttempts, whole({ least: 1 })),
  maxCost: valued(brief.maxCost, number({ least: 0 })),
  prices: valued(brief.prices, text),
  price: valued(brief.price, text),
  minAcceptance: valued(brief.minAcceptance, number({ least: 0, most: 1 })),
  retryFailed: marker(brief.retryFailed),
  quiet: marker(brief.quiet),
  verbose: marker(brief.verbose),
  json: marker(brief.json),
  config: valued(brief.config, text),
};

/** Flags of `generate`. */
export const GENERATE_FLAGS: FlagParametersForType<Omit<GenerateFlags, "personas">, CliContext> = {
  out: valued(brief.out, text),
  model: valued(brief.model, text),
  provider: {
    kind: "enum",
    values: ["openai", "anthropic", "ai-sdk"],
    optional: true,
    brief: brief.provider,
  },
  field: valued(brief.field, text),
  sample: valued(brief.sample, whole({ least: 1 })),
  limit: valued(brief.limit, whole({ least: 1 })),
  nearDuplicates: valued(brief.nearDuplicates, number({ least: 0.01, most: 1 })),
  strict: toggle(brief.strict),
  seed: valued(brief.seed, whole()),
  maxCalls: valued(brief.maxCalls, whole({ least: 2 })),
  errors: toggle(brief.errors),
  stream: toggle(brief.stream),
  structured: toggle(brief.structured),
  temperature: valued(brief.temperature, number({ least: 0 })),
  topP: valued(brief.topP, number({ least: 0, most: 1 })),
  maxTokens: valued(brief.maxTokens, whole({ least: 1 })),
  body: valued(brief.body, jsonObject),
  offlineFaults: valued(brief.offlineFaults, number({ least: 0 })),
  ...SESSION_FLAGS,
};
