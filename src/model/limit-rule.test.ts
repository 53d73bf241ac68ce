import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomFor } from "../random.ts";
import { type CallEnd, initialLimit, type LimitBounds, type LimitState, learn } from "./limit-rule.ts";

const BOUNDS: LimitBounds = { start: 16, maximum: 64, growEvery: 5 };

/** A call of the present generation that ends while the limit is in use. */
function success(state: LimitState, latency = 100): CallEnd {
  return { outcome: "success", generation: state.generation, latency, running: state.limit };
}

function refusal(state: LimitState): CallEnd {
  return { outcome: "pushed-back", generation: state.generation, running: state.limit };
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

describe("latency", () => {
  const usual = times(40, initialLimit({ ...BOUNDS, start: 64 }), (state) => success(state, 1000));

  test("the limit stays when the provider becomes slow", () => {
    const lowered = times(20, learn(usual, refusal(usual), BOUNDS), (state) => success(state, 1000));
    const slow = times(30, lowered, (state) => success(state, 4000));
    expect(times(5, slow, (state) => success(state, 4000)).limit).toBe(slow.limit);
  });

  test("the limit stays near what a server bears that queues the rest instead of refusing", () => {
    const wide = { ...BOUNDS, start: 4, maximum: 512 };
    let now = initialLimit(wide);
    const limits: number[] = [];
    for (let i = 0; i < 20_000; i += 1) {
      // It works on 8 calls at once.
      now = learn(now, success(now, 1000 * Math.max(1, now.limit / 8)), wide);
      limits.push(now.limit);
    }
    const settled = limits.slice(2000);
    expect(Math.max(...settled)).toBeLessThan(64);
    expect(Math.min(...settled)).toBeGreaterThan(8);
  });

  test("slowness that less load does not mend becomes usual, and the limit recovers", () => {
    const slow = times(400, usual, (state) => success(state, 20_000));
    expect(slow.limit).toBeGreaterThan(40);
  });

  test("short latencies may vary as they like", () => {
    const quick = times(40, initialLimit(BOUNDS), (state) => success(state, 5));
    expect(times(100, quick, (state) => success(state, 900)).generation).toBe(0);
  });
});

test("the limit keeps within its bounds, moves up by one, and down once a generation", () => {
  const end = fc.record({
    outcome: fc.constantFrom("success", "pushed-back", "other"),
    age: fc.nat(2),
    latency: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    running: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(fc.array(end, { maxLength: 300 }), fc.integer({ min: 1, max: 100 }), (ends, start) => {
      let state = initialLimit({ ...BOUNDS, start });
      for (const { outcome, age, latency, running } of ends) {
        const generation = Math.max(0, state.generation - age);
        const next = learn(
          state,
          { outcome, generation, running, ...(latency === undefined ? {} : { latency }) } as CallEnd,
          BOUNDS,
        );
        expect(next.limit).toBeGreaterThanOrEqual(1);
        expect(next.limit).toBeLessThanOrEqual(BOUNDS.maximum);
        expect(next.limit - state.limit).toBeLessThanOrEqual(1);
        if (next.limit < state.limit) expect(next.generation).toBe(state.generation + 1);
        if (outcome === "pushed-back" && generation !== state.generation) expect(next).toEqual(state);
        state = next;
      }
    }),
  );
});
