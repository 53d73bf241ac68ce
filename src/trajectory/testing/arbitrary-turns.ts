import fc from "fast-check";
import { arbitraryText } from "../../script/testing/arbitrary-text.ts";
import type { DungeonMasterTurn, PlayerTurn, Turn } from "../trajectory.ts";

const arbitraryMasterTurn: fc.Arbitrary<DungeonMasterTurn> = fc.record(
  {
    role: fc.constant("DM" as const),
    thought: arbitraryText,
    observation: arbitraryText,
    parameterError: fc.boolean(),
    placeError: fc.boolean(),
    logicError: fc.boolean(),
    // JSON does not know -0.
    progressRate: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
    finished: fc.boolean(),
  },
  { noNullPrototype: true },
);

const arbitraryPlayerTurn: fc.Arbitrary<PlayerTurn> = fc.record(
  { role: fc.constant("Player" as const), thought: arbitraryText, action: arbitraryText },
  { noNullPrototype: true },
);

/** Any turns of the right form, the dungeon master's and the player's in turn. */
export const arbitraryTurns: fc.Arbitrary<readonly Turn[]> = fc
  .array(fc.tuple(arbitraryMasterTurn, arbitraryPlayerTurn), { maxLength: 5 })
  .chain((pairs) => fc.nat(1).map((drop) => pairs.flat().slice(0, pairs.length * 2 - drop)));
