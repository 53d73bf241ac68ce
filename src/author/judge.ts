import { applyAction } from "../pddl/ground-action.ts";
import { holds } from "../pddl/holds.ts";
import { findObstacle } from "./find-obstacle.ts";
import type { Obstacle } from "./obstacles.ts";
import { type Deed, readDeed } from "./phrase.ts";
import { contentsOf, type Play, withView } from "./play.ts";
import type { World } from "./world.ts";
import { groundAction } from "./world-problem.ts";

/** What comes of a player's action: the play after it, or what stood in its way. */
export type Judgement =
  | { readonly deed: Deed; readonly play: Play; readonly obstacle?: undefined }
  | { readonly deed: Deed | undefined; readonly play: Play; readonly obstacle: Obstacle };

function withMilestones(world: World, play: Play): Play {
  const reached = world.task.milestones.flatMap((milestone, place) =>
    play.reached.has(place) || holds(milestone, play.state, world.problem.universe) ? [place] : [],
  );
  return { ...play, reached: new Set(reached) };
}

/** The play after a deed with nothing in its way. */
function perform(world: World, play: Play, deed: Deed): Play {
  const action = groundAction(world, play, deed);
  if (action === undefined) return withView(world, play);
  const state = applyAction(action, play.state, world.problem.universe);
  const [thing = ""] = deed.names;
  const next: Play = { ...play, state };
  if (deed.operation === "go") return withView(world, { ...next, room: thing });
  if (deed.operation !== "open") return next;
  return {
    ...next,
    looked: new Set(next.looked).add(thing),
    seen: new Set([...next.seen, ...contentsOf(next, thing)]),
  };
}

/** Judges the text of a player's action in the present state; an error leaves the play as it is. */
export function judge(world: World, play: Play, text: string): Judgement {
  const deed = readDeed(world.wording, text);
  if (deed === undefined) return { deed, play, obstacle: { code: "unknown-action", thing: text } };
  const obstacle = findObstacle(world, play, deed);
  if (obstacle !== undefined) return { deed, play, obstacle };
  return { deed, play: withMilestones(world, perform(world, play, deed)) };
}

export function isFinished(world: World, play: Play): boolean {
  return holds(world.problem.goal, play.state, world.problem.universe);
}

/** The progress rate: the share of milestones reached, below 1 until the task is done. */
export function progressRate(world: World, play: Play): number {
  if (isFinished(world, play)) return 1;
  const share = play.reached.size / (world.task.milestones.length + 1);
  return Math.round(share * 100) / 100;
}
