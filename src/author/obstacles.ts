import * as z from "zod";
import type { Random } from "../random.ts";
import { shippedData } from "../shipped.ts";
import { atFixture, filled, type Gaps } from "./english.ts";
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

/** A sentence with gaps, each for something that {@link wordsFor} names. */
const sentence = z
  .string()
  .regex(
    /^(?:[^{}]|\{(?:thing|other|at other|here|home|corridor|done|station|tool|form|examples)\})+$/,
    "a sentence with gaps that can be filled",
  );

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
  readonly other?: string;
}

/** Which kind of error an obstacle makes of an action. */
export function errorKind(code: ObstacleCode): ErrorKind {
  return obstacles()[code].kind;
}

/** What fills the gaps of a sentence about an obstacle. */
function wordsFor(world: World, play: Play, { thing, other = "" }: Obstacle): Gaps {
  const { work, defect } = world.task;
  return {
    thing,
    other,
    "at other": atFixture(world, other),
    here: play.room,
    home: world.fixtures.get(thing)?.room ?? "",
    corridor: world.theme.corridor,
    done: work?.done ?? "done",
    station: work?.station ?? "station",
    tool: defect?.tool ?? "other one",
  };
}

/** What the player observes of an action that came to nothing. */
export function narrateObstacle(world: World, play: Play, obstacle: Obstacle, random: Random): string {
  const words = wordsFor(world, play, obstacle);
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
  return filled(text, { ...wordsFor(world, play, obstacle), form });
}

/** Why an action is an error, as the end of a sentence. */
export function reasonAgainst(world: World, play: Play, obstacle: Obstacle): string {
  return filled(obstacles()[obstacle.code].reason, wordsFor(world, play, obstacle));
}
