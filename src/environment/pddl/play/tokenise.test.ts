import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenise } from "./read-action.ts";

/** What NLTK 3.10.3 gives for these texts. */
const TEXTS = [
  ["pick up b1 with the-hub2", ["pick", "up", "b1", "with", "the-hub2"]],
  ["Open boot.", ["Open", "boot", "."]],
  ["move to rooma . ", ["move", "to", "rooma", "."]],
  ["grasp(left, shot1)!", ["grasp", "(", "left", ",", "shot1", ")", "!"]],
  ["b1's top", ["b1", "'s", "top"]],
  ["don't; cannot", ["do", "n't", ";", "can", "not"]],
  ["x:y 1:2 3,4 a,b", ["x", ":", "y", "1:2", "3,4", "a", ",", "b"]],
  ["b1.b2 3.5 wait...", ["b1.b2", "3.5", "wait", "..."]],
  ["l0--l1 [a] {b} <c>", ["l0", "--", "l1", "[", "a", "]", "{", "b", "}", "<", "c", ">"]],
  ['say "left" now', ["say", "``", "left", "''", "now"]],
  ["'left' `right`", ["'", "left", "'", "`", "right", "`"]],
  ["“left” «right»", ["“", "left", "”", "«", "right", "»"]],
  ["*b1* @b2 b3%", ["*", "b1", "*", "@", "b2", "b3", "%"]],
  ["  \t\n", []],
] as const;

describe("words of a text", () => {
  test.each(TEXTS)("%j", (text, words) => {
    expect(tokenise(text)).toEqual(words);
  });

  test("a full stop between sentences is set apart too", () => {
    expect(tokenise("Drop ball1. Then (go to rooma.) Done")).toEqual(
      "Drop ball1 . Then ( go to rooma . ) Done".split(" "),
    );
  });

  test("words of letters, digits and hyphens stay as they are", () => {
    const word = fc.stringMatching(/^[a-z]{1,2}\d(-[a-z]{1,2}\d)?$/);
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(tokenise(words.join(" "))).toEqual(words);
      }),
    );
  });

  test("no letter or digit is lost, whatever the text", () => {
    const kept = (text: string): string => text.replace(/[^a-z\d]/gi, "");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const words = tokenise(text);
        expect(kept(words.join(""))).toBe(kept(text));
        expect(words.every((word) => word !== "" && !/\s/.test(word))).toBe(true);
      }),
    );
  });

  test("long runs of one mark are no trouble", () => {
    for (const mark of [")", ". ", ".)", "'", "` ", '"', " ", "a.", ".", ":", ",", "-"]) {
      const text = mark.repeat(50_000);
      expect(tokenise(text).join("").length).toBeLessThanOrEqual(2 * text.length);
    }
  });
});
