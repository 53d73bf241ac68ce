import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IdSet } from "./id-set.ts";
import { toPersona } from "./persona.ts";

/** Ids that often share a half and lie at both ends of the table. */
const id = fc
  .tuple(fc.constantFrom("00000000", "ffffffff", "80000000", "0000000f"), fc.nat({ max: 40 }))
  .map(([high, low]) => high + low.toString(16).padStart(8, "0"));

describe("IdSet", () => {
  it("behaves as a set of texts", () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 300 }), (ids) => {
        const set = new IdSet();
        const known = new Set<string>();
        for (const one of ids) {
          expect(set.add(one)).toBe(!known.has(one));
          known.add(one);
          expect(set.size).toBe(known.size);
        }
      }),
    );
  });

  it("keeps a hundred thousand ids apart and finds each again", () => {
    const set = new IdSet();
    const ids = Array.from({ length: 100_000 }, (_, index) => toPersona(`Person ${index}`).id);
    expect(ids.filter((one) => set.add(one))).toHaveLength(100_000);
    expect(ids.filter((one) => set.add(one))).toEqual([]);
    expect(set.size).toBe(100_000);
  });

  it("refuses what is not an id", () => {
    for (const text of ["", "abc", "000000000000000g", "0000000000000000f", "ABCDEF0123456789"]) {
      expect(() => new IdSet().add(text)).toThrow(RangeError);
    }
  });
});
