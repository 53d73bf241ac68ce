import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseSubset, sampleRows } from "./subset.ts";

const ids = Array.from({ length: 6000 }, (_unused, place) => `persona-${place}`);

async function chosen(from: readonly string[], size: number, seed: number): Promise<ReadonlySet<string>> {
  const has = chooseSubset(from, size, seed);
  return new Set(from.filter((id) => has.has(id)));
}

describe("chooseSubset", () => {
  it("has the size asked for, whatever the order of the ids", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.nat(),
        async (some, at, seed) => {
          const size = at % (some.length + 1);
          const subset = await chosen(some, size, seed);
          expect(subset.size).toBe(size);
          expect(await chosen([...some].reverse(), size, seed)).toEqual(subset);
        },
      ),
    );
  });

  it("nests subsets of one seed, and those of another seed differ", async () => {
    const [small, middle, large] = [
      await chosen(ids, 500, 1),
      await chosen(ids, 1000, 1),
      await chosen(ids, 4000, 1),
    ];
    expect([...small!].every((id) => middle!.has(id))).toBe(true);
    expect([...middle!].every((id) => large!.has(id))).toBe(true);
    const other = await chosen(ids, 500, 2);
    const common = [...other].filter((id) => small!.has(id)).length;
    expect(common).toBeGreaterThan(10);
    expect(common).toBeLessThan(90);
  });

  it("refuses more than there is", async () => {
    expect(() => chooseSubset(["a", "b"], 3, 1)).toThrow(
      "a subset of 3 was asked for, but there are only 2 rows",
    );
  });
});

async function* rows(): AsyncGenerator<string> {
  for (let number = 0; number < 100; number += 1) yield number % 2 === 0 ? "same" : `row ${number}`;
}

async function sample(size: number, seed: number): Promise<readonly string[]> {
  const taken: string[] = [];
  for await (const row of sampleRows(rows(), 100, size, seed)) taken.push(row);
  return taken;
}

describe("sampleRows", () => {
  it("takes exactly as many as asked for, also of equal rows, in their order", async () => {
    const taken = await sample(40, 1);
    expect(taken).toHaveLength(40);
    const numbers = taken.filter((row) => row !== "same").map((row) => Number(row.slice(4)));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(await sample(40, 1)).toEqual(taken);
    expect(await sample(40, 2)).not.toEqual(taken);
    expect(await sample(100, 3)).toHaveLength(100);
  });

  it("refuses more than there is", async () => {
    await expect(sample(101, 1)).rejects.toThrow("there are only 100 rows");
  });
});
