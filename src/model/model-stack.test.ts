import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { CostCapReached } from "./cost-cap-reached.ts";
import { Ledger } from "./ledger.ts";
import { Limiter } from "./limiter.ts";
import { stackModel } from "./model-stack.ts";
import { openAiCompatibleModel } from "./openai-compatible.ts";
import type { Price } from "./prices.ts";
import { type ChatHandler, type ChatServer, startChatServer } from "./testing/chat-server.ts";

/** So many attempts that no call runs out of them, though about half of all attempts break. */
const QUICK = { attempts: 50, firstWait: 1, longestWait: 4 };
const FREE: Price = { prompt: 0, cachedPrompt: 0, completion: 0 };
const servers: ChatServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(
  handler: ChatHandler,
  options: { price?: Price; maxCost?: number; maxTokens?: number } = {},
) {
  const server = await startChatServer(handler);
  servers.push(server);
  const ledger = new Ledger(options.maxCost);
  const limiter = new Limiter(systemClock, { start: 16, maximum: 64 });
  const { price = FREE, maxTokens } = options;
  const model = stackModel(openAiCompatibleModel({ baseUrl: server.url, model: "m" }), {
    limiter,
    ledger,
    price,
    maxTokens,
    seed: 1,
    schedule: QUICK,
  });
  const ask = (content: string) => model.chat({ messages: [{ role: "user", content }] });
  return { server, ledger, limiter, ask };
}

describe("stackModel", () => {
  test("gets every reply from a server that fails in every way, and counts what that bought", async () => {
    const faults = ["drop", "malformed", "no-end", "error"] as const;
    const { server, ledger, ask } = await start(({ number, messages }) => {
      const text = `reply to ${messages[0]?.content}`;
      if (number % 7 === 0) return { status: 503 };
      if (number % 5 === 0) return { status: 429, headers: { "retry-after-ms": "3" } };
      const kind = number % 3 === 0 ? faults[number % 4] : undefined;
      return kind === undefined
        ? text
        : { text, deltaLength: 2, fault: { kind, after: 2, error: { code: 502 } } };
    });
    const numbers = Array.from({ length: 60 }, (_, number) => String(number));
    const replies = await Promise.all(numbers.map(ask));
    expect(replies.map(({ text }) => text)).toEqual(numbers.map((number) => `reply to ${number}`));
    expect(server.counts.requests).toBeGreaterThan(60);
    const completion = replies.reduce((sum, { usage }) => sum + usage.completionTokens, 0);
    expect(ledger.totals().completionTokens).toBe(completion);
    expect(ledger.totals().estimatedShare).toBeGreaterThan(0);
  });

  test("stops at the cap, with every call accounted for", async () => {
    const price: Price = { prompt: 0, cachedPrompt: 0, completion: 1_000_000 };
    const { server, ledger, limiter, ask } = await start(() => "12345678", {
      price,
      maxCost: 20,
      maxTokens: 4,
    });
    const ends = await Promise.allSettled(Array.from({ length: 30 }, () => ask("hi")));
    const refused = ends.filter((end) => end.status === "rejected");
    for (const end of refused) expect(end.reason).toBeInstanceOf(CostCapReached);
    expect(ledger.totals().cost).toBe(2 * server.counts.requests);
    expect(ledger.totals().cost).toBeLessThanOrEqual(20);
    expect(ledger.totals().cost).toBeGreaterThan(16);
    expect(limiter.snapshot()).toMatchObject({ running: 0, waiting: 0 });
  });
});
