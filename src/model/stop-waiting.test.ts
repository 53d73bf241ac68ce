import { describe, expect, test } from "vitest";
import { ChatError } from "./chat-error.ts";
import type { ChatModel, ChatOptions } from "./chat-model.ts";
import { systemClock } from "./clock.ts";
import { Ledger } from "./ledger.ts";
import { Limiter } from "./limiter.ts";
import { stackModel } from "./model-stack.ts";

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
    expect(ledger.totals()).toMatchObject({ calls: 1, cost: 2 });
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
