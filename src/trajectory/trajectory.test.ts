import { describe, expect, test } from "vitest";
import { lighthouseTurns } from "./testing/examples.ts";
import { isErrorTurn, showsError, type Turn } from "./trajectory.ts";

const calm = {
  role: "DM",
  thought: "t",
  observation: "o",
  parameterError: false,
  placeError: false,
  logicError: false,
  progressRate: 0,
  finished: false,
} as const;
const player: Turn = { role: "Player", thought: "t", action: "a" };

describe("error turns", () => {
  test("are shown by any of the three flags and by nothing else", () => {
    expect(showsError(calm)).toBe(false);
    expect(showsError({ ...calm, finished: true, progressRate: 1 })).toBe(false);
    for (const flag of ["parameterError", "placeError", "logicError"] as const) {
      expect(showsError({ ...calm, [flag]: true })).toBe(true);
    }
  });

  test("are the player's turns before a flag", () => {
    const turns: Turn[] = [calm, player, { ...calm, placeError: true }, player, calm, player];
    expect(turns.map((_, index) => isErrorTurn(turns, index))).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(isErrorTurn(turns, -1)).toBe(false);
    expect(isErrorTurn(turns, 99)).toBe(false);
  });

  test("are turns 3, 7 and 11 of the example", () => {
    const found = lighthouseTurns.flatMap((_, index) => (isErrorTurn(lighthouseTurns, index) ? [index] : []));
    expect(found).toEqual([3, 7, 11]);
  });
});
