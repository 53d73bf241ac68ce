import { readFile } from "node:fs/promises";
import * as z from "zod";
import { AgentRefineError, errorMessage } from "../errors.ts";
import type { Usage } from "./chat-model.ts";

/** What a model costs, in dollars for a million tokens. */
export interface Price {
  readonly prompt: number;
  /** Prompt tokens that the provider reads from its cache. */
  readonly cachedPrompt: number;
  readonly completion: number;
}

/** Prices by the model's name. */
export type Prices = ReadonlyMap<string, Price>;

/** A price list as it stands in a file. */
interface PriceFile {
  /** When the prices were written down. */
  readonly asOf?: string;
  readonly note?: string;
  readonly prices: Readonly<Record<string, Price>>;
}

const SHIPPED = new URL("../../data/prices.json", import.meta.url);
const A_MILLION = 1_000_000;

const dollars = z.number().nonnegative();
const priceSchema: z.ZodType<Price> = z.strictObject({
  prompt: dollars,
  cachedPrompt: dollars,
  completion: dollars,
});
const priceFileSchema: z.ZodType<PriceFile> = z.strictObject({
  asOf: z.string().exactOptional(),
  note: z.string().exactOptional(),
  prices: z.record(z.string(), priceSchema),
});

async function readPrices(file: string | URL): Promise<PriceFile> {
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
  const shipped = await readPrices(SHIPPED);
  const own = file === undefined ? undefined : await readPrices(file);
  return new Map([...Object.entries(shipped.prices), ...Object.entries(own?.prices ?? {})]);
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
export type CostOf = (usage: Usage) => number | null;

/** What tokens cost, in dollars. */
export function costOf(price: Price, usage: Usage): number {
  const cached = Math.min(usage.cachedTokens, usage.promptTokens);
  const prompt = (usage.promptTokens - cached) * price.prompt + cached * price.cachedPrompt;
  return (prompt + usage.completionTokens * price.completion) / A_MILLION;
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
