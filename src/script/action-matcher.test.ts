import { describe, expect, test } from "vitest";
import { createActionMatcher, filledNames } from "./action-matcher.ts";
import type { Action } from "./script.ts";

function action(
  name: string,
  pattern: string,
  parameters: Readonly<Record<string, readonly string[]>> = {},
): Action {
  return {
    name,
    pattern,
    parameters: Object.entries(parameters).map(([parameter, values]) => ({ name: parameter, values })),
  };
}

const tools = { object: ["key", "old lamp"], place: ["box", "shelf"] };

describe("matching an action", () => {
  test.each([
    ["named groups", action("put {object} in {place}", "put (?P<object>.+) in (?P<place>.+)", tools)],
    [
      "named groups in another order",
      action("in {place} put {object}", "put (?P<object>.+) in (?P<place>.+)", tools),
    ],
    ["groups without names", action("put {object} in {place}", "put (.+) in (.+)", tools)],
    ["no groups", action("put {object} in {place}", "put [a-z ]+ in [a-z ]+", tools)],
    [
      "groups that are no parameters",
      action("put {object} in {place}", "(put|lay) .+ (in|on) .+( now)?", tools),
    ],
    ["angle placeholders", action("put <object> in <place>", "put .+ in .+", tools)],
  ])("looks up the values with %s", (_name, available) => {
    const matcher = createActionMatcher([available]);
    expect(matcher.match("put key in box")).toBe(available);
    expect(matcher.match("put old lamp in shelf")).toBe(available);
    expect(matcher.match("put rope in box")).toBeUndefined();
    expect(matcher.match("put key in attic")).toBeUndefined();
    expect(matcher.match("put box in key")).toBeUndefined();
    expect(matcher.match("put key in box now please")).toBeUndefined();
  });

  test("finds the values in the name where one begins another or they stand side by side", () => {
    const matcher = createActionMatcher([
      action("mix {a}{b}", "mix .+", { a: ["red", "red-"], b: ["-hot", "hot"] }),
    ]);
    expect(matcher.match("mix red-hot")).toBeDefined();
    expect(matcher.match("mix red--hot")).toBeDefined();
    expect(matcher.match("mix redhot")).toBeDefined();
    expect(matcher.match("mix red-")).toBeUndefined();
  });

  test("does not ask for a group that took no part in the match", () => {
    const available = action("look at {thing}", "look( at (?P<thing>.+))?", { thing: ["map"] });
    const matcher = createActionMatcher([available]);
    expect(matcher.match("look")).toBe(available);
    expect(matcher.match("look at map")).toBe(available);
    expect(matcher.match("look at sea")).toBeUndefined();
  });

  test("trims the action and the captured values, and nothing else", () => {
    const matcher = createActionMatcher([action("take {object}", "take(?P<object>.+)", { object: ["key"] })]);
    expect(matcher.match("\n take key \t")).toBeDefined();
    expect(matcher.match("take  key")).toBeDefined();
    expect(matcher.match("take k ey")).toBeUndefined();
    expect(matcher.match("Take key")).toBeUndefined();
  });

  test("does not check the parameters of a special format, only its pattern", () => {
    const say: Action = {
      ...action("say {words}", "say .+", { words: ["hello"] }),
      specialFormat: "any words",
    };
    const matcher = createActionMatcher([say]);
    expect(matcher.match("say good-bye")).toBe(say);
    expect(matcher.match("shout hello")).toBeUndefined();
  });

  test("takes the first action that accepts the text with its parameters", () => {
    const first = action("use {tool}", "use (?P<tool>.+)", { tool: ["saw"] });
    const second = action("use {key}", "use (?P<key>.+)", { key: ["saw", "key"] });
    const matcher = createActionMatcher([first, second]);
    expect(matcher.match("use saw")).toBe(first);
    expect(matcher.match("use key")).toBe(second);
  });

  test("leaves out an action whose pattern does not compile", () => {
    const matcher = createActionMatcher([action("a", "(a"), action("b", "b")]);
    expect(matcher.match("a")).toBeUndefined();
    expect(matcher.match("b")).toBeDefined();
  });

  test("answers the same again, also after very many other texts", () => {
    const look = action("look", "look");
    const matcher = createActionMatcher([look]);
    for (let i = 0; i < 1100; i += 1) expect(matcher.match(`look ${i}`)).toBeUndefined();
    expect(matcher.match("look")).toBe(look);
    expect(matcher.match(" look")).toBe(look);
  });

  test("matches nothing without actions", () => {
    expect(createActionMatcher([]).match("look")).toBeUndefined();
  });

  test("gives up on a text that would be too much work", () => {
    const matcher = createActionMatcher(
      Array.from({ length: 64 }, (_, i) => action(`a${i}`, `(x|y|z){20}.*#${i}`)),
    );
    expect(matcher.match(`${"x".repeat(20)}#63`)).toBeDefined();
    expect(matcher.match(`${"x".repeat(8000)}#63`)).toBeUndefined();
  });
});

describe("the filled names of an action", () => {
  test("have every value of every parameter once, beside the first values of the others", () => {
    expect(filledNames(action("put {object} in {place}", "", tools))).toEqual([
      "put key in box",
      "put old lamp in box",
      "put key in shelf",
    ]);
  });

  test("are the name alone where there is no parameter", () => {
    expect(filledNames(action("look", "look"))).toEqual(["look"]);
  });
});
