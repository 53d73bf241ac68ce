import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { jaccard, NearDuplicates, wordShingles } from "./near-duplicates.ts";
import { toPersona } from "./persona.ts";

const near = (threshold: number): NearDuplicates => new NearDuplicates(threshold);

/** A text of `shared` words that all texts of the seed have and `own` words that only this one has. */
function sentence(seed: number, shared: number, own: number, name: string): string {
  const common = Array.from({ length: shared }, (_, index) => `common${seed}x${index}`);
  return randomFor(name)
    .shuffle([...common, ...Array.from({ length: own }, (_, index) => `${name}x${index}`)])
    .join(" ");
}

describe("NearDuplicates", () => {
  it("always finds the same text, and those that differ in case, punctuation and the order of words", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" })),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (texts, threshold) => {
          const filter = near(threshold);
          for (const text of texts) filter.addUnlessNear(toPersona(text));
          for (const text of texts) expect(filter.addUnlessNear(toPersona(text))).toBeDefined();
        },
      ),
    );
    const filter = near(1);
    const first = toPersona("A retired nurse, who paints.");
    expect(filter.addUnlessNear(first)).toBeUndefined();
    expect(filter.addUnlessNear(toPersona("a RETIRED nurse who paints"))).toBe(first.id);
    expect(filter.addUnlessNear(toPersona("Who paints? A nurse (retired)!"))).toBe(first.id);
    expect(filter.size).toBe(1);
  });

  it("never calls near what is below the threshold, and names a kept one that is at or above it", () => {
    const word = fc.constantFrom("a", "baker", "diver", "who", "paints", "and", "sings", "at", "night");
    const text = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 40 }),
        fc.constantFrom(0.3, 0.5, 0.8, 0.9),
        (texts, threshold) => {
          const filter = near(threshold);
          const kept = new Map<string, string>();
          for (const one of texts) {
            const persona = toPersona(one);
            const found = filter.addUnlessNear(persona);
            if (found === undefined) kept.set(persona.id, one);
            else {
              const similarity = jaccard(wordShingles(one, 1), wordShingles(kept.get(found) ?? "", 1));
              expect(similarity).toBeGreaterThanOrEqual(threshold);
            }
          }
          expect(filter.size).toBe(kept.size);
        },
      ),
    );
  });

  it("misses few pairs at the threshold and none well above it", () => {
    // 18 of 20 words are shared: 18 / (18 + 2 + 0) = 0.9 against a text of these 18 words alone.
    const missed = (own: number): number => {
      let count = 0;
      for (let seed = 0; seed < 400; seed += 1) {
        const filter = near(0.9);
        filter.addUnlessNear(toPersona(sentence(seed, 18, 0, `one${seed}`)));
        if (filter.addUnlessNear(toPersona(sentence(seed, 18, own, `two${seed}`))) === undefined) count += 1;
      }
      return count;
    };
    expect(missed(2)).toBeLessThan(12);
    expect(missed(1)).toBeLessThan(3);
    expect(missed(0)).toBe(0);
    expect(missed(3)).toBe(400);
  });

  it("sees words where a script has no spaces", () => {
    const filter = near(0.8);
    const first = toPersona("京都で古い時計を修理する職人");
    filter.addUnlessNear(first);
    expect(filter.addUnlessNear(toPersona("京都で古い時計を修理する職人です"))).toBe(first.id);
    expect(filter.addUnlessNear(toPersona("北海道で羊を育てる獣医"))).toBeUndefined();
  });

  it("keeps finding among many", () => {
    const filter = near(0.9);
    const texts = Array.from({ length: 800 }, (_, index) => sentence(index, 12, 3, `text${index}`));
    for (const text of texts) expect(filter.addUnlessNear(toPersona(text))).toBeUndefined();
    for (const text of texts) expect(filter.addUnlessNear(toPersona(`${text} `))).toBe(toPersona(text).id);
    for (const text of texts) expect(filter.addUnlessNear(toPersona(`${text}!`))).toBe(toPersona(text).id);
    expect(filter.size).toBe(800);
  });

  it("refuses a threshold out of its range", () => {
    for (const threshold of [0, -1, 1.01, Number.NaN]) expect(() => near(threshold)).toThrow(RangeError);
  });

  it("finds no two of the package's personas near each other, at half as similar as usual", () => {
    const lines = readFileSync(new URL("../../data/personas.jsonl", import.meta.url), "utf8")
      .trim()
      .split("\n");
    const filter = near(0.5);
    const found = lines.filter(
      (line) => filter.addUnlessNear(toPersona(JSON.parse(line).persona)) !== undefined,
    );
    expect(found).toEqual([]);
    expect(filter.size).toBeGreaterThanOrEqual(240);
  });
});
