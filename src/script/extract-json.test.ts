import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extractJsonObject } from "./json-scanner.ts";
import { arbitraryWildText } from "./testing/arbitrary-text.ts";

const arbitraryObject = fc.dictionary(
  arbitraryWildText,
  fc.oneof(arbitraryWildText, fc.array(fc.dictionary(arbitraryWildText, arbitraryWildText)), fc.boolean()),
);

describe("taking the JSON object out of a reply", () => {
  test("finds what JSON.parse finds, whatever harmless text is around it", () => {
    const wrappings = [
      ["", ""],
      ["```json\n", "\n```"],
      ["Here [it] is:\n", "\nThat is all, } and ]."],
      ["<think>Maybe {this}? {}</think>\n", "\n"],
      ["I plan {the world} first, perhaps [1, 2].\n</think>\n\n", ""],
      ["Okay.\n<think>I use {braces}.</think>\n\n", ""],
    ] as const;
    fc.assert(
      fc.property(arbitraryObject, fc.constantFrom(...wrappings), (value, [before, after]) => {
        const text = JSON.stringify(value);
        // Behind words a closing tag ends reasoning, also one inside a string.
        fc.pre(!text.includes("</think>") || /^(```|$)/.test(before));
        expect(extractJsonObject(before + text + after)).toEqual({ value: JSON.parse(text) });
      }),
    );
  });

  test("finds a problem in every part of an object that lacks its end", () => {
    fc.assert(
      fc.property(arbitraryObject, fc.nat(), (value, place) => {
        const text = JSON.stringify(value);
        expect(extractJsonObject(text.slice(0, place % text.length))).toHaveProperty("problem");
      }),
    );
  });

  test.each([
    ["", "no JSON object"],
    ["I cannot do that.", "no JSON object"],
    ["[1, 2]", "no JSON object"],
    ['{"a": 1', "not closed"],
    ['{"a": "}', "not closed"],
    ['<think>{"a": 1}', "no JSON object"],
    ["{} {}", "more than one"],
    ["{} or {that}", "more than one"],
    ["{a} {}", "more than one"],
    ["{a: 1}", "JSON"],
    ['{"a": 1,}', "JSON"],
    ["{'a': 1}", "JSON"],
    ['{"a": "\\d+"}', "JSON"],
    ['{"a": "x\ny"}', "JSON"],
    ['{"a": [1}', "JSON"],
  ])("says what is wrong with %j", (reply, problem) => {
    const extracted = extractJsonObject(reply);
    expect("problem" in extracted && extracted.problem).toContain(problem);
  });

  test("repairs nothing", () => {
    expect(extractJsonObject('{"a": "\\\\d+"}')).toEqual({ value: { a: "\\d+" } });
  });
});
