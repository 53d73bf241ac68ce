import type { Random } from "../../random.ts";
import { findObstacle } from "../find-obstacle.ts";
import type { Intention } from "../intend.ts";
import { type ErrorKind, errorKind } from "../obstacles.ts";
import { type Deed, formatDeed } from "../phrase.ts";
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

/** A deed that may come to nothing, and what the player would think of it. */
export type Idea = readonly [deed: Deed, thought: string];

/** Keeps the ideas that really are errors of this kind in the present state. */
export function trueMistakes(
  { world, play }: Situation,
  ideas: readonly Idea[],
  kind: ErrorKind,
): readonly Mistake[] {
  return ideas.flatMap(([deed, thought]) => {
    if (!world.wording.has(deed.operation)) return [];
    const obstacle = findObstacle(world, play, deed);
    if (obstacle === undefined || errorKind(obstacle.code) !== kind) return [];
    return [{ action: formatDeed(world.wording, deed), thought }];
  });
}
