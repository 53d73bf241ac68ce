import { examples } from "../../script/prompt.ts";
import type { Turn } from "../trajectory.ts";
import { turnFromWire } from "../wire.ts";

function game(turns: readonly unknown[]): readonly Turn[] {
  return turns.map((wire, number) => {
    const { turn, problem } = turnFromWire(wire, number);
    if (turn === undefined) throw new Error(`data/examples.json: turn ${number}: ${problem}`);
    return turn;
  });
}

/** The game of the prompt's example, with an error of each kind. */
export const lighthouseTurns: readonly Turn[] = game(examples().games.refined);
/** The same game as a player plays it who makes no error. */
export const lighthouseTurnsWithoutErrors: readonly Turn[] = game(examples().games.none);
