import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { type Persona, toPersona } from "./persona.ts";
import { samplePersonas } from "./select-personas.ts";

const personas = Array.from({ length: 2000 }, (_, index) => toPersona(`Person number ${index}`));

async function* streamed(items: readonly Persona[]): AsyncGenerator<Persona> {
  yield* items;
}

const sampleOf = (count: number, seed: string, from = personas): Promise<readonly Persona[]> =>
  samplePersonas(streamed(from), count, seed);

describe("samplePersonas", () => {
  it("takes that many different ones of the source, or all", async () => {
    const sample = await sampleOf(300, "a");
    expect(new Set(sample.map(({ id }) => id)).size).toBe(300);
    expect((await sampleOf(5000, "a")).length).toBe(2000);
    expect(await sampleOf(0, "a")).toEqual([]);
    expect(await sampleOf(3, "a", [])).toEqual([]);
  });

  it("begins with the smaller sample of the same seed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(700), fc.nat(700), fc.string(), async (one, other, seed) => {
        const [small, large] = one < other ? [one, other] : [other, one];
        expect((await sampleOf(large, seed)).slice(0, small)).toEqual(await sampleOf(small, seed));
      }),
      { numRuns: 30 },
    );
  });

  it("does not depend on the order of the source", async () => {
    const shuffled = randomFor("order").shuffle(personas);
    expect(await sampleOf(100, "a", shuffled)).toEqual(await sampleOf(100, "a"));
  });

  it("draws another sample for another seed, and everyone about equally often", async () => {
    const times = new Map<string, number>();
    for (let seed = 0; seed < 400; seed += 1) {
      for (const { id } of await sampleOf(20, `seed ${seed}`, personas.slice(0, 100))) {
        times.set(id, (times.get(id) ?? 0) + 1);
      }
    }
    // Each is drawn 80 times on average, with a standard deviation of 8.
    expect(times.size).toBe(100);
    const counts = [...times.values()];
    expect(Math.min(...counts)).toBeGreaterThan(80 - 4.5 * 8);
    expect(Math.max(...counts)).toBeLessThan(80 + 4.5 * 8);
    const variance = counts.reduce((sum, count) => sum + (count - 80) ** 2, 0) / 100;
    expect(variance).toBeGreaterThan(30);
    expect(variance).toBeLessThan(110);
  });
});
