import * as z from "zod";
import type { Random } from "../random.ts";
import { shippedData } from "../shipped.ts";
import { filled, type Gaps, gapsOf } from "./english.ts";
import type { Operation } from "./phrase.ts";
import type { Play } from "./play.ts";
import type { World } from "./world.ts";

/** What stands in the way of an action. */
const obstacleCode = z.enum([
  "unknown-action",
  "elsewhere",
  "out-of-sight",
  "no-way",
  "not-there",
  "already-here",
  "already-open",
  "already-closed",
  "already-held",
  "already-on",
  "already-worked",
  "already-fitted",
  "already-set",
  "already-read",
  "nothing-new",
  "closed",
  "locked",
  "not-locked",
  "wrong-key",
  "not-held",
  "unsuitable",
  "not-running",
  "incomplete",
  "misfit",
  "wrong-tool",
  "wrong-order",
  "not-inspected",
  "wrong-answer",
]);

/** A sentence with gaps that {@link gapsOf} fills, or `form` and `examples`. */
const sentence = z.string();

const obstacleSchema = z
  .strictObject({
    /** The paper's kind of an error (section 3.1): its form, its place or its sense is wrong. */
    kind: z.enum(["parameter", "place", "logic"]),
    /** The ways to tell the player what came of it. */
    observation: z.array(sentence).min(1).readonly(),
    /** The ways in which the player's next thought takes it up: what was wrong, and so what to mind. */
    refinement: z.array(sentence).min(1).readonly(),
    /** Why it is an error, as the end of a sentence that the dungeon master thinks. */
    reason: sentence,
  })
  .readonly();

const obstacles = shippedData("obstacles.json", z.record(obstacleCode, obstacleSchema));

/** One of the things that can stand in the way of an action. */
export type ObstacleCode = z.infer<typeof obstacleCode>;

/** See the schema's `kind`. */
export type ErrorKind = z.infer<typeof obstacleSchema>["kind"];

/** Why an action comes to nothing, with the thing that it is about. */
export interface Obstacle {
  readonly code: ObstacleCode;
  readonly thing: string;
  /** The other thing that plays a part: the container, the device, the key. */
  readonly other?: string | undefined;
}

/** Which kind of error an obstacle makes of an action. */
export function errorKind(code: ObstacleCode): ErrorKind {
  return obstacles()[code].kind;
}

function gapsFor(world: World, play: Play, { thing, other = "" }: Obstacle): Gaps {
  return gapsOf(world, play.room, { operation: "look", names: [thing, other] });
}

/** What the player observes of an action that came to nothing. */
export function narrateObstacle(world: World, play: Play, obstacle: Obstacle, random: Random): string {
  const words = gapsFor(world, play, obstacle);
  const { observation } = obstacles()[obstacle.code];
  if (obstacle.code !== "unknown-action") return filled(random.pick(observation), words);
  const names = [...world.wording.values()].map(({ action }) => `"${action.name}"`);
  const examples = random.shuffle(names).slice(0, 3).join(", ");
  return filled(random.pick(observation), { ...words, examples });
}

/** How the player's thought takes up an error, when `intended` is what it means to do next. */
export function narrateRefinement(
  world: World,
  play: Play,
  obstacle: Obstacle,
  intended: Operation,
  random: Random,
): string {
  const form = world.wording.get(intended)?.action.name ?? intended;
  const text = random.pick(obstacles()[obstacle.code].refinement);
  return filled(text, { ...gapsFor(world, play, obstacle), form });
}

/** Why an action is an error, as the end of a sentence. */
export function reasonAgainst(world: World, play: Play, obstacle: Obstacle): string {
  return filled(obstacles()[obstacle.code].reason, gapsFor(world, play, obstacle));
}
