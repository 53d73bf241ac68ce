import { describe, expect, test } from "vitest";
import { createActionMatcher, MAXIMUM_WORK } from "../script/action-matcher.ts";
import { MAXIMUM_TEXT } from "../script/find-hostile.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { scriptToWire } from "../script/wire.ts";
import { lighthouseTurns } from "../trajectory/testing/examples.ts";
import { turnsToText } from "../trajectory/turn-wires.ts";
import { verifyReply, watchReply } from "./verification.ts";
import { verifyLine } from "./verify-line.ts";

const matcher = createActionMatcher(lighthouse.actions);
const wireScript = scriptToWire(lighthouse);
const text = turnsToText(lighthouseTurns);

function inPieces(reply: string, length: number): readonly string[] {
  return Array.from({ length: Math.ceil(reply.length / length) }, (_, i) =>
    reply.slice(i * length, (i + 1) * length),
  );
}

/** The fault of the reply, and how many characters of it were fed before it showed, in pieces of 20. */
function watched(reply: string) {
  const watch = watchReply(matcher);
  let fed = 0;
  for (const piece of inPieces(reply, 20)) {
    fed += piece.length;
    const fault = watch(piece);
    if (fault !== undefined) return { code: fault.code, turn: fault.turn, fed };
  }
  return { code: undefined, turn: undefined, fed };
}

/** The example with something put in place of the text of turn 2's observation. */
function withObservation(json: string): string {
  const observation = JSON.stringify(lighthouseTurns[2]?.role === "DM" ? lighthouseTurns[2].observation : "");
  return text.replace(observation, () => json);
}

const megabyte = "x".repeat(1_000_000);
const place = text.indexOf('{"turn":2');

describe("replies of a hostile size", () => {
  test.each([
    ["a text of a megabyte", withObservation(JSON.stringify(megabyte)), "malformed-json"],
    ["a text a little too long", withObservation(JSON.stringify("x".repeat(MAXIMUM_TEXT + 1))), "wrong-keys"],
    ["a string that never ends", withObservation(`"${megabyte}`).split("]")[0]!, "malformed-json"],
    [
      "100,000 arrays in a turn",
      withObservation("[".repeat(100_000) + "]".repeat(100_000)),
      "malformed-json",
    ],
    [
      "100,000 objects in a turn",
      withObservation('{"a":'.repeat(100_000) + 1 + "}".repeat(100_000)),
      "malformed-json",
    ],
    ["a megabyte of escapes", withObservation(`"${"\\u0041".repeat(170_000)}"`), "malformed-json"],
    ["a megabyte of commas", withObservation(`"",${",".repeat(1_000_000)}`), "malformed-json"],
  ])("have a fault soon after they go wrong: %s", (_name, reply, code) => {
    expect(reply.length).toBeGreaterThan(text.length);
    expect(verifyReply(matcher, reply).fault).toMatchObject({ code, turn: 2 });
    const { fed, ...seen } = watched(reply);
    expect(seen).toEqual({ code, turn: 2 });
    expect(fed).toBeLessThan(place + 45_000);
  });

  test.each([
    ["300 KB of prose", "prose [ ".repeat(37_500)],
    ["300 KB of white space", " ".repeat(300_000)],
    ["300 KB of brackets", "[".repeat(300_000)],
    ["300 KB of reasoning", `<think>${"so </think ".repeat(27_000)}</think>`],
  ])("are read behind %s", (_name, before) => {
    expect(verifyReply(matcher, before + text).fault).toBeUndefined();
    expect(watched(before + text).code).toBeUndefined();
    expect(verifyReply(matcher, before).fault).toMatchObject({ code: "malformed-json", turn: 0 });
  });

  test("are not read on behind the end of the array", () => {
    expect(verifyReply(matcher, text + megabyte).fault).toBeUndefined();
    expect(watched(text + megabyte).code).toBeUndefined();
  });

  test("may have very many turns", () => {
    const turns = JSON.parse(text);
    const pair = turns.slice(1, 3);
    const many = Array.from({ length: 10_000 }, (_, i) => ({ ...pair[i % 2], turn: i + 1 }));
    const { fault, verified } = verifyReply(matcher, JSON.stringify([turns[0], ...many]));
    expect(fault).toMatchObject({ code: "unfinished", turn: 10_000 });
    expect(verified).toHaveLength(10_000);
  });
});

describe("actions that mean much work", () => {
  test("match nothing when they are too long for the patterns, and answer otherwise", () => {
    const name = `${"a".repeat(30)}!`;
    const exploding = ["(a+)+!", "(a|a)*!", "(.*)*!", "(a|aa)+!", "(.*a){12}!"].map((pattern, i) => ({
      name: `${name}${"!".repeat(i)}`,
      pattern,
      parameters: [],
    }));
    const slow = createActionMatcher(exploding);
    expect(slow.match(name)).toBe(exploding[0]);
    expect(slow.match(`${"a".repeat(3000)}?`)).toBeUndefined();
    expect(slow.match("a".repeat(MAXIMUM_WORK))).toBeUndefined();
  });

  test.each([
    [12, true],
    [60, false],
  ])("with very many ways to fill a name answer, but do not try them all: %d values", (count, isFound) => {
    const values = Array.from({ length: count }, (_, i) => "a".repeat(i + 1));
    const names = ["p", "q", "r", "s", "t", "u", "v", "w"];
    const name = names.map((parameter) => `{${parameter}}`).join("");
    const action = {
      name,
      pattern: "a+b?",
      parameters: names.map((parameter) => ({ name: parameter, values })),
    };
    const ambiguous = createActionMatcher([action]);
    expect(ambiguous.match("a".repeat(8 * count)) === action).toBe(isFound);
    expect(ambiguous.match(`${"a".repeat(8 * count)}b`)).toBeUndefined();
    expect(ambiguous.match("a".repeat(8 * count + 1))).toBeUndefined();
  });
});

describe("values that are not what they seem", () => {
  test.each([
    ["__proto__ beside the keys", '"", "__proto__": {"polluted": true}', "wrong-keys"],
    [
      "constructor beside the keys",
      '"You see.", "constructor": {"prototype": {"polluted": true}}',
      "wrong-keys",
    ],
    ["an object as a text", '{"toString": "Task Succeed"}', "wrong-keys"],
    ["an array as a text", '["Task Succeed"]', "wrong-keys"],
    ["a raw control character", '"a\u0001b"', "malformed-json"],
    ["an escaped control character", '"a\\u0001b"', "wrong-keys"],
    ["a backspace", '"a\\bb"', "wrong-keys"],
    ["half a surrogate pair", '"\\udead"', "wrong-keys"],
    ["a huge number", "1e999", "wrong-keys"],
    ["null", "null", "wrong-keys"],
  ])("have a fault: %s", (_name, json, code) => {
    const reply = withObservation(json);
    expect(verifyReply(matcher, reply).fault).toMatchObject({ code, turn: 2 });
    expect(watched(reply)).toMatchObject({ code, turn: 2 });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test.each(["1e999", "-1e999", "1e-999999", "-0", "5e-324", '"1"', "0.5000000000000000000000001"])(
    "a progress rate of %s is a fault or comes back as it was",
    (rate) => {
      const { fault, read } = verifyReply(
        matcher,
        text.replace('"progress_rate":0.1', `"progress_rate":${rate}`),
      );
      if (fault === undefined)
        expect(JSON.parse(turnsToText(read))[2].progress_rate).toBe(Math.abs(JSON.parse(rate)));
      else expect(fault).toMatchObject({ code: "wrong-keys", turn: 2 });
    },
  );

  test("a key given twice counts with its last value, as JSON.parse has it", () => {
    const twice = text.replace('"progress_rate":0.1', '"progress_rate":7,"progress_rate":0.1');
    expect(verifyReply(matcher, twice).fault).toBeUndefined();
  });

  test("the words of a fault hold no control character of the reply", () => {
    const bell = text.replace('"Action":"open locker"', '"Action":"open\\nlocker\\t"');
    const inAction = verifyLine({ script: wireScript, trajectory: bell });
    expect(inAction.fault).toEqual({ code: "unmatched-action", turn: 1 });
    const inKey = verifyLine({
      script: wireScript,
      trajectory: text.replace('"turn":0', '"\\u001b[2J":0,"turn":0'),
    });
    expect(inKey.fault).toEqual({ code: "wrong-keys", turn: 0 });
    const inScript = verifyLine({
      script: { "Available Actions": { "\u001b[2J\ud800": 1 } },
      trajectory: "",
    });
    expect(inScript.fault).toEqual({ code: "wrong-keys", turn: null });
    for (const { problem } of [inAction, inKey, inScript]) expect(problem).not.toMatch(/\p{Cc}|\p{Cs}/u);
  });

  test.each(["__proto__", "constructor", "toString"])("an action called %s matches nothing", (action) => {
    expect(matcher.match(action)).toBeUndefined();
  });
});
