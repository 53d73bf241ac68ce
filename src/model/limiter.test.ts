import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomFor } from "../random.ts";
import { ChatError } from "./chat-model.ts";
import {
  type CallEnd,
  initialLimit,
  type LimitBounds,
  Limiter,
  type LimitState,
  learn,
  systemClock,
} from "./limiter.ts";
import { openAiCompatibleModel } from "./openai.ts";
import { Activity, limitedModel } from "./stack.ts";
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
    expect(limiter.snapshot()).toEqual({ limit: 3, running: 3, waiting: 7, paused: 0, throttled: 0 });
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

  test("the signal ends the wait at once, and the place is given on", async () => {
    const limiter = new Limiter(fakeClock(), { start: 1, maximum: 1 });
    const gate = deferred();
    const first = limiter.run(() => gate.promise);
    const controller = new AbortController();
    let ran = false;
    const second = limiter.run(
      async () => {
        ran = true;
      },
      { signal: controller.signal },
    );
    const third = limiter.run(async () => "third");
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(limiter.snapshot()).toMatchObject({ running: 1, waiting: 1 });
    gate.resolve();
    await first;
    expect(await third).toBe("third");
    expect(ran).toBe(false);
  });

  test("the higher priority goes first, then who came first", async () => {
    const limiter = new Limiter(fakeClock(), { start: 1, maximum: 1 });
    const gate = deferred();
    const order: string[] = [];
    const ask = (name: string, priority?: number) =>
      limiter.run(
        async () => {
          order.push(name);
          await gate.promise;
        },
        priority === undefined ? {} : { priority },
      );
    const calls = [ask("first"), ask("a"), ask("b", 2), ask("c"), ask("d", 2), ask("e", 1)];
    gate.resolve();
    await Promise.all(calls);
    expect(order).toEqual(["first", "b", "d", "e", "a", "c"]);
  });

  test("counts what was refused, and tells why it pauses", async () => {
    const limiter = new Limiter(fakeClock());
    const fail = (error: ChatError) => limiter.run(() => Promise.reject(error)).catch(() => {});
    await fail(new ChatError("overloaded", "down", { status: 500 }));
    await fail(new ChatError("overloaded", "no room", { status: 503 }));
    await fail(new ChatError("rate-limited", "too many tokens", { status: 429, retryAfter: 9000 }));
    expect(limiter.snapshot()).toMatchObject({
      throttled: 2,
      paused: 9000,
      pausedBecause: "too many tokens",
    });
  });

  test("the signal ends a pause", async () => {
    const limiter = new Limiter(fakeClock());
    const refused = limiter.run(async () => {
      throw new ChatError("overloaded", "wait", { status: 529, retryAfter: 60_000 });
    });
    await expect(refused).rejects.toThrow("wait");
    const controller = new AbortController();
    const call = limiter.run(async () => {}, { signal: controller.signal });
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
      server.counts.running > 8 ? { status: 429 } : { text: "ok", latency: 25 },
    );
    try {
      const limiter = new Limiter(systemClock, { start: 64, growEvery: 50 });
      const model = limitedModel(
        openAiCompatibleModel({ baseUrl: server.url, model: "m" }),
        limiter,
        new Activity(systemClock),
      );
      const ask = () => model.chat({ messages: [{ role: "user", content: "hi" }] }).catch(() => undefined);
      for (let round = 0; round < 12; round += 1) await Promise.all(Array.from({ length: 32 }, ask));
      expect(limiter.snapshot().limit).toBeLessThanOrEqual(16);
      expect(limiter.snapshot().limit).toBeGreaterThanOrEqual(4);
    } finally {
      await server.close();
    }
  });
});

const BOUNDS: LimitBounds = { start: 16, maximum: 64, growEvery: 5 };

/** A call of the present generation that ends while the limit is in use. */
function success(state: LimitState): CallEnd {
  return { outcome: "success", generation: state.generation, running: state.limit };
}

function refusal(state: LimitState): CallEnd {
  return { outcome: "throttled", generation: state.generation, running: state.limit };
}

function times(count: number, state: LimitState, end: (state: LimitState) => CallEnd): LimitState {
  let now = state;
  for (let i = 0; i < count; i += 1) now = learn(now, end(now), BOUNDS);
  return now;
}

describe("growing", () => {
  test("before the first refusal the limit grows with every success", () => {
    expect(times(10, initialLimit(BOUNDS), success).limit).toBe(26);
  });

  test("after a refusal it grows by one for each five successes", () => {
    const lowered = learn(initialLimit(BOUNDS), refusal(initialLimit(BOUNDS)), BOUNDS);
    expect(lowered.limit).toBe(12);
    expect(times(4, lowered, success).limit).toBe(12);
    expect(times(5, lowered, success).limit).toBe(13);
    expect(times(10, lowered, success).limit).toBe(14);
  });

  test("a limit that is not in use does not grow", () => {
    const idle = (state: LimitState): CallEnd => ({ ...success(state), running: state.limit - 1 });
    expect(times(100, initialLimit(BOUNDS), idle).limit).toBe(16);
  });
});

describe("refusals", () => {
  test("one burst lowers the limit once", () => {
    const start = initialLimit(BOUNDS);
    const burst = times(12, start, () => refusal(start));
    expect(burst.limit).toBe(12);
    expect(burst.generation).toBe(1);
  });

  test("goes on lowering while the provider refuses what is above its own limit, and settles there", () => {
    const wide = { start: 64, maximum: 64, growEvery: 10 };
    let now = initialLimit(wide);
    const limits: number[] = [];
    for (let i = 0; i < 3000; i += 1) {
      // Of each round of calls it takes eight and refuses the rest.
      const isRefused = i % now.limit >= 8;
      now = learn(now, isRefused ? refusal(now) : success(now), wide);
      limits.push(now.limit);
    }
    const settled = limits.slice(1000);
    expect(Math.max(...settled)).toBeLessThan(24);
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(5);
  });

  test("does not come down for refusals that come whatever the load is", () => {
    const wide = { start: 64, maximum: 64, growEvery: 10 };
    const random = randomFor("refusals at random");
    let now = initialLimit(wide);
    const limits: number[] = [];
    for (let i = 0; i < 5000; i += 1) {
      now = learn(now, random.chance(0.25) ? refusal(now) : success(now), wide);
      limits.push(now.limit);
    }
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(16);
    expect(limits.at(-1)).toBeGreaterThanOrEqual(32);
  });
});

test("the limit keeps within its bounds, moves up by one, and down once a generation", () => {
  const end = fc.record({
    outcome: fc.constantFrom("success", "throttled", "other"),
    age: fc.nat(2),
    running: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(fc.array(end, { maxLength: 300 }), fc.integer({ min: 1, max: 100 }), (ends, start) => {
      let state = initialLimit({ ...BOUNDS, start });
      for (const { outcome, age, running } of ends) {
        const generation = Math.max(0, state.generation - age);
        const next = learn(state, { outcome, generation, running } as CallEnd, BOUNDS);
        expect(next.limit).toBeGreaterThanOrEqual(1);
        expect(next.limit).toBeLessThanOrEqual(BOUNDS.maximum);
        expect(next.limit - state.limit).toBeLessThanOrEqual(1);
        if (next.limit < state.limit) expect(next.generation).toBe(state.generation + 1);
        if (outcome === "throttled" && generation !== state.generation) expect(next).toEqual(state);
        state = next;
      }
    }),
  );
});
