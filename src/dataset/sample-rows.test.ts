import { describe, expect, it } from "vitest";
import { sampleRows } from "./sample-rows.ts";

async function* rows(): AsyncGenerator<string> {
  for (let number = 0; number < 100; number += 1) yield number % 2 === 0 ? "same" : `row ${number}`;
}

async function sample(size: number, seed: number): Promise<readonly string[]> {
  const taken: string[] = [];
  for await (const row of sampleRows(rows, size, seed)) taken.push(row);
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
