import type { BatchTerms } from "../money.ts";

/** How the services differ that speak OpenAI's batch protocol: everything that is not the same for all of them. */
export interface BatchProviderRow {
  /** Hosts it is found at; the last row is for all others. */
  readonly hosts: RegExp;
  /** What an uploaded file is for, as the service wants it said. */
  readonly purpose: string;
  /** The endpoint in each line and of the whole batch. */
  readonly endpoint: string;
  readonly requests: number;
  /** Bytes of a file, as the service states its limit. */
  readonly bytes: number;
  /** What the price of a live call is multiplied by; 1 where nothing is known, so that a cap holds. */
  readonly discount: number;
}

/** Anthropic's batches, cached tokens included; a prompt is kept for an hour there. */
export const ANTHROPIC_TERMS: BatchTerms = { discount: 0.5, cacheWrites: 2 };

const MEGABYTE = 1_000_000;

const OPENAI: BatchProviderRow = {
  hosts: /^api\.openai\.com$/,
  purpose: "batch",
  endpoint: "/v1/chat/completions",
  requests: 50_000,
  bytes: 200 * MEGABYTE,
  discount: 0.5,
};

/** The first row whose hosts match counts. */
export const BATCH_PROVIDERS: readonly BatchProviderRow[] = [
  OPENAI,
  { ...OPENAI, hosts: /\.azure\.com$/, endpoint: "/chat/completions" },
  {
    ...OPENAI,
    hosts: /^api\.together\.(?:xyz|ai)$/,
    purpose: "batch-api",
    bytes: 100 * MEGABYTE,
  },
  { ...OPENAI, hosts: /^api\.groq\.com$/, discount: 0.75 },
  { ...OPENAI, hosts: /./, discount: 1 },
];

/** What the batch service at a host asks of the price of a live call; at OpenAI's when none is given. */
export function discountAt(baseUrl = "https://api.openai.com/v1"): number {
  const { hostname } = new URL(baseUrl);
  return BATCH_PROVIDERS.find(({ hosts }) => hosts.test(hostname))?.discount ?? 1;
}

/** Hosts that cannot be asked in this protocol, and why. */
export const NO_BATCHES: readonly (readonly [RegExp, string])[] = [
  [/^api\.mistral\.ai$/, "Mistral's batches have a protocol of their own"],
  [/^api\.fireworks\.ai$/, "Fireworks' batches have a protocol of their own"],
  [/^api\.deepseek\.com$/, "DeepSeek has no batch service"],
  [/^openrouter\.ai$/, "OpenRouter has no batch service"],
];
