import { describe, expect, test } from "vitest";
import { lighthouse } from "../script/testing/examples.ts";
import { scriptToWire } from "../script/wire.ts";
import { turnToCompact } from "../trajectory/compact-wire.ts";
import { lighthouseTurns } from "../trajectory/testing/examples.ts";
import { turnsToText } from "../trajectory/turn-wires.ts";
import { turnToWire } from "../trajectory/wire.ts";
import { verifyLine } from "./verify-line.ts";

const script = scriptToWire(lighthouse);
const trajectory = lighthouseTurns.map(turnToWire);
const accepted = { accepted: true, fault: null, verified: lighthouseTurns.length, errors: 3 };

describe("verifying a stored trajectory", () => {
  test("accepts turns and their text, and other keys beside them", () => {
    expect(verifyLine({ script, trajectory })).toEqual(accepted);
    expect(verifyLine({ id: "1", script, trajectory: turnsToText(lighthouseTurns) })).toEqual(accepted);
  });

  test("knows the compact form, as turns and as text", () => {
    const compact = lighthouseTurns.map(turnToCompact);
    expect(verifyLine({ script, trajectory: compact })).toEqual(accepted);
    expect(verifyLine({ script, trajectory: turnsToText(lighthouseTurns, "compact") })).toEqual(accepted);
    const unjudged = compact.map(({ error, ...turn }) => (turn.turn === 2 ? turn : { ...turn, error }));
    const trajectoryOfLines = unjudged.map((turn) => JSON.parse(JSON.stringify(turn)));
    expect(verifyLine({ script, trajectory: trajectoryOfLines })).toMatchObject({
      fault: { code: "wrong-keys", turn: 2 },
      problem: expect.stringContaining('the key "error" is missing'),
    });
  });

  test("needs no more of the script than its available actions", () => {
    const actions = script["Available Actions"];
    expect(verifyLine({ script: { "Available Actions": actions }, trajectory })).toEqual(accepted);
    expect(verifyLine({ script: { ...script, Goal: 5 }, trajectory })).toEqual(accepted);
  });

  test("says what the fault is, in data and in words", () => {
    expect(verifyLine({ script, trajectory: trajectory.slice(0, 4) })).toEqual({
      accepted: false,
      fault: { code: "unmatched-action", turn: 3 },
      verified: 3,
      errors: 0,
      problem: expect.stringContaining("take spare bulb from locker"),
    });
  });

  test("says which action of the script is at fault", () => {
    const actions = { "take {object}": { "verification code": "take (" } };
    expect(verifyLine({ script: { "Available Actions": actions }, trajectory })).toEqual({
      accepted: false,
      fault: { code: "bad-pattern", turn: null },
      verified: 0,
      errors: 0,
      problem: expect.stringContaining("take {object}"),
    });
  });

  test.each([
    ["null", null],
    ["a text", "line"],
    ["a number", 1],
    ["an array", [script, trajectory]],
    ["no script", { trajectory }],
    ["a script without actions", { script: {}, trajectory }],
    ["a script that is a text", { script: JSON.stringify(script), trajectory }],
    ["no trajectory", { script }],
    ["a trajectory that is an object", { script, trajectory: { turns: trajectory } }],
    ["inherited keys", Object.create({ script, trajectory })],
  ])("finds wrong keys in %s", (_name, line) => {
    const { fault, problem } = verifyLine(line);
    expect(fault).toEqual({ code: "wrong-keys", turn: null });
    expect(problem).toMatch(/script|trajectory/);
  });

  test("gives a verdict that is itself a line of JSON", () => {
    for (const line of [{ script, trajectory }, { script, trajectory: "no" }, null]) {
      const verdict = verifyLine(line);
      expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
    }
  });
});
