import { type Random, randomFor } from "../random.ts";
import { idleErrors, logicErrors } from "./errors/logic-errors.ts";
import type { Mistake, MistakeMaker } from "./errors/mistake.ts";
import { parameterErrors } from "./errors/parameter-errors.ts";
import { placeErrors } from "./errors/place-errors.ts";
import type { Intention } from "./intend.ts";
import type { ErrorKind } from "./obstacles.ts";
import type { Play } from "./play.ts";
import type { World } from "./world.ts";

/** What the choice of a mistake depends on beside the situation. */
interface MistakeState {
  readonly errors: number;
  readonly wanted: number;
  readonly afterError: boolean;
  readonly random: Random;
  /** Actions that were tried before; a person does not make the same mistake twice. */
  readonly avoid: readonly string[];
  /** The kinds of errors made before; others are made more readily. */
  readonly made: ReadonlySet<ErrorKind>;
}

const FEWEST = 2;

/** How many error turns the trajectory of a world is to have: 2 to 5, mostly 2 or 3. */
export function mistakesWanted(world: World): number {
  return randomFor(world.seed, world.persona, "mistakes").pick([2, 2, 2, 3, 3, 3, 4, 4, 5]);
}

/** Whether it is time for a mistake: spread over what is left to do, and none after another more than now and then. */
function isTime(intention: Intention, { errors, wanted, afterError, random }: MistakeState): boolean {
  if (errors >= wanted || intention.deed.operation === "look") return false;
  const left = intention.rest.length + (intention.sought === undefined ? 1 : 2);
  const needed = FEWEST - errors;
  if (needed >= left) return true;
  if (afterError) return random.chance(0.12);
  // On the way to another place a person acts too early more easily than elsewhere.
  const readiness = intention.deed.operation === "go" ? 2 : 1;
  return random.chance((readiness * (wanted - errors)) / (left + 1));
}

/** The makers by how readily a person makes their mistakes: where several are possible, earlier ones win more often. */
const MAKERS: readonly (readonly [kind: ErrorKind, maker: MistakeMaker, weight: number])[] = [
  ["place", placeErrors, 5],
  ["logic", logicErrors, 3],
  ["parameter", parameterErrors, 1.5],
  ["logic", idleErrors, 0.7],
];

/** Chooses a mistake for the player to make now, or undefined for none. */
export function chooseMistake(
  world: World,
  play: Play,
  intention: Intention,
  state: MistakeState,
): Mistake | undefined {
  if (!isTime(intention, state)) return undefined;
  const possible = MAKERS.flatMap(([kind, maker, readiness]) => {
    const mistakes = maker({ world, play, intention, random: state.random });
    const fresh = mistakes.filter(({ action }) => !state.avoid.includes(action));
    const weight = state.made.has(kind) ? readiness / 3 : readiness;
    return fresh.length > 0 ? [{ fresh, weight }] : [];
  });
  let draw = state.random.next() * possible.reduce((sum, { weight }) => sum + weight, 0);
  for (const { fresh, weight } of possible) {
    draw -= weight;
    if (draw < 0) return state.random.pick(fresh);
  }
  return undefined;
}
