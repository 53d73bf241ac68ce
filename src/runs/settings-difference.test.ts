import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differenceInWords, differencesOf, settingsDifference } from "./settings-difference.ts";

const words = (saved: Record<string, unknown>, given: Record<string, unknown>): string[] =>
  settingsDifference(saved, given).map(differenceInWords);

const settings = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 });

describe("settingsDifference", () => {
  it("tells each setting that differs with both values", () => {
    expect(words({ seed: 7, model: "a", same: [1] }, { seed: 8, model: "b", same: [1] })).toEqual([
      "seed was 7, now 8",
      'model was "a", now "b"',
    ]);
  });

  it("looks into groups of settings and names the path", () => {
    expect(
      words({ model: { name: "a", sampling: { heat: 1 } } }, { model: { name: "a", sampling: {} } }),
    ).toEqual(["model.sampling.heat was 1, now not set"]);
  });

  it("compares lists as a whole, with objects in them", () => {
    expect(words({ stop: [{ a: 1, b: 2 }] }, { stop: [{ b: 2, a: 1 }] })).toEqual([]);
    expect(words({ stop: ["a"] }, { stop: ["a", "b"] })).toEqual(['stop was ["a"], now ["a","b"]']);
  });

  it("takes undefined for not set, and null for a value", () => {
    expect(words({ sample: undefined }, {})).toEqual([]);
    expect(words({}, { sample: null })).toEqual(["sample was not set, now null"]);
  });

  it("cuts long values", () => {
    const [line] = words({ prompt: "x".repeat(5000) }, { prompt: "" });
    expect(line!.length).toBeLessThan(100);
  });

  it("finds nothing between settings and what was written and read of them", () => {
    fc.assert(
      fc.property(settings, (all) => settingsDifference(JSON.parse(JSON.stringify(all)), all).length === 0),
    );
  });

  it("finds the same settings in both directions", () => {
    fc.assert(
      fc.property(settings, settings, (one, other) => {
        const keys = (from: typeof one, to: typeof one): string[] =>
          settingsDifference(from, to)
            .map((difference) => difference.key)
            .sort();
        expect(keys(one, other)).toEqual(keys(other, one));
      }),
    );
  });

  it("does not take what every object inherits for a setting", () => {
    expect(words({}, { constructor: 1 })).toEqual(["constructor was not set, now 1"]);
  });
});

describe("differencesOf", () => {
  it("lets the work grow by its own sizes only, and never shrink", () => {
    const grown = { contradictions: [], grows: true };
    expect(differencesOf({ limit: 2 }, { limit: 3 })).toEqual(grown);
    expect(differencesOf({ personas: { sample: 2 } }, { personas: { sample: 3 } })).toEqual(grown);
    expect(differencesOf({ sample: 3 }, { sample: 2 }).contradictions).toEqual(["sample was 3, now 2"]);
    expect(differencesOf({ model: { body: { limit: 1 } } }, { model: { body: { limit: 2 } } })).toEqual({
      contradictions: ["model.body.limit was 1, now 2"],
      grows: false,
    });
  });
});
