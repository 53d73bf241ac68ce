import { describe, expect, test } from "vitest";
import { ChatError } from "./chat-error.ts";
import type { ChatModel } from "./chat-model.ts";
import { systemClock } from "./clock.ts";
import { limitedModel } from "./limited-model.ts";
import { Limiter } from "./limiter.ts";
import { openAiCompatibleModel } from "./openai-compatible.ts";
import { startChatServer } from "./testing/chat-server.ts";
import { fakeClock } from "./testing/fake-clock.ts";

/** A promise and the means to end it. */
function deferred(): { readonly promise: Promise<void>; resolve(): void; reject(error: unknown): void } {
  let resolve = (): void => {};
  let reject = (_error: unknown): void => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve: () => resolve(), reject: (error) => reject(error) };
}

/** Lets everything run that needs no time. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("Limiter", () => {
  test("runs no more calls at once than the limit", async () => {
    const limiter = new Limiter(fakeClock(), { start: 3, maximum: 3 });
    const gates = Array.from({ length: 10 }, deferred);
    let running = 0;
    let most = 0;
    const calls = gates.map((gate) =>
      limiter.run(async () => {
        running += 1;
        most = Math.max(most, running);
        await gate.promise;
        running -= 1;
      }),
    );
    await settle();
    expect(limiter.snapshot()).toEqual({ limit: 3, running: 3, waiting: 7, paused: 0 });
    for (const gate of gates) gate.resolve();
    await Promise.all(calls);
    expect(most).toBe(3);
    expect(limiter.snapshot()).toMatchObject({ running: 0, waiting: 0 });
  });

  test("a burst of refusals lowers the limit once", async () => {
    const limiter = new Limiter(fakeClock(), { start: 16 });
    const gate = deferred();
    const calls = Array.from({ length: 16 }, () => limiter.run(() => gate.promise));
    const ended = Promise.allSettled(calls);
    await settle();
    gate.reject(new ChatError("rate-limited", "slow down", { status: 429 }));
    await ended;
    expect(limiter.snapshot().limit).toBe(12);
  });

  test("a provider's wish to wait holds back every call, the longest wish counts", async () => {
    const clock = fakeClock();
    const limiter = new Limiter(clock, { start: 8 });
    const refuse = (retryAfter: number) =>
      limiter.run(async () => {
        throw new ChatError("rate-limited", "wait", { status: 429, retryAfter });
      });
    await Promise.allSettled([refuse(5000), refuse(2000)]);
    let sent = 0;
    const calls = Array.from({ length: 3 }, () =>
      limiter.run(async () => {
        sent += 1;
      }),
    );
    await settle();
    expect(limiter.snapshot()).toMatchObject({ running: 3, paused: 5000 });
    clock.advance(4999);
    await settle();
    expect(sent).toBe(0);
    clock.advance(1);
    await Promise.all(calls);
    expect(sent).toBe(3);
  });

  test("the signal ends the wait when the turn comes, and the place is given on", async () => {
    const limiter = new Limiter(fakeClock(), { start: 1, maximum: 1 });
    const gate = deferred();
    const first = limiter.run(() => gate.promise);
    const controller = new AbortController();
    let ran = false;
    const second = limiter.run(async () => {
      ran = true;
    }, controller.signal);
    const third = limiter.run(async () => "third");
    const reason = new Error("enough");
    controller.abort(reason);
    gate.resolve();
    await expect(second).rejects.toBe(reason);
    await first;
    expect(await third).toBe("third");
    expect(ran).toBe(false);
  });

  test("the signal ends a pause", async () => {
    const limiter = new Limiter(fakeClock());
    const refused = limiter.run(async () => {
      throw new ChatError("overloaded", "wait", { status: 529, retryAfter: 60_000 });
    });
    await expect(refused).rejects.toThrow("wait");
    const controller = new AbortController();
    const call = limiter.run(async () => {}, controller.signal);
    await settle();
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
  });

  test("a failure that is not the provider's load changes nothing", async () => {
    const limiter = new Limiter(fakeClock(), { start: 4 });
    const fail = (error: unknown) => limiter.run(() => Promise.reject(error));
    await Promise.allSettled([fail(new ChatError("bad-reply", "?")), fail(new RangeError("defect"))]);
    expect(limiter.snapshot().limit).toBe(4);
  });
});

describe("limitedModel", () => {
  test("finds what a server bears that refuses more than eight at once", async () => {
    const server = await startChatServer(() =>
      server.counts.running > 8 ? { status: 429 } : { text: "ok", latency: 5 },
    );
    try {
      const limiter = new Limiter(systemClock, { start: 64, growEvery: 10 });
      const model = limitedModel(openAiCompatibleModel({ baseUrl: server.url, model: "m" }), limiter);
      const ask = () => model.chat({ messages: [{ role: "user", content: "hi" }] }).catch(() => undefined);
      for (let round = 0; round < 12; round += 1) await Promise.all(Array.from({ length: 32 }, ask));
      expect(limiter.snapshot().limit).toBeLessThanOrEqual(16);
      expect(limiter.snapshot().limit).toBeGreaterThanOrEqual(4);
    } finally {
      await server.close();
    }
  });

  test("hands the call's own watch on", async () => {
    const model: ChatModel = {
      name: "m",
      chat: async (_request, options) => {
        const watch = options?.watch?.();
        const finish = watch?.("one") ? "aborted" : "stop";
        const usage = { promptTokens: 1, completionTokens: 1, cachedTokens: 0, estimated: false };
        return { text: "one", finish, usage };
      },
    };
    const limited = limitedModel(model, new Limiter(fakeClock()));
    expect((await limited.chat({ messages: [] }, { watch: () => () => true })).finish).toBe("aborted");
    expect((await limited.chat({ messages: [] })).finish).toBe("stop");
  });
});
