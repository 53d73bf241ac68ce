import { expect, it } from "vitest";
import { wordMemory } from "./word-memory.ts";

it("encodes a frequent word once and forgets rare ones, and gives the same ids either way", () => {
  const asked = new Map<string, number>();
  const append = wordMemory((word) => {
    asked.set(word, (asked.get(word) ?? 0) + 1);
    return word === "often" ? [7] : [1, Number(word)];
  });
  for (const round of [0, 1]) {
    for (let number = 0; number < 100_000; number += 1) {
      const ids: number[] = [round];
      append("often", ids);
      append(`${number}`, ids);
      if (number % 1000 === 0) expect(ids).toEqual([round, 7, 1, number]);
    }
  }
  expect(asked.get("often")).toBe(1);
  expect(asked.get("0")).toBe(2);
});
