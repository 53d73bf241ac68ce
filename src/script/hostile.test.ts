import { describe, expect, test } from "vitest";
import { createActionMatcher } from "./action-matcher.ts";
import { MAXIMUM_NODES, MAXIMUM_TEXT } from "./find-hostile.ts";
import { extractJsonObject } from "./json-scanner.ts";
import { compilePattern, MAXIMUM_PATTERN, MAXIMUM_PROGRAM } from "./pattern.ts";
import { lighthouse } from "./testing/examples.ts";
import {
  MAXIMUM_CHECK,
  MAXIMUM_SCRIPT,
  readWireActions,
  verifyActions,
  verifyScript,
  verifyWireScript,
} from "./verify-script.ts";
import { scriptToText, scriptToWire } from "./wire.ts";

const wire = scriptToWire(lighthouse);
const text = scriptToText(lighthouse);

function codesOf(reply: string): readonly string[] {
  return (verifyScript(reply).faults ?? []).map(({ code }) => code);
}

/** The text of the example script with something put in place of its goal. */
function withGoal(json: string): string {
  return text.replace(JSON.stringify(lighthouse.goal), () => json);
}

function withActions(actions: unknown): string {
  return JSON.stringify({ ...wire, "Available Actions": actions });
}

/** Patterns that take time exponential or polynomial in the text where an engine backtracks. */
const EXPLODING = [
  "(a+)+$",
  "(a|a)*b",
  "(a|aa)+b",
  "(.*)*x",
  "(.*a){12}b",
  "(a*)*(a*)*(a*)*b",
  "(?:a?){40}a{40}",
  "^(([a-z])+.)+[A-Z]([a-z])+$",
  "(\\w+\\s?)*!",
  "(?:(?:(?:a+)+)+)+b",
  `${"(a|".repeat(200)}b${")".repeat(200)}`,
];

describe("classes that compile to large tables", () => {
  const classes = "[^\\w]|".repeat(15);
  test.each([`(?i)e${classes}e`, `\u00e9${classes}e`])("%s counts twice", (source) => {
    const actions = Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [`e${n}`, { "verification code": `${source}|e${n}` }]),
    );
    const { faults = [] } = verifyScript(withActions(actions));
    expect(faults).toMatchObject([{ code: "too-large" }]);
  });
});

describe("patterns that explode where an engine backtracks", () => {
  test.each(EXPLODING)("%s answers for a long text", (source) => {
    const { pattern } = compilePattern(source);
    expect(pattern).toBeDefined();
    expect(pattern?.match(`${"a".repeat(2000)}?`)).toBeUndefined();
  });

  test.each(EXPLODING)("%s answers as an action's pattern", (source) => {
    const name = "a".repeat(60);
    const { faults = [] } = verifyScript(withActions({ [`${name}?`]: { "verification code": source } }));
    expect(faults).toMatchObject([{ code: "rejected-name" }]);
  });

  test.each([
    "((((a{1,9}){1,9}){1,9}){1,9}){1,9}",
    "(((a{1,30}){1,30}){1,30})",
    "(a{500}){2}",
    "a{1000}",
    "(?:a{1,100}){1,100}",
    `${"(".repeat(60)}a${"{1,2})".repeat(60)}`,
  ])("%s is refused for its size, not compiled for ever", (source) => {
    expect(compilePattern(source).problem).toMatch(/too large|is not a regular expression/);
  });

  test("are never longer than allowed, nor their programs", () => {
    for (const source of ["(", "a|", "[a-z]", "\\w", "(?:", "a{9}", "(?P<x>"]) {
      const { pattern, problem } = compilePattern(source.repeat(Math.floor(MAXIMUM_PATTERN / source.length)));
      if (problem === undefined) {
        expect(pattern.size).toBeLessThanOrEqual(Math.max(MAXIMUM_PROGRAM, MAXIMUM_PATTERN));
      }
      expect(compilePattern(source.repeat(100_000)).problem).toContain("characters, more than");
    }
  });
});

describe("scripts of a hostile size", () => {
  test.each([
    ["a goal of a megabyte", withGoal(JSON.stringify("x".repeat(1_000_000))), "too-large"],
    ["a goal a little too long", withGoal(JSON.stringify("x".repeat(MAXIMUM_TEXT + 1))), "wrong-keys"],
    ["a megabyte of prose", "prose ".repeat(170_000) + text, "too-large"],
    ["a string that never ends", `{"Thought": "${"x".repeat(MAXIMUM_SCRIPT - 20)}`, "malformed-json"],
    ["a nesting of 90,000 objects", withGoal('{"a":'.repeat(18_000) + 1 + "}".repeat(18_000)), "wrong-keys"],
    ["a nesting of 100,000 arrays", `{"a": ${"[".repeat(90_000)}${"]".repeat(90_000)}}`, "wrong-keys"],
    ["100,000 brackets that never close", `{"a": ${"[".repeat(100_000)}`, "malformed-json"],
    ["100,000 braces that never close", "{".repeat(100_000), "malformed-json"],
    ["a list of 90,000 numbers", withGoal(`[${"1,".repeat(90_000)}1]`), "wrong-keys"],
  ])("have a fault: %s", (_name, reply, code) => {
    expect(codesOf(reply)).toEqual([code]);
  });

  test("have a fault for 10,000 actions and for 100,000 values", () => {
    const actions = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, i) => [`do ${i}`, { "verification code": `do ${i}` }]),
    );
    expect(codesOf(withActions(actions))).toEqual(["too-large"]);
    expect(readWireActions(actions).faults).toMatchObject([{ code: "wrong-keys" }]);
    const x = Array.from({ length: 100_000 }, (_, i) => `${i}`);
    const values = { "go {x}": { "verification code": "go \\d+", parameters: { x } } };
    expect(codesOf(withActions(values))).toEqual(["too-large"]);
    expect(readWireActions(values).faults).toMatchObject([{ code: "wrong-keys" }]);
  });

  test("have a bounded number of faults, each of bounded length", () => {
    const wrong = Object.fromEntries(Array.from({ length: MAXIMUM_NODES - 2 }, (_, i) => [`do ${i}`, 1]));
    const { faults = [] } = readWireActions(wrong);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.length).toBeLessThanOrEqual(MAXIMUM_NODES);
  });

  test("are accepted up to the work that is allowed, and not beyond", () => {
    const faultsOf = (wire: unknown) => verifyActions(readWireActions(wire).actions ?? []);
    const values = (count: number) => Array.from({ length: count }, (_, i) => `${"x".repeat(290)}${i}`);
    const action = (count: number) => ({
      "say {w}": { "verification code": "say (?P<w>(x|y|z){1,20}.*)", parameters: { w: values(count) } },
    });
    const size = compilePattern("say (?P<w>(x|y|z){1,20}.*)").pattern?.size ?? 0;
    const fitting = Math.floor(MAXIMUM_CHECK / (size * 298));
    expect(faultsOf(action(fitting))).toEqual([]);
    expect(faultsOf(action(fitting * 2))).toMatchObject([{ code: "too-large" }]);
  });
});

describe("keys that reach for prototypes", () => {
  const bomb = '{"polluted": true}';
  const placed: readonly (readonly [string, (key: string) => string])[] = [
    ["the script", (key) => `${text.slice(0, -1)}, "${key}": ${bomb}}`],
    ["a place", (key) => text.replace('"ground floor":{', () => `"${key}":${bomb},"ground floor":{`)],
    [
      "an action",
      (key) =>
        text.replace('"Available Actions":{', (start) => `${start}"${key}":{"verification code":"x"},`),
    ],
    ["an action's field", (key) => text.replace('{"description"', () => `{"${key}":${bomb},"description"`)],
    ["a parameter", (key) => text.replace('"parameters":{', (start) => `${start}"${key}":["x"],`)],
  ];

  test.each(
    placed.flatMap(([place, put]) =>
      ["__proto__", "constructor", "prototype"].map((key) => ({ place, key, put })),
    ),
  )("have a fault and change nothing: $key as $place", ({ key, put }) => {
    expect(codesOf(put(key))).toEqual(["wrong-keys"]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each(["toString", "hasOwnProperty", "__defineGetter__", "valueOf", "then"])(
    "that only look so are names like any other: %s",
    (name) => {
      const actions = {
        [name]: { "verification code": name },
        [`use {${name}}`]: { "verification code": "use \\w+", parameters: { [name]: ["key", name] } },
      };
      const { actions: verified = [] } = readWireActions(JSON.parse(JSON.stringify(actions)));
      expect(verified.map((action) => action.name)).toEqual([name, `use {${name}}`]);
      const matcher = createActionMatcher(verified);
      expect(matcher.match(name)?.name).toBe(name);
      expect(matcher.match(`use ${name}`)?.name).toBe(`use {${name}}`);
      expect(matcher.match("use constructor")).toBeUndefined();
    },
  );
});

describe("texts that are no text", () => {
  test.each([
    ["a raw control character", withGoal('"a\u0001b"'), "malformed-json"],
    ["an escaped control character", withGoal('"a\\u0001b"'), "wrong-keys"],
    ["an escaped NUL", withGoal('"\\u0000"'), "wrong-keys"],
    ["an escape sequence of a terminal", withGoal('"\\u001b[2J"'), "wrong-keys"],
    ["half a surrogate pair", withGoal('"\\ud83d"'), "wrong-keys"],
    ["a raw half of a surrogate pair", withGoal('"\ude00"'), "wrong-keys"],
    ["a huge number", withGoal("1e999"), "wrong-keys"],
    ["a number of many digits", withGoal("9".repeat(100_000)), "wrong-keys"],
  ])("have a fault: %s", (_name, reply, code) => {
    expect(codesOf(reply)).toEqual([code]);
  });

  test("are found in keys and patterns too", () => {
    expect(codesOf(withActions({ "look\u0007": { "verification code": "look" } }))).toEqual(["wrong-keys"]);
    expect(codesOf(withActions({ look: { "verification code": "look\u0008" } }))).toEqual(["wrong-keys"]);
  });

  test("a huge number among places and objects is a fault or is written again as JSON", () => {
    const value = JSON.parse(text.replace('"ground floor":{', (start) => `${start}"weight":1e999,`));
    const { script, faults } = verifyWireScript(value);
    if (faults === undefined) expect(verifyScript(scriptToText(script)).script).toEqual(script);
    else expect(faults).toMatchObject([{ code: "wrong-keys" }]);
  });
});

describe("replies that are all brackets", () => {
  test.each([
    "{".repeat(190_000),
    '{"'.repeat(90_000),
    "{}".repeat(90_000),
    '{"a":"\\'.repeat(20_000),
    "}".repeat(190_000),
  ])("hold no object (%#)", (reply) => {
    expect(extractJsonObject(reply)).toHaveProperty("problem");
  });
});
