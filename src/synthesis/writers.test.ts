import { describe, expect, test } from "vitest";
import { drawPairing, pairingsOf } from "./writers.ts";

function counts(writers: Parameters<typeof pairingsOf>[0], seed = 1): Record<string, number> {
  const pairings = pairingsOf(writers);
  const drawn: Record<string, number> = {};
  for (let index = 0; index < 4000; index += 1) {
    const label = drawPairing(pairings, seed, index)?.label ?? "";
    drawn[label] = (drawn[label] ?? 0) + 1;
  }
  return drawn;
}

describe("who writes a persona", () => {
  test("is drawn by the shares, and not by the order in which the writers are given", () => {
    const drawn = counts({ a: { share: 0.7 }, b: { share: 0.3 } });
    expect(drawn.a).toBeGreaterThan(2700);
    expect(drawn.a).toBeLessThan(2900);
    expect(counts({ b: { share: 0.3 }, a: { share: 0.7 } })).toEqual(drawn);
    expect(counts({ a: {}, b: {} }, 2)).not.toEqual(counts({ a: {}, b: {} }, 3));
  });

  test("is the same for each shard, as only the place in the run counts", () => {
    const pairings = pairingsOf({ a: {}, b: {} });
    const whole = Array.from({ length: 40 }, (_none, index) => drawPairing(pairings, 1, index)?.label);
    const shard = Array.from({ length: 10 }, (_none, at) => drawPairing(pairings, 1, 4 * at + 3)?.label);
    expect(shard).toEqual(whole.filter((_label, index) => index % 4 === 3));
  });

  test("may be another model for each kind of call, and several of each", () => {
    const writers = {
      a: { for: "script" },
      b: { for: "trajectory", share: 0.25 },
      c: { for: "trajectory", share: 0.75 },
    } as const;
    expect(pairingsOf(writers).map(({ label, share }) => [label, share])).toEqual([
      ["a + b", 0.25],
      ["a + c", 0.75],
    ]);
  });

  test.each([
    [{ a: { share: 0.5 }, b: { share: 0.3 } }, "the shares of a, b are 0.8 together, not 1"],
    [{ a: { share: 0.5 }, b: {} }, "b has no share, and other writers have one"],
    [{ a: { for: "script" }, b: {} }, "b does not say for which calls, and other writers do"],
    [{ a: { for: "script" } }, "no writer is for=trajectory"],
  ] as const)("of %j cannot be drawn", (writers, message) => {
    expect(() => pairingsOf(writers)).toThrow(message);
  });
});
