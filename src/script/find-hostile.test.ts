import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findHostile, MAXIMUM_DEPTH, MAXIMUM_NODES, MAXIMUM_TEXT, textProblem } from "./find-hostile.ts";
import { arbitraryText } from "./testing/arbitrary-text.ts";

describe("a text", () => {
  test.each(["", "plain", "tab\tline\r\nbreak", "é 漢 😀 \u2028 \u00a0", "x".repeat(MAXIMUM_TEXT)])(
    "may be accepted (%#)",
    (text) => {
      expect(textProblem(text)).toBeUndefined();
    },
  );

  test.each([
    ["x".repeat(MAXIMUM_TEXT + 1), "8001 characters"],
    ["\ud83d", "surrogate"],
    ["\ude00\ud83d", "surrogate"],
    ["a\bb", "\\\\b"],
    ["\u0000", "U+0000"],
    ["\u001b[31m", "U+001B"],
    ["\f", "U+000C"],
    ["\u007f", "U+007F"],
  ])("is refused (%#): %#", (text, problem) => {
    expect(textProblem(text)).toContain(problem);
  });

  test("is refused for exactly the control characters but tab and line breaks", () => {
    const refused = Array.from({ length: 160 }, (_, code) => code).filter(
      (code) => textProblem(`a${String.fromCharCode(code)}`) !== undefined,
    );
    const expected = Array.from({ length: 32 }, (_, code) => code).filter(
      (code) => ![9, 10, 13].includes(code),
    );
    expect(refused).toEqual([...expected, 127]);
  });
});

describe("a JSON value", () => {
  test("of harmless texts is harmless", () => {
    // Texts of chance are now and then the names of what objects inherit.
    const forbidden = ["__proto__", "constructor", "prototype"];
    const arbitraryHarmlessKey = arbitraryText.filter((text) => !forbidden.includes(text));
    const arbitraryValue = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        arbitraryText,
        fc.constantFrom(null, true, 1),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(arbitraryHarmlessKey, tie("value"), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(arbitraryValue, (value) => {
        expect(findHostile(value)).toBeUndefined();
      }),
    );
  });

  test.each(["__proto__", "constructor", "prototype"])("must not have the key %s, at any depth", (key) => {
    const value: unknown = JSON.parse(`{"places": [{"room": {"${key}": {"polluted": true}}}]}`);
    expect(findHostile(value)).toEqual({
      path: `places > 0 > room > ${key}`,
      problem: "is a key that is not allowed",
    });
  });

  test("must not hold a refused text, as a key neither", () => {
    expect(findHostile({ a: ["fine", "b\u0001"] })?.path).toBe("a > 1");
    expect(findHostile({ "a\u0001": 1 })?.problem).toContain("U+0001");
  });

  test("must not nest too deep", () => {
    const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));
    expect(findHostile(nested(MAXIMUM_DEPTH + 1))).toBeUndefined();
    expect(findHostile(nested(MAXIMUM_DEPTH + 2))?.problem).toContain("nested deeper");
  });

  test("must not have too many keys and items", () => {
    const list = (length: number): unknown => Array.from({ length }, () => 1);
    expect(findHostile(list(MAXIMUM_NODES))).toBeUndefined();
    expect(findHostile(list(MAXIMUM_NODES + 1))?.problem).toContain("more than 5000");
  });

  test("is told with a path of bounded length", () => {
    const deep = { ["a".repeat(150)]: { ["b".repeat(150)]: "\u0000" } };
    expect(findHostile(deep)?.path).toHaveLength(200);
  });
});
