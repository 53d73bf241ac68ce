import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { bandKeys, chooseBands, hashFunctions, minHash } from "./near-duplicates.ts";

const FUNCTIONS = hashFunctions(128);

function agreement(one: Uint32Array, other: Uint32Array): number {
  return one.filter((value, place) => value === other[place]).length / one.length;
}

/** Two sets of which `shared` elements are common and `own` belong to each alone. */
function twoSets(shared: number, own: number, seed: number): [Uint32Array, Uint32Array] {
  const random = randomFor("sets", seed);
  const draw = (count: number): number[] => Array.from({ length: count }, () => random.integer(2 ** 32));
  const common = draw(shared);
  return [Uint32Array.from([...common, ...draw(own)]), Uint32Array.from([...common, ...draw(own)])];
}

describe("minHash", () => {
  it("agrees in about the share that the sets have in common", () => {
    for (const [shared, own] of [
      [0, 12],
      [2, 9],
      [6, 6],
      [10, 3],
      [14, 1],
      [60, 20],
    ] as const) {
      const similarity = shared / (shared + 2 * own);
      const estimates = Array.from({ length: 60 }, (_, seed) => {
        const [one, other] = twoSets(shared, own, seed);
        return agreement(minHash(one, FUNCTIONS), minHash(other, FUNCTIONS));
      });
      const mean = estimates.reduce((sum, estimate) => sum + estimate, 0) / estimates.length;
      // One estimate has a standard deviation of at most sqrt(0.25 / 128) = 0.044; their mean one of 0.006.
      expect(Math.abs(mean - similarity)).toBeLessThan(0.025);
      for (const estimate of estimates) expect(Math.abs(estimate - similarity)).toBeLessThan(0.2);
    }
  });

  it("depends on the set and not on the order of its elements", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 0xffffffff }), { minLength: 1 }), (elements) => {
        const one = minHash(Uint32Array.from(elements), FUNCTIONS);
        expect(minHash(Uint32Array.from(elements.reverse()), FUNCTIONS)).toEqual(one);
      }),
    );
  });
});

describe("chooseBands", () => {
  it("lets pairs at the threshold share a band nearly always, with as many rows as that allows", () => {
    const found = (threshold: number, rows: number): number =>
      1 - (1 - threshold ** rows) ** Math.floor(128 / rows);
    for (const threshold of [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1]) {
      const { bands, rows } = chooseBands(threshold, 128);
      expect(bands).toBe(Math.floor(128 / rows));
      expect(found(threshold, rows)).toBeGreaterThanOrEqual(0.99);
      if (rows < 128) expect(found(threshold, rows + 1)).toBeLessThan(0.99);
    }
    expect(chooseBands(0.9, 128)).toEqual({ bands: 12, rows: 10 });
  });

  it("falls back to bands of one place when the signature is too short for the threshold", () => {
    expect(chooseBands(0.01, 16)).toEqual({ bands: 16, rows: 1 });
    expect(chooseBands(0.5, 1)).toEqual({ bands: 1, rows: 1 });
  });
});

describe("bandKeys", () => {
  it("changes exactly the key of the band in which a signature changes", () => {
    const signature = minHash(Uint32Array.of(1, 2, 3), FUNCTIONS);
    const keys = bandKeys(signature, { bands: 12, rows: 10 });
    for (let place = 0; place < 120; place += 1) {
      const changed = Uint32Array.from(signature);
      changed[place] = (changed[place]! + 1) >>> 0;
      const changedKeys = [...bandKeys(changed, { bands: 12, rows: 10 })];
      const different = changedKeys.flatMap((key, band) => (key === keys[band] ? [] : [band]));
      expect(different).toEqual([Math.floor(place / 10)]);
    }
  });

  it("gives the same values another key in another band", () => {
    expect(new Set(bandKeys(new Uint32Array(120).fill(7), { bands: 12, rows: 10 })).size).toBe(12);
  });
});
