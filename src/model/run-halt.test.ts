import { describe, expect, test } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { STREAK_LIMIT } from "./failure-streak.ts";
import { CostCapReached } from "./ledger.ts";
import { RunHalt } from "./run-halt.ts";

function open(keepFailure: (failure: number) => Promise<void> = async () => {}) {
  const stop = new AbortController();
  return { stop, halt: new RunHalt<number>(stop.signal, keepFailure) };
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
});
