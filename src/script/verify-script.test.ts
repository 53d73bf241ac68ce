import { describe, expect, test } from "vitest";
import { explainScriptFault, type ScriptFault } from "./script.ts";
import { lighthouse } from "./testing/examples.ts";
import {
  MAXIMUM_ACTIONS,
  MAXIMUM_SCRIPT,
  MAXIMUM_VALUES,
  readWireActions,
  verifyScript,
} from "./verify-script.ts";
import { scriptToText, scriptToWire, type WireAction, type WireScript } from "./wire.ts";

const wire = scriptToWire(lighthouse);

function faultsWith(actions: Readonly<Record<string, unknown>>, part: Partial<WireScript> = {}) {
  const { faults = [] } = verifyScript(JSON.stringify({ ...wire, "Available Actions": actions, ...part }));
  return faults;
}

function wireAction(code: string, parameters?: WireAction["parameters"]): WireAction {
  return { "verification code": code, ...(parameters && { parameters }) };
}

const keys = { object: ["key", "lamp"] };

describe("a script", () => {
  test("is accepted from its text", () => {
    expect(verifyScript(scriptToText(lighthouse))).toEqual({ script: lighthouse });
    expect(verifyScript(`Here it is:\n\`\`\`json\n${scriptToText(lighthouse)}\n\`\`\``)).toEqual({
      script: lighthouse,
    });
  });

  test.each([
    ["named group", "take {object}", wireAction("take (?P<object>\\w+)", keys)],
    ["group", "take {object}", wireAction("take (\\w+)", keys)],
    ["no group", "take {object}", wireAction("take \\w+", keys)],
    ["no parameter", "look around", wireAction("look( around)?")],
    ["empty parameters", "look around", wireAction("look around", {})],
    ["angle placeholder", "take <object>", wireAction("take \\w+", keys)],
    ["the same placeholder twice", "put {object} on {object}", wireAction("put \\w+ on \\w+", keys)],
    [
      "special format without a list",
      "say {words}",
      { ...wireAction("say .+"), "special format": "any words" },
    ],
    [
      "special format with another name",
      "answer",
      { ...wireAction("answer .+"), "special format": "any words" },
    ],
    ["backslashes escaped once", "dial {n}", wireAction("dial \\d+", { n: ["7", "42"] })],
  ])("is accepted with an action with %s", (_name, name, action) => {
    expect(faultsWith({ [name]: action })).toEqual([]);
  });

  test.each<[ScriptFault["code"], string, Readonly<Record<string, unknown>>, string]>([
    ["wrong-keys", "a key that is extra", { look: { ...wireAction("look"), cost: 1 } }, "cost"],
    ["wrong-keys", "no verification code", { look: {} }, "verification code"],
    ["bad-pattern", "an open group", { look: wireAction("look (") }, "look"],
    ["bad-pattern", "lookahead", { look: wireAction("(?=l)look") }, "lookaround"],
    ["bad-pattern", "a huge repetition", { look: wireAction("look{1,999}") }, "too large"],
    [
      "bad-pattern",
      "an open group in a special format",
      { say: { ...wireAction("say ("), "special format": "x" } },
      "say",
    ],
    [
      "rejected-name",
      "a value that the pattern refuses",
      { "take {object}": wireAction("take [a-z]+", { object: ["key", "Old Lamp"] }) },
      "take Old Lamp",
    ],
    ["rejected-name", "a name that ends in white space", { "look ": wireAction("look ") }, "look "],
    ["rejected-name", "a pattern of another word", { look: wireAction("watch") }, '"look"'],
    ["mismatched-parameters", "a list without a placeholder", { take: wireAction("take", keys) }, "{object}"],
    [
      "mismatched-parameters",
      "a placeholder without a list",
      { "take {object}": wireAction("take \\w+") },
      "{object}",
    ],
    [
      "too-large",
      "long values",
      { "say {w}": wireAction(".{100}.*", { w: Array.from({ length: 9 }, (_, i) => "x".repeat(7000) + i) }) },
      "say {w}",
    ],
  ])("has the fault %s for %s", (code, _name, actions, words) => {
    const faults = faultsWith(actions);
    expect(faults.map((fault) => fault.code)).toEqual([code]);
    expect(faults.map(explainScriptFault).join()).toContain(words);
  });

  test.each([
    [
      "take {object}",
      "take (?P<thing>\\w+)",
      keys,
      ["(?P<thing>…) of the pattern", "no group (?P<object>…)"],
    ],
    [
      "take {thing}",
      "take \\w+",
      keys,
      ['parameter "object" has no placeholder', "placeholder {thing} has no list"],
    ],
    ["give {a} {b}", "give (?P<a>\\w+) \\w+", { a: ["x"], b: ["y"] }, ["no group (?P<b>…)"]],
  ])("is told every mismatch of %j", (name, code, parameters, words) => {
    const faults = faultsWith({ [name]: wireAction(code, parameters) });
    expect(faults).toHaveLength(words.length);
    words.forEach((word, index) => {
      expect(explainScriptFault(faults[index]!)).toContain(word);
    });
  });

  test("is told the faults of all actions at once", () => {
    const faults = faultsWith({ a: wireAction("("), b: wireAction("c"), "d {x}": wireAction("d .") });
    expect(faults.map(({ code }) => code)).toEqual(["bad-pattern", "rejected-name", "mismatched-parameters"]);
  });

  test("that is no JSON object is malformed", () => {
    for (const reply of ["", "no", "{", "[]", scriptToText(lighthouse).slice(0, -1)]) {
      expect(verifyScript(reply).faults).toMatchObject([{ code: "malformed-json" }]);
    }
  });

  test("may not be too long, have too many actions or too many values", () => {
    expect(verifyScript(" ".repeat(MAXIMUM_SCRIPT + 1)).faults).toMatchObject([
      { code: "too-large", path: "the reply" },
    ]);
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`do ${i}`, wireAction(`do ${i}`)]));
    expect(faultsWith(many(MAXIMUM_ACTIONS))).toEqual([]);
    expect(faultsWith(many(MAXIMUM_ACTIONS + 1))).toMatchObject([{ code: "too-large" }]);
    const values = (count: number) => ({
      "go {x}": wireAction("go \\d+", { x: Array.from({ length: count }, (_, i) => `${i}`) }),
    });
    expect(faultsWith(values(MAXIMUM_VALUES))).toEqual([]);
    expect(faultsWith(values(MAXIMUM_VALUES + 1))).toMatchObject([{ code: "too-large" }]);
  });

  test("must not hold what is hostile, wherever it stands", () => {
    const places = JSON.parse('{"room": {"__proto__": {"x": 1}}}');
    const hostile = faultsWith(wire["Available Actions"], {
      Environment: { ...wire.Environment, "places and objects": places },
    });
    expect(hostile).toMatchObject([
      { code: "wrong-keys", path: expect.stringContaining("room > __proto__") },
    ]);
    expect(
      faultsWith({ look: wireAction("look\u0008") })
        .map(explainScriptFault)
        .join(),
    ).toContain("backspace");
  });
});

describe("the available actions alone", () => {
  test("are verified as in a script", () => {
    expect(readWireActions(wire["Available Actions"])).toEqual({ actions: lighthouse.actions });
    expect(readWireActions({}).faults).toMatchObject([{ code: "wrong-keys", path: "Available Actions" }]);
    expect(readWireActions({ look: "\u0000" }).faults).toMatchObject([{ code: "wrong-keys", path: "look" }]);
    expect(readWireActions("\u0000").faults).toMatchObject([{ code: "wrong-keys", path: "the script" }]);
  });
});

describe("the words of a fault in a script", () => {
  const faults: readonly ScriptFault[] = [
    { code: "malformed-json", problem: "it is cut off" },
    { code: "wrong-keys", path: "Goal", problem: "is missing" },
    { code: "bad-pattern", action: "look", problem: "is too large" },
    { code: "rejected-name", action: "look", text: "look up" },
    { code: "mismatched-parameters", action: "look", problem: "it has none" },
    { code: "too-large", path: "Goal", problem: "is too long" },
  ];

  test.each(faults)("of $code name the place", (fault) => {
    const { code, ...parts } = fault;
    for (const part of Object.values(parts)) expect(explainScriptFault(fault)).toContain(part);
    expect(code).not.toBe("");
  });
});
