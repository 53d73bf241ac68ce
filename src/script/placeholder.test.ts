import { describe, expect, test } from "vitest";
import { fillName, nameParts, placeholders } from "./action-matcher.ts";

describe("the placeholders of an action's name", () => {
  test.each([
    ["take {object} from {place}", [], ["object", "place"]],
    ["{a}{b}", [], ["a", "b"]],
    ["swap {a} with {a}", [], ["a"]],
    ["open { the door }", [], ["the door"]],
    ["take <object> from [place]", ["object", "place"], ["object", "place"]],
    ["take <object> from [place]", ["place"], ["place"]],
    ["press <enter> [twice]", [], []],
    ["set {} to {x}", [], ["x"]],
    ["{{x}}", [], ["x"]],
    ["{unclosed", ["unclosed"], []],
    ["", [], []],
  ])("%j with the parameters %j: %j", (name, parameters, expected) => {
    const parts = nameParts(name, parameters);
    expect(placeholders(parts)).toEqual(expected);
    const text = parts.map((part) => ("literal" in part ? part.literal : "*")).join("");
    expect(text.length).toBeLessThanOrEqual(name.length);
  });

  test("stand between the literal parts", () => {
    expect(nameParts("go to {place} now", [])).toEqual([
      { literal: "go to " },
      { parameter: "place" },
      { literal: " now" },
    ]);
    expect(nameParts("press <enter>", [])).toEqual([{ literal: "press <enter>" }]);
  });

  test("are filled with values, each every time it occurs", () => {
    const parts = nameParts("swap {a} with {b}, then {a}", []);
    expect(
      fillName(
        parts,
        new Map([
          ["a", "$1"],
          ["b", "{a}"],
        ]),
      ),
    ).toBe("swap $1 with {a}, then $1");
    expect(fillName(parts, new Map())).toBe("swap  with , then ");
  });
});
