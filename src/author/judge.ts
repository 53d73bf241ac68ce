import { applyAction, type GroundAction } from "../pddl/ground-action.ts";
import { holds } from "../pddl/holds.ts";
import { objectOf } from "./conditions.ts";
import { findObstacle } from "./find-obstacle.ts";
import type { Obstacle } from "./obstacles.ts";
import { type Deed, readDeed } from "./phrase.ts";
import { contentsOf, isSo, type Play, placeOf, withView } from "./play.ts";
import type { World } from "./world.ts";
import { worldDomain } from "./world-problem.ts";

/** What comes of a player's action: the play after it, or what stood in its way. */
export type Judgement =
  | { readonly deed: Deed; readonly play: Play; readonly obstacle?: undefined }
  | { readonly deed: Deed | undefined; readonly play: Play; readonly obstacle: Obstacle };

function schemaName(world: World, play: Play, deed: Deed): string | undefined {
  if (deed.operation === "look") return undefined;
  if (deed.operation !== "examine") return deed.operation;
  const [thing = ""] = deed.names;
  if (!world.items.has(thing)) return "read-fixture";
  return isSo(play, "held", thing) ? "read-held" : "read-item";
}

/** The deed in planning terms; undefined for looking around, which changes nothing but what is known. */
function groundAction(world: World, play: Play, deed: Deed): GroundAction | undefined {
  const name = schemaName(world, play, deed);
  const schema = worldDomain().actions.find((each) => each.name === name);
  if (schema === undefined) return undefined;
  const [thing = "", other = "", third = ""] = deed.names;
  const byVariable: Readonly<Record<string, string>> = {
    "?from": play.room,
    "?to": thing,
    "?r": play.room,
    "?i": thing,
    "?p": thing,
    "?c": thing,
    "?d": other,
    "?k": thing,
    "?t": third,
    "?f":
      deed.operation === "open" || deed.operation === "close" || deed.operation === "switch" ? thing : other,
  };
  const objects = schema.parameters.map(({ name: variable }) => {
    if (variable !== "?f") return byVariable[variable] ?? "";
    if (name === "read-fixture") return thing;
    return name === "read-item" ? (placeOf(play, thing) ?? "") : (byVariable["?f"] ?? "");
  });
  return { schema, objects: objects.map(objectOf) };
}

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

/** Whether the task is done. */
export function isFinished(world: World, play: Play): boolean {
  return holds(world.problem.goal, play.state, world.problem.universe);
}

/** The progress rate: the share of milestones reached, below 1 until the task is done. */
export function progressRate(world: World, play: Play): number {
  if (isFinished(world, play)) return 1;
  const share = play.reached.size / (world.task.milestones.length + 1);
  return Math.round(share * 100) / 100;
}
