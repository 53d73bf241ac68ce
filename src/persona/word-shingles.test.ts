import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jaccard, wordShingles } from "./near-duplicates.ts";

const sortedSet = fc
  .uniqueArray(fc.nat({ max: 60 }), { minLength: 1, maxLength: 30 })
  .map((numbers) => Uint32Array.from(numbers).sort());

describe("wordShingles", () => {
  it("is sorted, has no repetition and as many shingles as there are different runs of words", () => {
    expect(wordShingles("to be or not to be", 1)).toHaveLength(4);
    expect(wordShingles("to be or not to be", 2)).toHaveLength(4);
    expect(wordShingles("to be or not to be", 6)).toHaveLength(1);
    const shingles = wordShingles("one two three four five six seven eight", 1);
    expect(shingles).toEqual(Uint32Array.from(new Set(shingles)).sort());
  });

  it("takes a text with fewer words than a shingle for one shingle, and one without words too", () => {
    expect(wordShingles("A baker", 3)).toEqual(wordShingles("a baker!", 3));
    expect(wordShingles("🎺", 1)).not.toEqual(wordShingles("🎻", 1));
    expect(wordShingles("", 1)).toHaveLength(1);
  });

  it("does not cut words that carry accents or vowel signs", () => {
    expect(wordShingles("naïve प्रेमी", 1)).toHaveLength(2);
    expect(wordShingles("cafe\u0301", 1)).toEqual(wordShingles("caf\u00e9", 1));
  });
});

describe("jaccard", () => {
  it("is the share of the union that both sets have", () => {
    fc.assert(
      fc.property(sortedSet, sortedSet, (one, other) => {
        const union = new Set([...one, ...other]);
        const shared = [...one].filter((element) => other.includes(element));
        expect(jaccard(one, other)).toBe(shared.length / union.size);
      }),
    );
  });
});
