import { readFile } from "node:fs/promises";
import * as z from "zod";
import { AgentRefineError, errorMessage } from "../errors.ts";
import type { Usage } from "./chat-model.ts";

const dollars = z.number().nonnegative();

/** Checks a price. */
export const priceSchema = z.strictObject({
  prompt: dollars,
  /** Prompt tokens that the provider reads from its cache. */
  cachedPrompt: dollars,
  /** Prompt tokens that the provider writes to its cache; a quarter above `prompt` when left out, as Anthropic asks. */
  cacheWrite: dollars.exactOptional(),
  completion: dollars,
  /** What a token costs in a batch, as a share of all these; the service's own discount when left out. */
  batch: z.number().min(0).max(1).exactOptional(),
  /** When the price was written down, such as `2025-12`; left out for a price of the user's own. */
  asOf: z.string().exactOptional(),
});

/** What a model costs, in dollars for a million tokens. */
export type Price = Readonly<z.infer<typeof priceSchema>>;

/** Prices by the model's name. */
export type Prices = ReadonlyMap<string, Price>;

const SHIPPED = new URL("../../data/prices.json", import.meta.url);
const A_MILLION = 1_000_000;

const priceFileSchema = z.strictObject({
  /** When the prices were written down. */
  asOf: z.string().exactOptional(),
  note: z.string().exactOptional(),
  prices: z.record(z.string(), priceSchema),
});

async function readPrices(file: string | URL): Promise<z.infer<typeof priceFileSchema>> {
  try {
    return priceFileSchema.parse(JSON.parse((await readFile(file, "utf8")).replace(/^\uFEFF/, "")));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    throw new AgentRefineError(`the price list ${String(file)} cannot be used: ${problem}`, {
      fix: 'Write it as {"prices": {"model-name": {"prompt": 2.5, "cachedPrompt": 1.25, "completion": 10}}}.',
      cause: error,
    });
  }
}

/** The shipped prices with those of the user's own file laid over them. Throws AgentRefineError. */
export async function loadPrices(file?: string): Promise<Prices> {
  const lists = await Promise.all((file === undefined ? [SHIPPED] : [SHIPPED, file]).map(readPrices));
  return new Map(
    lists.flatMap(({ asOf, prices }) =>
      Object.entries(prices).map(([name, price]) => [name, asOf === undefined ? price : { asOf, ...price }]),
    ),
  );
}

/** A date or `-latest` at the end of a model's name, as providers mark the versions of one model. */
const VERSION = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/**
 * The price of a model: of its exact name, else of its name without a date (`-2024-08-06`, `-20250929`) or
 * `-latest` at the end. Undefined when it is not listed; a name that only begins like a listed one is another
 * model (`gpt-5-pro` costs twelve times `gpt-5`).
 */
export function priceOf(prices: Prices, model: string): Price | undefined {
  return prices.get(model) ?? prices.get(model.replace(VERSION, ""));
}

/** Dollars for tokens; null when the price is unknown. */
export type CostOf = (usage: Usage, model?: string) => number | null;

/** What tokens cost, in dollars. */
export function costOf(price: Price, usage: Usage): number {
  const cached = Math.min(usage.cachedTokens, usage.promptTokens);
  const written = Math.min(usage.cacheWriteTokens ?? 0, usage.promptTokens - cached);
  const prompt =
    (usage.promptTokens - cached - written) * price.prompt +
    cached * price.cachedPrompt +
    written * (price.cacheWrite ?? 1.25 * price.prompt);
  return (prompt + usage.completionTokens * price.completion) / A_MILLION;
}

/** What a batch service takes. */
export interface BatchTerms {
  /** What the price of a live call is multiplied by. */
  readonly discount: number;
  /** What a prompt token costs that is written into a cache, in prompt tokens, where it is kept for longer than live. */
  readonly cacheWrites?: number;
}

/** The price in a batch, whose share of a live call's is the service's unless the price says otherwise. */
export function batchPrice(price: Price, { discount, cacheWrites }: BatchTerms): Price {
  const { batch: share = discount } = price;
  const cacheWrite = cacheWrites === undefined ? price.cacheWrite : cacheWrites * price.prompt;
  return {
    ...price,
    prompt: share * price.prompt,
    cachedPrompt: share * price.cachedPrompt,
    ...(cacheWrite === undefined ? {} : { cacheWrite: share * cacheWrite }),
    completion: share * price.completion,
  };
}

/** Reads `PROMPT,COMPLETION`, dollars for a million tokens each. Throws AgentRefineError. */
export function parsePrice(text: string): Price {
  const parts = text.split(",").map((part) => part.trim());
  const [prompt, completion] = parts.map((part) => (/^\d+(?:\.\d+)?$/.test(part) ? Number(part) : undefined));
  if (parts.length !== 2 || prompt === undefined || completion === undefined) {
    throw new AgentRefineError(`"${text}" is not a price`, {
      fix: "Give the dollars for a million prompt tokens and for a million completion tokens, such as 2.5,10.",
    });
  }
  return { prompt, cachedPrompt: prompt, completion };
}
