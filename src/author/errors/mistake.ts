import type { Random } from "../../random.ts";
import type { Intention } from "../intend.ts";
import type { Play } from "../play.ts";
import type { World } from "../world.ts";

/** An action that will come to nothing, and what the player wrongly thinks of it. */
export interface Mistake {
  readonly action: string;
  readonly thought: string;
}

/** What a mistake can be made out of. */
export interface Situation {
  readonly world: World;
  readonly play: Play;
  readonly intention: Intention;
  readonly random: Random;
}

/** Gives the mistakes of one kind that a person could make in a situation; there may be none. */
export type MistakeMaker = (situation: Situation) => readonly Mistake[];
