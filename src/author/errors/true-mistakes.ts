import { findObstacle } from "../find-obstacle.ts";
import { type ErrorKind, errorKind } from "../obstacle.ts";
import { type Deed, formatDeed } from "../phrase.ts";
import type { Mistake, Situation } from "./mistake.ts";

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
