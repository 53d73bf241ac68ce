import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { batchPrice, costOf, loadPrices, parsePrice, priceOf } from "./money.ts";

const folders: string[] = [];

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "prices-"));
  folders.push(folder);
  const file = join(folder, "prices.json");
  await writeFile(file, text);
  return file;
}

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

describe("loadPrices", () => {
  test("knows the paper's model, and that offline costs nothing", async () => {
    const prices = await loadPrices();
    expect(priceOf(prices, "gpt-4o-2024-05-13")).toEqual({
      asOf: "2025-12",
      prompt: 5,
      cachedPrompt: 5,
      completion: 15,
    });
    expect(priceOf(prices, "offline")).toMatchObject({ prompt: 0, cachedPrompt: 0, completion: 0 });
  });

  test("no cached prompt is dearer than a fresh one", async () => {
    for (const [name, price] of await loadPrices()) {
      expect(price.cachedPrompt, name).toBeLessThanOrEqual(price.prompt);
    }
  });

  test("the user's own list goes over the shipped one", async () => {
    const own = { prompt: 1, cachedPrompt: 1, completion: 2 };
    const file = await fileWith(JSON.stringify({ prices: { "gpt-4o": own, mine: own } }));
    const prices = await loadPrices(file);
    expect(priceOf(prices, "gpt-4o")).toEqual(own);
    expect(priceOf(prices, "mine")).toEqual(own);
    expect(priceOf(prices, "gpt-4o-mini")).toBeDefined();
  });

  test.each([
    "{",
    "[]",
    '{"prices": {"m": {"prompt": -1, "cachedPrompt": 0, "completion": 1}}}',
    '{"prices": {"m": {"prompt": 1, "completion": 1}}}',
    '{"prices": {"m": {"prompt": 1, "cachedPrompt": 1, "completion": 1, "extra": 1}}}',
  ])("refuses the list %s", async (text) => {
    await expect(loadPrices(await fileWith(text))).rejects.toThrow(AgentRefineError);
  });

  test("names a list that is not there", async () => {
    await expect(loadPrices("/no/such/prices.json")).rejects.toThrow(/no\/such\/prices\.json/);
  });
});

describe("priceOf", () => {
  test("takes a date or -latest off, and nothing else", async () => {
    const prices = await loadPrices();
    expect(priceOf(prices, "gpt-4o-2024-08-06")).toEqual(priceOf(prices, "gpt-4o"));
    expect(priceOf(prices, "claude-sonnet-4-5-20250929")).toEqual(priceOf(prices, "claude-sonnet-4-5"));
    expect(priceOf(prices, "claude-3-5-haiku-latest")).toEqual(priceOf(prices, "claude-3-5-haiku"));
    expect(priceOf(prices, "gpt-5-pro")).toBeUndefined();
    expect(priceOf(prices, "gpt-4o-audio")).toBeUndefined();
    expect(priceOf(prices, "constructor")).toBeUndefined();
  });
});

test("costOf charges cached tokens at their own price", () => {
  const price = { prompt: 2.5, cachedPrompt: 1.25, completion: 10 };
  const usage = {
    promptTokens: 1_000_000,
    cachedTokens: 400_000,
    completionTokens: 100_000,
    estimated: false,
  };
  expect(costOf(price, usage)).toBeCloseTo(1.5 + 0.5 + 1, 10);
  expect(costOf(price, { ...usage, cachedTokens: 5_000_000 })).toBeCloseTo(1.25 + 1, 10);
});

test("costOf charges what is written to a cache a quarter more, or its own price", () => {
  const usage = { promptTokens: 1_000_000, cachedTokens: 0, cacheWriteTokens: 800_000, completionTokens: 0 };
  const price = { prompt: 3, cachedPrompt: 0.3, completion: 15 };
  expect(costOf(price, { ...usage, estimated: false })).toBeCloseTo(0.2 * 3 + 0.8 * 3.75, 10);
  expect(costOf({ ...price, cacheWrite: 6 }, { ...usage, estimated: false })).toBeCloseTo(0.6 + 4.8, 10);
});

test("batchPrice takes a share of everything, and a dearer write where prompts are kept for an hour", () => {
  const price = { prompt: 3, cachedPrompt: 0.3, cacheWrite: 3.75, completion: 15 };
  expect(batchPrice(price, { discount: 0.5 })).toEqual({
    prompt: 1.5,
    cachedPrompt: 0.15,
    cacheWrite: 1.875,
    completion: 7.5,
  });
  expect(batchPrice(price, { discount: 0.5, cacheWrites: 2 })).toMatchObject({ prompt: 1.5, cacheWrite: 3 });
  expect(batchPrice({ ...price, batch: 0.4 }, { discount: 0.5, cacheWrites: 2 }).cacheWrite).toBeCloseTo(
    2.4,
    10,
  );
});

test("parsePrice reads two numbers and nothing else", () => {
  expect(parsePrice("2.5, 10")).toEqual({ prompt: 2.5, cachedPrompt: 2.5, completion: 10 });
  for (const text of ["", "1", "1,2,3", "a,b", "-1,2", "1e3,2", "1,", "NaN,1"]) {
    expect(() => parsePrice(text), text).toThrow(AgentRefineError);
  }
});
