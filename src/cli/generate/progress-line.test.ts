import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EMPTY_TALLY, type Tally } from "../../synthesis/tally.ts";
import { type ProgressState, progressLine } from "./progress-line.ts";

const tally: Tally = {
  ...EMPTY_TALLY,
  outcomes: { accepted: 287, rejected: 25, failed: 0 },
  calls: 1204,
  promptTokens: 1_700_000,
  completionTokens: 400_000,
  cost: 1.934,
};
const state: ProgressState = { personas: 4000, tally, seconds: 38, endedBefore: 0, limiter: undefined };

describe("the progress line", () => {
  test("says everything where there is room", () => {
    expect(progressLine(state, 200)).toBe(
      "312/4000  accepted 287  rejected 25  failed 0  1,204 calls  2.1M tokens  $1.93  8.2/s  eta 7m 29s",
    );
  });

  test("leaves out what matters least at 80 and at 60 columns", () => {
    expect(progressLine(state, 79)).toBe(
      "312/4000  accepted 287  rejected 25  1,204 calls  $1.93  8.2/s  eta 7m 29s",
    );
    expect(progressLine(state, 59)).toBe("312/4000  accepted 287  rejected 25  $1.93  eta 7m 29s");
  });

  test("keeps a failure in sight, and says when the provider asks to wait", () => {
    const failing = { ...tally, outcomes: { ...tally.outcomes, failed: 2 } };
    const limiter = { limit: 3, running: 3, waiting: 9, paused: 12_000, throttled: 0 };
    expect(progressLine({ ...state, tally: failing, limiter }, 79)).toContain("failed 2");
    expect(progressLine({ ...state, limiter }, 100)).toContain("waiting 12s as asked");
  });

  test("counts the pace of this part of the run only, and none before the first has ended", () => {
    expect(progressLine({ ...state, endedBefore: 312 }, 200)).not.toContain("eta");
    expect(progressLine({ ...state, endedBefore: 311, seconds: 60 }, 200)).toContain("1.0/min");
  });

  test("has no cost when the price is unknown", () => {
    expect(progressLine({ ...state, tally: { ...tally, cost: null } }, 200)).not.toContain("$");
  });

  test("never passes the width", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(), (width, accepted, calls) => {
        const outcomes = { accepted, rejected: calls, failed: 1 };
        const line = progressLine({ ...state, tally: { ...tally, outcomes, calls } }, width);
        expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
