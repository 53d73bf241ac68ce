import * as z from "zod";
import {
  type Config,
  type EvaluateConfig,
  EXPORT_FORMATS,
  type ExportConfig,
  type GenerateConfig,
  TEMPLATE_NAMES,
} from "./config.ts";

const text = z.string().min(1);
const count = z.int().min(1);
const dollars = z.number().nonnegative();
const ratio = z.number().min(0).max(1);

/** What `generate` and `evaluate` have in common: the model and how it is driven. */
const modelFields = {
  model: text.exactOptional(),
  provider: z.enum(["openai", "anthropic", "ai-sdk"]).exactOptional(),
  baseUrl: text.exactOptional(),
  apiKeyEnv: text.exactOptional(),
  concurrency: count.exactOptional(),
  stream: z.boolean().exactOptional(),
  temperature: z.number().nonnegative().exactOptional(),
  topP: ratio.exactOptional(),
  maxTokens: count.exactOptional(),
  headers: z.record(z.string(), z.string()).exactOptional(),
  body: z.record(z.string(), z.unknown()).exactOptional(),
  timeout: z.number().positive().exactOptional(),
  maxAttempts: count.exactOptional(),
  maxCost: dollars.exactOptional(),
  prices: text.exactOptional(),
  price: z
    .strictObject({ prompt: dollars, cachedPrompt: dollars.exactOptional(), completion: dollars })
    .exactOptional(),
};

const generate: z.ZodType<GenerateConfig> = z.strictObject({
  ...modelFields,
  personas: text.exactOptional(),
  out: text.exactOptional(),
  field: text.exactOptional(),
  sample: count.exactOptional(),
  limit: count.exactOptional(),
  nearDuplicates: z.number().min(0.01).max(1).exactOptional(),
  strict: z.boolean().exactOptional(),
  seed: z.int().exactOptional(),
  maxCalls: z.int().min(2).exactOptional(),
  errors: z.boolean().exactOptional(),
  structured: z.boolean().exactOptional(),
  offlineFaults: z.number().nonnegative().exactOptional(),
  minAcceptance: ratio.exactOptional(),
});

const evaluate: z.ZodType<EvaluateConfig> = z.strictObject(modelFields);

const exportSettings: z.ZodType<ExportConfig> = z.strictObject({
  format: z.enum(EXPORT_FORMATS).exactOptional(),
  tokenizer: text.exactOptional(),
  template: z.enum(TEMPLATE_NAMES).exactOptional(),
  maxTokens: count.exactOptional(),
});

/** What a config file may hold. */
export const configSchema: z.ZodType<Config> = z.strictObject({
  generate: generate.exactOptional(),
  export: exportSettings.exactOptional(),
  evaluate: evaluate.exactOptional(),
});

const PRICE_KEYS: readonly string[] = ["prompt", "cachedPrompt", "completion"];

/** The keys that are allowed at a path of the config, for suggestions. */
export const CONFIG_KEYS: Readonly<Record<string, readonly string[]>> = {
  "": ["generate", "export", "evaluate"],
  generate: generateKeys(),
  "generate.price": PRICE_KEYS,
  evaluate: Object.keys(modelFields),
  "evaluate.price": PRICE_KEYS,
  export: ["format", "tokenizer", "template", "maxTokens"],
};

function generateKeys(): readonly string[] {
  return generate instanceof z.ZodObject ? Object.keys(generate.shape) : [];
}
