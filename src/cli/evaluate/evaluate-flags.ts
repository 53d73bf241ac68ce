import type { FlagParametersForType } from "@stricli/core";
import type { PerturbationName } from "../../environment/perturbations/perturbation.ts";
import type { Provider } from "../../model/providers.ts";
import { evaluationHelp } from "../evaluation-help.ts";
import { checkedHeader, marker, toggle, valued } from "../flags.ts";
import { helpWords } from "../help-words.ts";
import { jsonObject, number, text, whole } from "../parse-value.ts";
import type { CliContext } from "../terminal/host.ts";
import { AGENTS, COMPATS } from "./evaluation-settings.ts";
import { perturbationName } from "./perturbation-name.ts";

/** Flags that say which worlds are played and how. */
export interface WorldFlags {
  readonly suite?: string | undefined;
  readonly agentboard?: string | undefined;
  readonly compat?: (typeof COMPATS)[number] | undefined;
  readonly perturb?: PerturbationName | undefined;
  readonly limit?: number | undefined;
}

/** The flags of `evaluate`. */
export interface EvaluateFlags extends WorldFlags {
  readonly out?: string | undefined;
  readonly agent?: (typeof AGENTS)[number] | undefined;
  readonly replay?: string | undefined;
  readonly reflexion?: number | undefined;
  readonly example?: boolean | undefined;
  readonly samples?: number | undefined;
  readonly maxTurns?: number | undefined;
  readonly seed?: number | undefined;
  readonly model?: string | undefined;
  readonly provider?: Provider | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKeyEnv?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly stream?: boolean | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  readonly concurrency?: number | undefined;
  readonly timeout?: number | undefined;
  readonly maxAttempts?: number | undefined;
  readonly maxCost?: number | undefined;
  readonly prices?: string | undefined;
  readonly price?: string | undefined;
  readonly retryFailed?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly config?: string | undefined;
}

const own = evaluationHelp.flags;
const brief = helpWords.flags;

function oneOf<const Value extends string>(
  words: string,
  values: readonly Value[],
): {
  readonly kind: "enum";
  readonly values: readonly Value[];
  readonly optional: true;
  readonly brief: string;
} {
  return { kind: "enum", values, optional: true, brief: words };
}

/** Flags that say which worlds are played and how. */
export const WORLD_FLAGS: FlagParametersForType<WorldFlags, CliContext> = {
  suite: valued(own.suite, text),
  agentboard: valued(own.agentboard, text),
  compat: oneOf(own.compat, COMPATS),
  perturb: valued(own.perturb, perturbationName),
  limit: valued(own.limit, whole({ least: 1 })),
};

/** Flags of `evaluate`. */
export const EVALUATE_FLAGS: FlagParametersForType<EvaluateFlags, CliContext> = {
  ...WORLD_FLAGS,
  out: valued(own.out, text),
  agent: oneOf(own.agent, AGENTS),
  replay: valued(own.replay, text),
  reflexion: valued(own.reflexion, whole({ least: 2 })),
  example: toggle(own.example),
  samples: valued(own.samples, whole({ least: 1 })),
  maxTurns: valued(own.maxTurns, whole({ least: 1 })),
  seed: valued(brief.seed, whole()),
  model: valued(own.model, text),
  provider: oneOf(brief.provider, ["openai", "anthropic", "ai-sdk"]),
  baseUrl: valued(brief.baseUrl, text),
  apiKeyEnv: valued(brief.apiKeyEnv, text),
  header: { ...valued(brief.header, checkedHeader), variadic: true },
  stream: toggle(own.stream),
  temperature: valued(own.temperature, number({ least: 0 })),
  topP: valued(brief.topP, number({ least: 0, most: 1 })),
  maxTokens: valued(own.maxTokens, whole({ least: 1 })),
  body: valued(brief.body, jsonObject),
  concurrency: valued(own.concurrency, whole({ least: 1 })),
  timeout: valued(brief.timeout, number({ least: 1 })),
  maxAttempts: valued(brief.maxAttempts, whole({ least: 1 })),
  maxCost: valued(own.maxCost, number({ least: 0 })),
  prices: valued(brief.prices, text),
  price: valued(brief.price, text),
  retryFailed: marker(own.retryFailed),
  quiet: marker(brief.quiet),
  verbose: marker(brief.verbose),
  json: marker(brief.json),
  config: valued(brief.config, text),
};
