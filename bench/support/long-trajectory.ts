import type { Persona } from "../../src/persona/persona.ts";
import { lighthouse } from "../../src/script/testing/examples.ts";
import { scriptToText } from "../../src/script/wire.ts";
import { begin, receive, type Synthesis } from "../../src/synthesis/synthesis.ts";
import { lighthouseTurns } from "../../src/trajectory/testing/examples.ts";
import type { Turn } from "../../src/trajectory/trajectory.ts";
import { turnsToText } from "../../src/trajectory/turn-wires.ts";

const PERSONA: Persona = { id: "0000000000000000", text: "A former sailor who looks after a lighthouse." };

/** The opening turn and the two last ones stand; what is between them is played again and again. */
function repeatedTurns(times: number): readonly Turn[] {
  const middle = lighthouseTurns.slice(1, -2);
  return [
    ...lighthouseTurns.slice(0, 1),
    ...Array.from({ length: times }, () => middle).flat(),
    ...lighthouseTurns.slice(-2),
  ];
}

/**
 * The example trajectory, played on until its text is about `length` characters long. It passes Algorithm 1,
 * and stays the same whatever the offline author learns to write.
 */
export function longTrajectory(length: number): string {
  for (let times = 1; ; times += 1) {
    const turns = repeatedTurns(times);
    const text = turnsToText(turns);
    if (text.length < length) continue;
    // Pairs of a player's and a dungeon master's turn are taken out of the middle until it fits.
    const spare = Math.floor((text.length - length) / (text.length / turns.length) / 2) * 2;
    return turnsToText([...turns.slice(0, -2 - spare), ...turns.slice(-2)]);
  }
}

/** A synthesis whose script has been verified and whose trajectory is to be asked for. */
export function trajectoryStage(): Synthesis {
  return receive(begin(PERSONA, 4), { text: scriptToText(lighthouse) });
}
