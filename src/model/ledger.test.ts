import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { ChatError, type ChatModel, type ChatRequest, type Usage } from "./chat-model.ts";
import { CostCapReached, Ledger, meteredModel, type Price, worstCost } from "./money.ts";
import { retryingModel } from "./stack.ts";
import { fakeClock } from "./testing/fake-clock.ts";

/** One dollar for each completion token, nothing for the prompt: costs can be counted on fingers. */
const PRICE: Price = { prompt: 0, cachedPrompt: 0, completion: 1_000_000 };
const REQUEST: ChatRequest = { messages: [{ role: "user", content: "Grüße" }] };

function usage(completionTokens: number, estimated = false): Usage {
  return { promptTokens: 4, completionTokens, cachedTokens: 1, estimated };
}

/** A model whose calls end when the test says so. */
function pending(): ChatModel & {
  readonly calls: { reply(tokens: number): void; fail(error: unknown): void }[];
} {
  const calls: { reply(tokens: number): void; fail(error: unknown): void }[] = [];
  return {
    name: "m",
    calls,
    chat: () =>
      new Promise((resolve, reject) => {
        calls.push({
          reply: (tokens) => resolve({ text: "", finish: "stop", usage: usage(tokens) }),
          fail: reject,
        });
      }),
  };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("meteredModel", () => {
  test("sends no call whose worst case does not fit, and goes on when money comes back", async () => {
    const ledger = new Ledger(10);
    const model = pending();
    const metered = meteredModel(model, ledger, { price: PRICE, maxTokens: 4 });
    const calls = [1, 2, 3, 4].map(() => metered.chat(REQUEST));
    await settle();
    expect(model.calls).toHaveLength(2);
    model.calls[0]?.reply(1);
    await settle();
    // Spent 1, reserved 4: 5 are left.
    expect(model.calls).toHaveLength(3);
    model.calls[1]?.reply(1);
    model.calls[2]?.reply(1);
    await settle();
    model.calls[3]?.reply(4);
    await Promise.all(calls);
    expect(ledger.spent).toBe(7);
    await expect(metered.chat(REQUEST)).rejects.toThrow(CostCapReached);
    expect(model.calls).toHaveLength(4);
  });

  test("a call that waits is refused when the others left too little", async () => {
    const model = pending();
    const metered = meteredModel(model, new Ledger(6), { price: PRICE, maxTokens: 4 });
    const first = metered.chat(REQUEST);
    const second = metered.chat(REQUEST);
    second.catch(() => {});
    await settle();
    model.calls[0]?.reply(3);
    await first;
    await expect(second).rejects.toMatchObject({ maxCost: 6, spent: 3, needed: 4 });
  });

  test("the signal ends the wait and lets those behind go", async () => {
    const model = pending();
    const ledger = new Ledger(6);
    const large = meteredModel(model, ledger, { price: PRICE, maxTokens: 4 });
    const small = meteredModel(model, ledger, { price: PRICE, maxTokens: 1 });
    const first = large.chat(REQUEST);
    const controller = new AbortController();
    const second = large.chat(REQUEST, { signal: controller.signal });
    const third = small.chat(REQUEST);
    await settle();
    expect(model.calls).toHaveLength(1);
    controller.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    await settle();
    expect(model.calls).toHaveLength(2);
    for (const call of model.calls) call.reply(1);
    await Promise.all([first, third]);
  });

  test("every attempt of a repeated call is paid for", async () => {
    const ledger = new Ledger(10);
    const broken: ChatModel = {
      name: "m",
      chat: async () => {
        throw new ChatError("unreachable", "cut", { usage: usage(3, true) });
      },
    };
    const metered = meteredModel(broken, ledger, { price: PRICE, maxTokens: 4 });
    const schedule = { attempts: 6, firstWait: 1, longestWait: 1 };
    const persistent = retryingModel(metered, { schedule, clock: fakeClock(true), seed: 1 });
    await expect(persistent.chat(REQUEST)).rejects.toThrow(CostCapReached);
    expect(ledger.spent).toBe(9);
  });

  test("a refusal costs nothing, and a call that was ended from outside may have cost the worst", async () => {
    const ledger = new Ledger();
    const refusing: ChatModel = {
      name: "m",
      chat: () => Promise.reject(new ChatError("rate-limited", "no")),
    };
    const options = { price: PRICE, maxTokens: 4 };
    await expect(meteredModel(refusing, ledger, options).chat(REQUEST)).rejects.toThrow("no");
    expect(ledger.spent).toBe(0);
    const abandoned: ChatModel = {
      name: "m",
      chat: () => Promise.reject(new Error("enough")),
    };
    await expect(meteredModel(abandoned, ledger, options).chat(REQUEST)).rejects.toThrow("enough");
    expect(ledger.spent).toBe(worstCost(REQUEST, PRICE, 4));
  });

  test("what an earlier part of the run spent counts", async () => {
    const metered = meteredModel(pending(), new Ledger(10, 8), { price: PRICE, maxTokens: 4 });
    await expect(metered.chat(REQUEST)).rejects.toThrow(CostCapReached);
  });

  test("a cap that could not be kept is refused at once", () => {
    const model = pending();
    expect(() => meteredModel(model, new Ledger(1), { price: undefined, maxTokens: 4 })).toThrow(
      AgentRefineError,
    );
    expect(() => meteredModel(model, new Ledger(1), { price: PRICE, maxTokens: undefined })).toThrow(
      AgentRefineError,
    );
    expect(() => meteredModel(model, new Ledger(), { price: undefined, maxTokens: undefined })).not.toThrow();
  });

  test("the worst case counts bytes, not characters", () => {
    const perPromptToken: Price = { prompt: 1_000_000, cachedPrompt: 0, completion: 0 };
    expect(worstCost(REQUEST, perPromptToken, 100)).toBe(7 + 16 + 16);
  });
});

test("spending never passes the cap, and every call ends, whatever the calls cost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 100 }),
      async (costs, cap) => {
        const ledger = new Ledger(cap);
        const model: ChatModel = {
          name: "m",
          chat: async (request) => {
            const cost = Number(request.messages[0]?.content);
            if (cost % 2 === 1) await Promise.resolve();
            return { text: "", finish: "stop", usage: usage(cost) };
          },
        };
        const metered = meteredModel(model, ledger, { price: PRICE, maxTokens: 5 });
        const calls = costs.map((cost) =>
          metered.chat({ messages: [{ role: "user", content: String(cost) }] }),
        );
        const ends = await Promise.allSettled(calls);
        expect(ledger.spent).toBeLessThanOrEqual(cap);
        for (const end of ends)
          if (end.status === "rejected") expect(end.reason).toBeInstanceOf(CostCapReached);
        if (ends.some((end) => end.status === "rejected")) expect(ledger.spent).toBeGreaterThan(cap - 5);
      },
    ),
    { numRuns: 60 },
  );
});
