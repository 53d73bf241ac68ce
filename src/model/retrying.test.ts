import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChatError, type ChatErrorCode, type ChatModel, type ChatReply, type Usage } from "./chat-model.ts";
import { DEFAULT_SCHEDULE, retryingModel, waitAfter } from "./stack.ts";
import { fakeClock } from "./testing/fake-clock.ts";

const USAGE: Usage = { promptTokens: 10, completionTokens: 5, cachedTokens: 2, estimated: false };
const REPLY: ChatReply = { text: "ok", finish: "stop", usage: USAGE };

/** A model that breaks with each of `errors` in turn and then replies. */
function breaking(errors: readonly unknown[]): ChatModel & { attempts: number } {
  const model = {
    name: "m",
    attempts: 0,
    chat: async () => {
      const error = errors[model.attempts];
      model.attempts += 1;
      if (error !== undefined) throw error;
      return REPLY;
    },
  };
  return model;
}

function open(model: ChatModel, clock = fakeClock(true)) {
  return { clock, retrying: retryingModel(model, { schedule: DEFAULT_SCHEDULE, clock, seed: 1 }) };
}

describe("retryingModel", () => {
  test("repeats until there is a reply and counts what broken attempts bought", async () => {
    const broken: Usage = { promptTokens: 9, completionTokens: 3, cachedTokens: 0, estimated: true };
    const model = breaking([
      new ChatError("unreachable", "cut", { usage: broken }),
      new ChatError("overloaded", "busy", { status: 529 }),
    ]);
    const { retrying } = open(model);
    const reply = await retrying.chat({ messages: [] });
    expect(model.attempts).toBe(3);
    expect(reply.usage).toEqual({ promptTokens: 19, completionTokens: 8, cachedTokens: 2, estimated: true });
  });

  test("gives up after six attempts, with the last error and all that was bought", async () => {
    const model = breaking(Array(9).fill(new ChatError("bad-reply", "?", { usage: USAGE })));
    const { retrying, clock } = open(model);
    await expect(retrying.chat({ messages: [] })).rejects.toMatchObject({
      code: "bad-reply",
      usage: { promptTokens: 60, completionTokens: 30 },
    });
    expect(model.attempts).toBe(6);
    expect(clock.sleeps).toHaveLength(5);
  });

  test.each<ChatErrorCode>(["rejected-request", "unauthorized", "no-credit", "not-found"])(
    "does not repeat %s",
    async (code) => {
      const model = breaking([new ChatError(code, "no")]);
      await expect(open(model).retrying.chat({ messages: [] })).rejects.toMatchObject({ code });
      expect(model.attempts).toBe(1);
    },
  );

  test("does not repeat a defect", async () => {
    const model = breaking([new RangeError("defect")]);
    await expect(open(model).retrying.chat({ messages: [] })).rejects.toThrow(RangeError);
    expect(model.attempts).toBe(1);
  });

  test("waits as long as the provider asks, also beyond the longest wait of its own", async () => {
    const model = breaking([new ChatError("rate-limited", "wait", { retryAfter: 900_000 })]);
    const { retrying, clock } = open(model);
    await retrying.chat({ messages: [] });
    expect(clock.sleeps).toEqual([900_000]);
  });

  test.each([
    [
      "refuses connections",
      new ChatError("unreachable", "no reply", {
        cause: Object.assign(new Error("?"), { code: "ECONNREFUSED" }),
      }),
    ],
    ["says that it loads its model", new ChatError("overloaded", "Loading model", { status: 503 })],
  ])("a server that %s is waited for, for minutes, which is said once", async (_kind, failure) => {
    const notes: string[] = [];
    const clock = fakeClock(true);
    const model = breaking(Array(15).fill(failure));
    const retrying = retryingModel(model, {
      schedule: DEFAULT_SCHEDULE,
      clock,
      seed: 1,
      note: (text) => notes.push(text),
    });
    expect((await retrying.chat({ messages: [] })).text).toBe("ok");
    expect(clock.now()).toBeGreaterThan(100_000);
    expect(clock.now()).toBeLessThan(240_000);
    expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(15_000);
    expect(notes).toEqual([`Waiting up to 5 minutes for the server: ${failure.message}.`]);
  });

  test("a server that never starts is given up, and how often it was tried is told", async () => {
    const model = breaking(Array(99).fill(new ChatError("overloaded", "Loading model", { status: 503 })));
    const { retrying, clock } = open(model);
    await expect(retrying.chat({ messages: [] })).rejects.toThrow(/^Loading model; tried \d+ times$/);
    expect(clock.now()).toBeGreaterThan(300_000);
    expect(clock.now()).toBeLessThan(450_000);
    const once = breaking([new ChatError("overloaded", "Loading model", { status: 503 })]);
    const schedule = { ...DEFAULT_SCHEDULE, attempts: 1 };
    const impatient = retryingModel(once, { schedule, clock: fakeClock(true), seed: 1 });
    await expect(impatient.chat({ messages: [] })).rejects.toThrow(/^Loading model$/);
  });

  test("the same seed gives the same waits, another seed others", async () => {
    const waits = async (seed: number): Promise<readonly number[]> => {
      const clock = fakeClock(true);
      const model = breaking(Array(3).fill(new ChatError("timeout", "late")));
      await retryingModel(model, { schedule: DEFAULT_SCHEDULE, clock, seed }).chat({ messages: [] });
      return clock.sleeps;
    };
    expect(await waits(1)).toEqual(await waits(1));
    expect(await waits(1)).not.toEqual(await waits(2));
  });

  test("the signal ends a wait", async () => {
    const model = breaking([new ChatError("overloaded", "busy")]);
    const { retrying } = open(model, fakeClock());
    const controller = new AbortController();
    const call = retrying.chat({ messages: [] }, { signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    expect(model.attempts).toBe(1);
  });

  test("a wait that is ended by `stop` tells what was bought; one that `signal` ends is ended in full", async () => {
    for (const kind of ["stop", "signal"] as const) {
      const controller = new AbortController();
      const { retrying } = open(breaking([new ChatError("timeout", "late", { usage: USAGE })]), fakeClock());
      const call = retrying.chat({ messages: [] }, { [kind]: controller.signal });
      await new Promise((resolve) => setImmediate(resolve));
      controller.abort(new Error("enough"));
      const expected = kind === "stop" ? { code: "timeout", usage: USAGE } : { message: "enough" };
      await expect(call).rejects.toMatchObject(expected);
    }
  });
});

test("waits double, keep to the upper half of their range, and end at the longest", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, draw) => {
        const full = Math.min(DEFAULT_SCHEDULE.longestWait, DEFAULT_SCHEDULE.firstWait * 2 ** (attempt - 1));
        const wait = waitAfter(DEFAULT_SCHEDULE, attempt, draw);
        expect(wait).toBeGreaterThanOrEqual(full / 2);
        expect(wait).toBeLessThanOrEqual(full);
      },
    ),
  );
});
