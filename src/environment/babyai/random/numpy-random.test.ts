import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NumpyRandom, Pcg64, seedWords } from "./numpy-random.ts";

/** Values of NumPy 1.26.4. */
describe("the random stream of NumPy", () => {
  test("a seed is spread over words as SeedSequence does it", () => {
    expect(seedWords(0n, 8)).toEqual([
      2968811710, 3677149159, 745650761, 2884920346, 2642120001, 549907821, 574372308, 742431198,
    ]);
    expect(seedWords(2n ** 128n - 1n, 4)).toEqual([819991049, 2207585912, 3432630979, 2227233661]);
  });

  test("PCG64 has the same state, increment and words", () => {
    const generator = new Pcg64(0n);
    expect(generator.state).toBe(35399562948360463058890781895381311971n);
    expect(generator.increment).toBe(87136372517582989555478159403783844777n);
    generator.advance();
    expect((BigInt(generator.high) << 32n) | BigInt(generator.low)).toBe(11749869230777074271n);
  });

  test("small and great bounds, coins and doubles come in the same order", () => {
    const random = new NumpyRandom(0);
    expect([random.random(), random.random()]).toEqual([0.6369616873214543, 0.2697867137638703]);
    expect([random.integer(0, 10), random.integer(-5, 5)]).toEqual([3, -5]);
    expect(random.integer(0, 4294967297)).toBe(70985654);
    const sixes = new NumpyRandom(0);
    expect(Array.from({ length: 8 }, () => sixes.integer(0, 6))).toEqual([5, 3, 3, 1, 1, 0, 0, 0]);
  });

  test("a single possible value costs no draw", () => {
    const plain = new NumpyRandom(7);
    const other = new NumpyRandom(7);
    expect(other.integer(3, 4)).toBe(3);
    expect(other.pick(["only"])).toBe("only");
    expect(other.integer(0, 1000)).toBe(plain.integer(0, 1000));
  });

  test("a double leaves the kept half of the last word alone", () => {
    const random = new NumpyRandom(11);
    const raw = new Pcg64(11n);
    raw.advance();
    const kept = raw.high;
    random.integer(0, 2 ** 32);
    random.random();
    expect(random.integer(0, 2 ** 32)).toBe(kept);
  });

  test("whole numbers stay in their range, for every bound", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer(), fc.integer({ min: 1, max: 2 ** 40 }), (seed, low, size) => {
        const random = new NumpyRandom(seed);
        for (let i = 0; i < 20; i += 1) {
          const drawn = random.integer(low, low + size);
          expect(drawn).toBeGreaterThanOrEqual(low);
          expect(drawn).toBeLessThan(low + size);
          expect(Number.isInteger(drawn)).toBe(true);
        }
      }),
    );
  });

  test("a subset has different entries and leaves the items as they are", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 6 }), (seed, count) => {
        const items = ["a", "b", "c", "d", "e", "f"];
        const chosen = new NumpyRandom(seed).subset(items, count);
        expect(new Set(chosen).size).toBe(count);
        expect(items).toEqual(["a", "b", "c", "d", "e", "f"]);
      }),
    );
  });

  test("an empty choice is refused", () => {
    expect(() => new NumpyRandom(1).pick([])).toThrow(RangeError);
    expect(() => new NumpyRandom(1).integer(2, 2)).toThrow(RangeError);
  });
});
