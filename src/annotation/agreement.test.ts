import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cohenKappa, confusionOf, krippendorffAlpha } from "./agreement.ts";
import type { TurnVerdict } from "./verdict.ts";

const table = (a: number, b: number, c: number, d: number) => ({
  right: { right: a, wrong: b },
  wrong: { right: c, wrong: d },
});

/** Verdicts from ones (wrong) and zeros. */
function verdicts(text: string): readonly TurnVerdict[] {
  return [...text].map((each) => (each === "1" ? "wrong" : "right"));
}

describe("Cohen's kappa", () => {
  test("has the values of the literature", () => {
    // The grant proposals with which textbooks explain it.
    expect(cohenKappa(table(20, 5, 10, 15))).toBeCloseTo(0.4, 12);
    // The same agreement of 60 in 100, with other shares (Cohen's paradox).
    expect(cohenKappa(table(45, 15, 25, 15))).toBeCloseTo(0.1304, 4);
    expect(cohenKappa(table(25, 35, 5, 35))).toBeCloseTo(0.2593, 4);
    // Figure 10 of the paper.
    expect(cohenKappa(table(47, 3, 9, 41))).toBeCloseTo(0.76, 12);
  });

  test("is 1 for full agreement, below 0 for worse than chance, and nothing where nothing varies", () => {
    expect(cohenKappa(table(5, 0, 0, 7))).toBe(1);
    expect(cohenKappa(table(0, 5, 5, 0))).toBe(-1);
    expect(cohenKappa(table(9, 0, 0, 0))).toBeUndefined();
    expect(cohenKappa(table(0, 0, 0, 0))).toBeUndefined();
  });
});

describe("Krippendorff's alpha", () => {
  test("has the value of Krippendorff's own example of two observers", () => {
    const [meg, owen] = [verdicts("0100000010"), verdicts("1110010000")];
    const turns = meg.map((verdict, place) => [verdict, owen[place] ?? "right"] as const);
    expect(krippendorffAlpha(turns)).toBeCloseTo(0.095, 3);
  });

  test("needs no annotator to judge every turn", () => {
    const turns = ["110", "00", "1", "111", ""].map(verdicts);
    // By hand: of 8 verdicts on turns with several, 5 wrong and 3 right; one turn disagrees, 2·2·1/2 = 2.
    expect(krippendorffAlpha(turns)).toBeCloseTo(1 - 2 / ((2 * 5 * 3) / 7), 12);
    expect(krippendorffAlpha([])).toBeUndefined();
    expect(krippendorffAlpha([verdicts("11"), verdicts("0")])).toBeUndefined();
  });

  test("comes near Scott's pi for two annotators and many turns, and is 1 only for full agreement", () => {
    const pair = fc.constantFrom("00", "01", "10", "11");
    fc.assert(
      fc.property(fc.array(pair, { minLength: 2, maxLength: 60 }), (pairs) => {
        const alpha = krippendorffAlpha(pairs.map(verdicts));
        if (alpha === undefined) return;
        const { right, wrong } = confusionOf(
          pairs.map((each) => verdicts(each) as [TurnVerdict, TurnVerdict]),
        );
        const disagreeing = right.wrong + wrong.right;
        expect(alpha === 1).toBe(disagreeing === 0);
        const p = (2 * right.right + disagreeing) / (2 * pairs.length);
        const chance = p ** 2 + (1 - p) ** 2;
        const pi = (1 - disagreeing / pairs.length - chance) / (1 - chance);
        expect(Math.abs(alpha - pi)).toBeLessThan(1.5 / pairs.length);
      }),
      { numRuns: 50 },
    );
  });
});
