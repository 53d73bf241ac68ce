import * as z from "zod";
import type { GenerateConfig } from "../../config/config.ts";
import type { Provider } from "../../model/model-settings.ts";

/** The personas that come with the program, as the source of a run. */
export const SHIPPED_PERSONAS = "shipped";

/** The standard input as the source of a run. */
export const STANDARD_INPUT = "-";

/** The model whose calls are answered by the built-in author. */
export const OFFLINE = "offline";

/** Everything that shapes what a run produces; saved in its `run.json`, and the same for all of its parts. */
export interface RunSettings {
  readonly personas: {
    /** An absolute path, {@link STANDARD_INPUT} or {@link SHIPPED_PERSONAS}. */
    readonly source: string;
    readonly field?: string;
    readonly sample?: number;
    readonly limit?: number;
    readonly nearDuplicates?: number;
  };
  readonly seed: number;
  readonly maxCalls: number;
  readonly model: {
    readonly name: string;
    readonly provider?: Provider;
    readonly baseUrl?: string;
    /** The name of the variable with the key. It shapes nothing, but a resumed run needs it. */
    readonly apiKeyEnv?: string;
    readonly stream?: boolean;
    readonly structured?: boolean;
    readonly temperature?: number;
    readonly topP?: number;
    readonly maxTokens: number;
    /** The names of further headers; their values may be secrets and are not kept. */
    readonly headers?: readonly string[];
    readonly body?: Readonly<Record<string, unknown>>;
  };
  /** For the offline author only. */
  readonly offlineFaults?: number;
}

/** Settings of which some may be left out. */
export interface PartialSettings {
  readonly personas: Partial<RunSettings["personas"]>;
  readonly seed?: number;
  readonly maxCalls?: number;
  readonly model: Partial<RunSettings["model"]>;
  readonly offlineFaults?: number;
}

/** Checks the settings in a `run.json`. */
export const runSettingsSchema: z.ZodType<RunSettings> = z.object({
  personas: z.object({
    source: z.string(),
    field: z.string().exactOptional(),
    sample: z.number().exactOptional(),
    limit: z.number().exactOptional(),
    nearDuplicates: z.number().exactOptional(),
  }),
  seed: z.number(),
  maxCalls: z.number(),
  model: z.object({
    name: z.string(),
    provider: z.enum(["openai", "anthropic", "ai-sdk"]).exactOptional(),
    baseUrl: z.string().exactOptional(),
    apiKeyEnv: z.string().exactOptional(),
    stream: z.boolean().exactOptional(),
    structured: z.boolean().exactOptional(),
    temperature: z.number().exactOptional(),
    topP: z.number().exactOptional(),
    maxTokens: z.number(),
    headers: z.array(z.string()).exactOptional(),
    body: z.record(z.string(), z.unknown()).exactOptional(),
  }),
  offlineFaults: z.number().exactOptional(),
});

/** The keys of `values` that are set, of those that are listed. */
function pick<Values extends object, Key extends keyof Values>(
  values: Values,
  keys: readonly Key[],
): Partial<Pick<Values, Key>> {
  const picked: Partial<Pick<Values, Key>> = {};
  for (const key of keys) if (values[key] !== undefined) picked[key] = values[key];
  return picked;
}

/** The settings of a run among those that were given. */
export function givenSettings(config: GenerateConfig, source: string | undefined): PartialSettings {
  const { model: name, headers } = config;
  return {
    personas: {
      ...(source === undefined ? {} : { source }),
      ...pick(config, ["field", "sample", "limit", "nearDuplicates"]),
    },
    ...pick(config, ["seed", "maxCalls", "offlineFaults"]),
    model: {
      ...(name === undefined ? {} : { name }),
      ...pick(config, ["provider", "baseUrl", "apiKeyEnv", "stream", "structured", "temperature", "topP"]),
      ...pick(config, ["maxTokens", "body"]),
      ...(headers === undefined
        ? {}
        : {
            headers: Object.keys(headers)
              .map((each) => each.toLowerCase())
              .sort(),
          }),
    },
  };
}

/** The settings of a new run: those given, with defaults for what every run has. */
export function completeSettings(given: PartialSettings, name: string): RunSettings {
  const { personas, model, seed = 1, maxCalls = 4, offlineFaults = 1 } = given;
  return {
    personas: { source: SHIPPED_PERSONAS, ...personas },
    seed,
    maxCalls,
    model: { maxTokens: 8192, ...model, name },
    ...(name === OFFLINE ? { offlineFaults } : {}),
  };
}
