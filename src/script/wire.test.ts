import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scriptReplySchema } from "./prompt.ts";
import { arbitraryScript } from "./testing/arbitrary-script.ts";
import { lighthouse } from "./testing/examples.ts";
import { actionsFromWire, scriptFromWire, scriptToText, scriptToWire } from "./wire.ts";

const wire = scriptToWire(lighthouse);
const action = { "verification code": "open door" };

describe("scripts on the wire", () => {
  test("come back from the wire, and from its text, as they were", () => {
    fc.assert(
      fc.property(arbitraryScript, (script) => {
        expect(scriptFromWire(scriptToWire(script))).toEqual(script);
        expect(scriptFromWire(JSON.parse(scriptToText(script)))).toEqual(script);
        expect(actionsFromWire(scriptToWire(script)["Available Actions"])).toEqual(script.actions);
      }),
    );
  });

  test("have the keys that the reply schema asks for", () => {
    expect(Object.keys(wire)).toEqual(scriptReplySchema.schema.required);
  });
});

describe("a script from the wire", () => {
  test.each(Object.keys(wire))("needs %s", (key) => {
    const { [key as keyof typeof wire]: _, ...rest } = wire;
    expect(scriptFromWire(rest)).toMatchObject([{ code: "wrong-keys", path: key }]);
  });

  test.each([
    ["Thought", { Thought: " " }],
    ["Goal", { Goal: 3 }],
    ["the script", { Comment: "x" }],
    ["Completion Conditions", { "Completion Conditions": [] }],
    ["Completion Conditions > 0", { "Completion Conditions": [""] }],
    ["Environment", { Environment: "a room" }],
    ["Environment", { Environment: { ...wire.Environment, weather: "rain" } }],
    ["Environment > places and objects", { Environment: { ...wire.Environment, "places and objects": {} } }],
    ["Environment > player", { Environment: { ...wire.Environment, player: "you" } }],
    ["Available Actions", { "Available Actions": {} }],
    ["Available Actions", { "Available Actions": [action] }],
    ["Available Actions > open", { "Available Actions": { open: { ...action, cost: 1 } } }],
    ["Available Actions > open > verification code", { "Available Actions": { open: {} } }],
    [
      "Available Actions > open > special format",
      { "Available Actions": { open: { ...action, "special format": "" } } },
    ],
    [
      "Available Actions > open > description",
      { "Available Actions": { open: { ...action, description: null } } },
    ],
    [
      "Available Actions > open > parameters",
      { "Available Actions": { open: { ...action, parameters: ["a"] } } },
    ],
    [
      "Available Actions > open > parameters > x",
      { "Available Actions": { open: { ...action, parameters: { x: [] } } } },
    ],
    [
      "Available Actions > open > parameters > x",
      { "Available Actions": { open: { ...action, parameters: { x: "a" } } } },
    ],
    [
      "Available Actions > open > parameters > x",
      { "Available Actions": { open: { ...action, parameters: { x: ["a", 2] } } } },
    ],
  ])("has a fault at %s (%#)", (path, part) => {
    expect(scriptFromWire({ ...wire, ...part })).toMatchObject([{ code: "wrong-keys", path }]);
  });

  test("tells all its faults at once", () => {
    expect(scriptFromWire({ ...wire, Goal: 3, Thought: "" })).toHaveLength(2);
  });

  test.each([null, [], "script", 1])("is an object, not %j", (value) => {
    expect(scriptFromWire(value)).toMatchObject([{ code: "wrong-keys", path: "the script" }]);
    expect(actionsFromWire(value)).toMatchObject([{ code: "wrong-keys", path: "Available Actions" }]);
  });

  test("may leave out what is optional", () => {
    expect(actionsFromWire({ "open door": action })).toEqual([
      { name: "open door", pattern: "open door", parameters: [] },
    ]);
  });
});
