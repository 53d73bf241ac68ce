import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAXIMUM_TEXT } from "../script/find-hostile.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { trajectoryReplySchema } from "./reply-schema.ts";
import { arbitraryTurns } from "./testing/arbitrary-turns.ts";
import { turnsToText } from "./turn-wires.ts";
import { turnFromWire, turnToWire } from "./wire.ts";

const master = {
  turn: 2,
  role: "DM",
  Thought: "It is closed.",
  Observation: "You see a door.",
  parameter_error: false,
  place_error: true,
  logic_error: false,
  progress_rate: 0.25,
  finished: false,
};
const player = { turn: 1, role: "Player", Thought: "I go.", Action: "go" };

describe("turns on the wire", () => {
  test("come back from the wire, and from its text, as they were", () => {
    fc.assert(
      fc.property(arbitraryTurns, (turns) => {
        const fromWire = (values: readonly unknown[]) =>
          values.map((value, number) => turnFromWire(value, number).turn);
        expect(fromWire(turns.map(turnToWire))).toEqual(turns);
        expect(fromWire(JSON.parse(turnsToText(turns)))).toEqual(turns);
      }),
    );
  });

  test("have the paper's keys in the paper's order", () => {
    expect(JSON.stringify(turnToWire(turnFromWire(master, 2).turn!, 2))).toBe(JSON.stringify(master));
    expect(JSON.stringify(turnToWire(turnFromWire(player, 1).turn!, 1))).toBe(JSON.stringify(player));
  });

  test("are written one a line", () => {
    const turns = [turnFromWire({ ...master, turn: 0 }, 0).turn!, turnFromWire(player, 1).turn!];
    expect(turnsToText(turns).split("\n")).toHaveLength(4);
    expect(turnsToText([])).toBe("[\n\n]");
  });

  test("have the keys that the reply schema asks for", () => {
    const schema = JSON.stringify(trajectoryReplySchema(lighthouse, [], "refined", "paper").schema);
    expect(schema).toContain(JSON.stringify(Object.keys(master)));
    expect(schema).toContain(JSON.stringify(Object.keys(player)));
  });
});

describe("a turn from the wire", () => {
  const cases = [master, player].flatMap((wire) => Object.keys(wire).map((key) => ({ wire, key })));

  test.each(cases)("needs $key in the turn of $wire.role", ({ wire, key }) => {
    const { [key as keyof typeof wire]: _, ...rest } = wire;
    expect(turnFromWire(rest, wire.turn).problem).toContain(`"${key}"`);
  });

  test.each(cases)("does not accept null for $key in the turn of $wire.role", ({ wire, key }) => {
    expect(turnFromWire({ ...wire, [key]: null }, wire.turn).problem).toContain(`"${key}"`);
  });

  test.each(cases)("does not inherit $key in the turn of $wire.role", ({ wire, key }) => {
    const { [key as keyof typeof wire]: value, ...rest } = wire;
    const inheriting = Object.assign(Object.create({ [key]: value }), rest);
    expect(turnFromWire(inheriting, wire.turn).problem).toContain(`"${key}"`);
  });

  test.each([
    ["Thought", " \n", "must not be empty"],
    ["Thought", "x".repeat(MAXIMUM_TEXT + 1), "characters"],
    ["Observation", "a\u0000b", "U+0000"],
    ["Observation", "\ud800", "surrogate"],
    ["Observation", ["You see a door."], "must be a string"],
    ["parameter_error", "true", "true or false"],
    ["finished", 1, "true or false"],
    ["progress_rate", 1.01, "from 0 to 1"],
    ["progress_rate", -0.01, "from 0 to 1"],
    ["progress_rate", Number.NaN, "from 0 to 1"],
    ["progress_rate", Number.POSITIVE_INFINITY, "from 0 to 1"],
    ["progress_rate", true, "from 0 to 1"],
    ["turn", 2.5, "must be 2"],
    ["turn", "2", "must be 2"],
    ["role", "Player", 'must be "DM"'],
    ["extra", 1, "does not belong there"],
    ["Action", "go", "does not belong there"],
    ["constructor", 1, "does not belong there"],
  ])("does not accept %s: %j", (key, value, problem) => {
    expect(turnFromWire({ ...master, [key]: value }, 2).problem).toContain(problem);
  });

  test("may be as long as allowed and hold tabs and line breaks", () => {
    const long = `${"x".repeat(MAXIMUM_TEXT - 4)}\t\r\ny`;
    expect(turnFromWire({ ...master, Observation: long }, 2).turn).toMatchObject({ observation: long });
  });

  test.each([null, undefined, 1, "turn", [], [player], true])("is an object, not %j", (value) => {
    expect(turnFromWire(value, 1).problem).toContain("not a JSON object");
  });

  test("is not shown an extra key of any length in full", () => {
    expect(turnFromWire({ ...master, ["k".repeat(5000)]: 1 }, 2).problem!.length).toBeLessThan(200);
  });
});
