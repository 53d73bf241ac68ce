import { describe, expect, test } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { ChatError } from "./chat-model.ts";
import { CostCapReached } from "./money.ts";
import { type HaltOptions, RunHalt, STREAK_LIMIT } from "./run-halt.ts";

function open(keepFailure: (failure: number) => Promise<void> = async () => {}, options?: HaltOptions) {
  const stop = new AbortController();
  return { stop, halt: new RunHalt<number>(stop.signal, keepFailure, options) };
}

function keeping(options?: HaltOptions) {
  const kept: number[] = [];
  const keep = async (failure: number): Promise<void> => {
    kept.push(failure);
  };
  return { kept, ...open(keep, options) };
}

describe("a run", () => {
  test("that is told to stop neither pauses nor breaks", async () => {
    const { stop, halt } = open();
    stop.abort(new Error("enough"));
    expect(halt.signal.aborted).toBe(true);
    halt.take(halt.signal.reason);
    expect(await halt.finish()).toBeUndefined();
  });

  test.each([new AgentRefineError("a wrong key"), new CostCapReached(1, 1, 1)])(
    "pauses for %s",
    async (error) => {
      const { halt } = open();
      halt.take(error);
      halt.take(halt.signal.reason);
      expect(halt.signal.aborted).toBe(true);
      expect(await halt.finish()).toEqual({ error });
    },
  );

  test("breaks for a defect, and for anything that cannot be kept", async () => {
    for (const error of [new TypeError("a defect"), new AgentRefineError("the disk is full")]) {
      const { halt } = open();
      await halt.keep(Promise.reject(error)).catch((thrown: unknown) => halt.take(thrown));
      expect(halt.signal.aborted).toBe(true);
      await expect(halt.finish()).rejects.toBe(error);
    }
  });
});

describe("a failure", () => {
  test("is kept when a reply comes after it, or at the end", async () => {
    const kept: number[] = [];
    const { halt } = open(async (failure) => {
      kept.push(failure);
    });
    await halt.keepReply(Promise.resolve());
    halt.fail(1, new Error("no"));
    await halt.keepReply(Promise.resolve());
    expect(kept).toEqual([1]);
    halt.fail(2, new Error("no"));
    expect(await halt.finish()).toBeUndefined();
    expect(kept).toEqual([1, 2]);
  });

  test("is not kept when it pauses the run: as the first of all, or in a long row", async () => {
    for (const [replies, failures] of [
      [0, 1],
      [1, STREAK_LIMIT],
    ] as const) {
      const kept: number[] = [];
      const { halt } = open(async (failure) => {
        kept.push(failure);
      });
      for (let reply = 0; reply < replies; reply += 1) await halt.keepReply(Promise.resolve());
      for (let failure = 0; failure < failures; failure += 1) halt.fail(failure, new Error("no"));
      expect((await halt.finish())?.error.message).toBe("no");
      expect(kept).toEqual([]);
    }
  });

  test("before which a reply came is no first one, although the reply is still being kept", async () => {
    const { halt } = open();
    const kept = halt.keepReply(new Promise((resolve) => setImmediate(resolve)));
    halt.fail(1, new Error("no"));
    expect(halt.signal.aborted).toBe(false);
    await kept;
    expect(await halt.finish()).toBeUndefined();
  });

  test("that is a refusal is kept at once and shows that the server lives", async () => {
    const { kept, halt } = keeping();
    halt.fail(1, new ChatError("rejected-request", "flagged"));
    expect(halt.signal.aborted).toBe(false);
    halt.fail(2, new ChatError("unreachable", "gone"));
    expect(halt.signal.aborted).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(kept).toEqual([1]);
    expect(await halt.finish()).toBeUndefined();
    expect(kept).toEqual([1, 2]);
  });

  const refuse = (halt: RunHalt<number>, from: number, words: (n: number) => string): void => {
    for (let n = from; n < from + STREAK_LIMIT; n += 1) {
      halt.fail(n, new ChatError("rejected-request", words(n)));
    }
  };

  test("that many have in the same words before any reply pauses, and all are kept", async () => {
    const { kept, halt } = keeping();
    refuse(halt, 0, (n) => `max_tokens is too large: ${9000 + n}`);
    const pause = await halt.finish();
    expect(pause?.error).toMatchObject({
      message: expect.stringContaining("max_tokens is too large"),
      fix: expect.stringContaining("'retryFailed'"),
    });
    expect(kept).toHaveLength(STREAK_LIMIT);
  });

  test("in many words, after a reply, or tried again pauses nothing", async () => {
    const words = keeping();
    refuse(words.halt, 0, (n) => "refused ".repeat(n + 1));
    const later = keeping();
    await later.halt.keepReply(Promise.resolve());
    refuse(later.halt, 0, () => "refused");
    const again = keeping({ pausesForRefusals: false });
    refuse(again.halt, 0, () => "refused");
    for (const { halt, kept } of [words, later, again]) {
      expect(await halt.finish()).toBeUndefined();
      expect(kept).toHaveLength(STREAK_LIMIT);
    }
  });

  test("that is held back when the run is told to stop is still to be done", async () => {
    const { kept, halt, stop } = keeping();
    await halt.keepReply(Promise.resolve());
    halt.fail(1, new ChatError("overloaded", "gone"));
    stop.abort();
    expect(await halt.finish()).toBeUndefined();
    expect(kept).toEqual([]);
  });
});
