import { afterEach, describe, expect, test } from "vitest";
import { ChatError, type ChatModel, type ChatOptions } from "./chat-model.ts";
import { Limiter, systemClock } from "./limiter.ts";
import { CostCapReached, Ledger, type Price } from "./money.ts";
import { openAiCompatibleModel } from "./openai.ts";
import { stackModel } from "./stack.ts";
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
    const price = { prompt: 0, cachedPrompt: 0, completion: 1 };
    const answer: ChatHandler = ({ number, messages }) => {
      const text = `reply to ${messages[0]?.content}`;
      if (number % 7 === 0) return { status: 503 };
      if (number % 5 === 0) return { status: 429, headers: { "retry-after-ms": "3" } };
      const kind = number % 3 === 0 ? faults[number % 4] : undefined;
      return kind === undefined
        ? text
        : { text, deltaLength: 2, fault: { kind, after: 2, error: { code: 502 } } };
    };
    const { server, ledger, ask } = await start(answer, { price });
    const numbers = Array.from({ length: 60 }, (_, number) => String(number));
    const replies = await Promise.all(numbers.map(ask));
    expect(replies.map(({ text }) => text)).toEqual(numbers.map((number) => `reply to ${number}`));
    expect(server.counts.requests).toBeGreaterThan(60);
    const completion = replies.reduce((sum, { usage }) => sum + usage.completionTokens, 0);
    expect(ledger.spent).toBeCloseTo(completion / 1e6, 12);
    expect(replies.some(({ usage }) => usage.estimated)).toBe(true);
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
    expect(ledger.spent).toBe(2 * server.counts.requests);
    expect(ledger.spent).toBeLessThanOrEqual(20);
    expect(ledger.spent).toBeGreaterThan(16);
    expect(limiter.snapshot()).toMatchObject({ running: 0, waiting: 0 });
  });
});

const REQUEST = { messages: [{ role: "user", content: "x" }] } as const;
const PRICE = { prompt: 1_000_000, cachedPrompt: 1_000_000, completion: 1_000_000 };
const USAGE = { promptTokens: 1, completionTokens: 1, cachedTokens: 0, estimated: false };

function stack(chat: ChatModel["chat"], options: { readonly ledger?: Ledger; readonly slots?: number } = {}) {
  return stackModel(
    { name: "test", chat },
    {
      limiter: new Limiter(systemClock, { start: options.slots ?? 4, maximum: options.slots ?? 4 }),
      ledger: options.ledger ?? new Ledger(),
      price: PRICE,
      maxTokens: 1,
      seed: 1,
    },
  );
}

describe("told to stop", () => {
  test("a call on the wire finishes", async () => {
    const stop = new AbortController();
    const model = stack(async () => {
      stop.abort(new Error("stopped"));
      await systemClock.sleep(5);
      return { text: "whole", finish: "stop", usage: USAGE };
    });
    expect((await model.chat(REQUEST, { stop: stop.signal })).text).toBe("whole");
  });

  test("a call that waits for a slot gives up when its turn comes", async () => {
    const stop = new AbortController();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const ledger = new Ledger();
    const model = stack(
      async () => {
        await held;
        return { text: "first", finish: "stop", usage: USAGE };
      },
      { slots: 1, ledger },
    );
    const options: ChatOptions = { stop: stop.signal };
    const first = model.chat(REQUEST, options);
    const second = model.chat(REQUEST, options);
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("stopped"));
    release();
    await expect(second).rejects.toThrow("stopped");
    expect((await first).text).toBe("first");
    expect(ledger.spent).toBe(2);
  });

  test("a call that waits to be repeated, however long the provider asks, gives up", async () => {
    const stop = new AbortController();
    const model = stack(async () => {
      setImmediate(() => stop.abort(new Error("stopped")));
      throw new ChatError("rate-limited", "slow down", { status: 429, retryAfter: 3_600_000 });
    });
    await expect(model.chat(REQUEST, { stop: stop.signal })).rejects.toThrow("stopped");
  });

  test("a call that waits for money gives up", async () => {
    const stop = new AbortController();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const model = stack(
      async () => {
        await held;
        return { text: "first", finish: "stop", usage: USAGE };
      },
      { ledger: new Ledger(40) },
    );
    const first = model.chat(REQUEST, { stop: stop.signal });
    const second = model.chat(REQUEST, { stop: stop.signal });
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("stopped"));
    await expect(second).rejects.toThrow("stopped");
    release();
    expect((await first).text).toBe("first");
  });
});
