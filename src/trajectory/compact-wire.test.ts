import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compactFlagsError, turnFromCompact, turnToCompact } from "./compact-wire.ts";
import { arbitraryTurns } from "./testing/arbitrary-turns.ts";
import { lighthouseTurns } from "./testing/examples.ts";
import type { Turn } from "./trajectory.ts";
import { TURN_WIRES, turnsToText, wireOf } from "./turn-wires.ts";
import { turnToWire } from "./wire.ts";

const master = { turn: 2, Thought: "It is closed.", Observation: "A door.", error: "place", progress: 0.25 };
const player = { turn: 1, Thought: "I go.", Action: "go" };

/** Turns whose end follows from their progress, as it does in the compact form. */
function ended(turns: readonly Turn[]): readonly Turn[] {
  return turns.map((turn) => (turn.role === "DM" ? { ...turn, finished: turn.progressRate === 1 } : turn));
}

describe("turns in the compact form", () => {
  test.each(["compact", "sparse"] as const)("come back from their lines as they were: %s", (wire) => {
    fc.assert(
      fc.property(arbitraryTurns.map(ended), (turns) => {
        const { reader, read } = TURN_WIRES[wire];
        const lines = reader();
        const values = [...lines.push(turnsToText(turns, wire)), ...lines.end()];
        expect(values.map((value, number) => read(value, turns.slice(0, number)).turn)).toEqual(turns);
      }),
    );
  });

  test("may leave out what has not changed in the sparse form alone", () => {
    const lines = turnsToText(lighthouseTurns, "sparse").split("\n");
    expect(Object.keys(JSON.parse(lines[0]!))).toEqual(["turn", "Thought", "Observation", "progress"]);
    expect(Object.keys(JSON.parse(lines[4]!))).toEqual(["turn", "Thought", "Observation", "error"]);
    const { progress: _progress, error: _error, ...rest } = { ...master, turn: 0 };
    const { read } = TURN_WIRES.sparse;
    expect(read({ ...rest, turn: 0 }, []).problem).toBe('the key "progress" is missing');
    expect(read({ ...rest, turn: 0, progress: 0 }, []).turn).toMatchObject({ placeError: false });
    expect(read(player, lighthouseTurns.slice(0, 1)).turn).toMatchObject({ action: "go" });
  });

  test("are one a line with the keys in their order", () => {
    expect(
      turnsToText(
        [lighthouseTurns[0]!, turnFromCompact(player, 1).turn!, turnFromCompact(master, 2).turn!],
        "compact",
      )
        .split("\n")
        .slice(1),
    ).toEqual([JSON.stringify(player), JSON.stringify(master)]);
  });

  test("can name several errors", () => {
    const { turn } = turnFromCompact({ ...master, error: "place logic" }, 2);
    expect(turn).toMatchObject({ parameterError: false, placeError: true, logicError: true });
    expect(turnToCompact(turn!, 2)).toEqual({ ...master, error: "place logic" });
  });

  test.each([master, player].flatMap((wire) => Object.keys(wire).map((key) => ({ wire, key }))))(
    "need $key in turn $wire.turn",
    ({ wire, key }) => {
      const { [key as keyof typeof wire]: value, ...rest } = wire;
      expect(turnFromCompact(rest, wire.turn).problem).toContain(`"${key}"`);
      expect(turnFromCompact({ ...rest, [key]: null }, wire.turn).problem).toContain(`"${key}"`);
      const inheriting = Object.assign(Object.create({ [key]: value }), rest);
      expect(turnFromCompact(inheriting, wire.turn).problem).toContain(`"${key}"`);
    },
  );

  test.each([
    ["error", "", '"none"'],
    ["error", "none place", '"none"'],
    ["error", "place place", '"none"'],
    ["error", "Place", '"none"'],
    ["error", false, '"none"'],
    ["progress", 1.5, "from 0 to 1"],
    ["turn", 3, "must be 2"],
    ["Action", "go", "does not belong there"],
    ["finished", false, "does not belong there"],
  ])("do not have %s: %j", (key, value, problem) => {
    expect(turnFromCompact({ ...master, [key]: value }, 2).problem).toContain(problem);
  });

  test("are told apart from the longer form, with the keys that are wanted", () => {
    expect(turnFromCompact(turnToWire(lighthouseTurns[0]!, 0), 0).problem).toBe(
      'it is in the longer form with "role"; here the keys of turn 0 are "turn", "Thought", "Observation", "error", "progress" and no others',
    );
    for (const wire of ["paper", "compact"] as const) {
      expect(wireOf(turnsToText(lighthouseTurns, wire))).toBe(wire);
      expect(wireOf(lighthouseTurns.map((turn, number) => TURN_WIRES[wire].write(turn, number)))).toBe(wire);
    }
    expect(wireOf("")).toBe("paper");
  });

  test("say whether they flag an error, whatever else is wrong", () => {
    expect(compactFlagsError({ error: "logic" })).toBe(true);
    for (const value of [{ error: "none" }, { error: "bad" }, {}, null, "error"]) {
      expect(compactFlagsError(value)).toBe(false);
    }
  });
});
