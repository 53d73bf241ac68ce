/** What the tokens of a model cost, in dollars for a million of them. */
export interface ConfigPrice {
  readonly prompt: number;
  /** Prompt tokens that the provider reads from its cache; as others when not given. */
  readonly cachedPrompt?: number;
  readonly completion: number;
}

/** Settings of `agentrefine generate`; each is also a flag, which goes over the config file. */
export interface GenerateConfig {
  /** A file with personas: JSON lines or plain lines, packed with gzip or not. The shipped ones when not given. */
  readonly personas?: string;
  /** The folder of the run. */
  readonly out?: string;
  /** The model's name; `offline` is the built-in author, which needs no key. */
  readonly model?: string;
  /** The provider's protocol; inferred from the base URL and the model's name when not given. */
  readonly provider?: "openai" | "anthropic" | "ai-sdk";
  /** Such as `http://localhost:8000/v1`. */
  readonly baseUrl?: string;
  /** The environment's variable that holds the key. */
  readonly apiKeyEnv?: string;
  /** Where a JSON line has its persona; `persona` when not given. */
  readonly field?: string;
  /** Takes a random sample of so many personas. */
  readonly sample?: number;
  /** Takes the first so many personas, after sampling. */
  readonly limit?: number;
  /** Leaves out personas whose words are as similar as this to those of one before, from 0.01 to 1 (Jaccard). */
  readonly nearDuplicates?: number;
  /** Whether the first bad line of the personas ends the run before its first call. */
  readonly strict?: boolean;
  /** Seeds everything random; 1 when not given. */
  readonly seed?: number;
  /** Calls for each persona, the script's included; 4 when not given (paper, section 3.2), at least 2. */
  readonly maxCalls?: number;
  /** Whether trajectories have errors with refinements; true when not given. False makes the set that the paper compares with (Table 2, "w/o refinement data"). */
  readonly errors?: boolean;
  /** Personas worked on at once; 64 when not given, 16 for the offline author. */
  readonly concurrency?: number;
  /** Whether replies are streamed; true when not given. Only streamed replies are stopped at their first fault. */
  readonly stream?: boolean;
  /** Whether the provider is asked to bind its replies to a JSON Schema. */
  readonly structured?: boolean;
  /** Not sent when not given. */
  readonly temperature?: number;
  /** Not sent when not given. */
  readonly topP?: number;
  /** The most tokens of one reply; 8192 when not given. */
  readonly maxTokens?: number;
  /** Further HTTP headers. The run keeps their names, never their values. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the request's body. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Seconds in which nothing arrives before a call is given up and repeated. */
  readonly timeout?: number;
  /** How often a call that breaks is made in all; 6 when not given. */
  readonly maxAttempts?: number;
  /** Dollars that the run may cost, all its parts together. */
  readonly maxCost?: number;
  /** A price list to lay over the shipped one. */
  readonly prices?: string;
  /** The model's price, which goes over all lists. */
  readonly price?: ConfigPrice;
  /** Scales how often the offline author errs against the protocol; 1 when not given, 0 for never. */
  readonly offlineFaults?: number;
  /** The share of ended personas that must be accepted, from 0 to 1; below it the exit code is 3. */
  readonly minAcceptance?: number;
}

/**
 * Settings of `agentrefine evaluate`: the model that plays, how it is asked, and how it is driven. Each is also a
 * flag, which goes over the config file. They mean what they mean in {@link GenerateConfig}, with other defaults:
 * temperature 0 (1 with several samples), and 1024 tokens of a reply. Those that shape results are taken for new
 * evaluations only; one that is gone on with has its own.
 */
export interface EvaluateConfig
  extends Pick<
    GenerateConfig,
    | "model"
    | "provider"
    | "baseUrl"
    | "apiKeyEnv"
    | "stream"
    | "temperature"
    | "topP"
    | "maxTokens"
    | "headers"
    | "body"
    | "concurrency"
    | "timeout"
    | "maxAttempts"
    | "maxCost"
    | "prices"
    | "price"
  > {}

/** The formats of `agentrefine export`. */
export const EXPORT_FORMATS = [
  "conversations",
  "messages",
  "openai",
  "together",
  "llamafactory-v1",
  "prefix",
  "prompt-completion",
  "hf-disk",
  "tokenized-jsonl",
  "tokenized-parquet",
  "trajectories",
] as const;

/** One of {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The chat templates of the tokenised formats; `tokenizer` is the tokenizer folder's own. */
export const TEMPLATE_NAMES = ["llama3", "mistral", "qwen", "tokenizer"] as const;

/** Settings of `agentrefine export` and `agentrefine mix`; each is also a flag, which goes over the config file. */
export interface ExportConfig {
  /** What a row is; `conversations` when not given. A flag `--engine` goes over it. */
  readonly format?: ExportFormat;
  /** For the tokenised formats: the folder of the model's tokenizer. */
  readonly tokenizer?: string;
  /** For the tokenised formats: the chat template. */
  readonly template?: (typeof TEMPLATE_NAMES)[number];
  /** For the tokenised formats: the most tokens of a row; 8192 when not given (App. D: 4096 for 70B models). */
  readonly maxTokens?: number;
}

/** The content of `agentrefine.config.ts`, `.js` or `.json`. */
export interface Config {
  readonly generate?: GenerateConfig;
  readonly export?: ExportConfig;
  readonly evaluate?: EvaluateConfig;
}

/**
 * Gives a config file its types.
 *
 * @example
 * ```ts
 * // agentrefine.config.ts
 * import { defineConfig } from "agentrefine";
 *
 * export default defineConfig({
 *   generate: { out: "runs/first", model: "gpt-4o", sample: 500, maxCost: 40 },
 * });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
