import type { Random } from "../random.ts";
import { atFixture } from "./deed-words.ts";
import type { Obstacle, ObstacleCode } from "./obstacle.ts";
import type { Play } from "./play.ts";
import type { World } from "./world.ts";

function unknownAction(world: World, random: Random): string {
  const names = [...world.wording.values()].map(({ action }) => `"${action.name}"`);
  const examples = random.shuffle(names).slice(0, 3).join(", ");
  return random.pick([
    "That is not one of the available actions, or it names something that is not listed. Nothing happens.",
    `This action cannot be understood. Actions have forms such as ${examples}, with the exact names of things.`,
    "Nothing happens: the action does not follow the form of any available action with its exact names.",
  ]);
}

interface Scene {
  readonly world: World;
  readonly play: Play;
  readonly thing: string;
  readonly other: string;
}

type Teller = (scene: Scene) => readonly string[];

/** The ways to tell each obstacle. */
const WORDINGS: Readonly<Record<ObstacleCode, Teller>> = {
  elsewhere: ({ play, thing }) => [
    `You are in the ${play.room}, and the ${thing} is not here.`,
    `There is no ${thing} within reach: you are in the ${play.room}.`,
    `You cannot do that from here. The ${thing} is not in the ${play.room}.`,
  ],
  "no-way": ({ play, thing }) => [
    `There is no door from the ${play.room} straight to the ${thing}.`,
    `You cannot reach the ${thing} directly from the ${play.room}.`,
  ],
  "not-there": ({ world, thing, other }) => [
    `The ${thing} is not ${atFixture(world, other)}.`,
    `You do not find the ${thing} ${atFixture(world, other)}.`,
  ],
  "already-here": ({ thing }) => [`You are in the ${thing} already. Nothing changes.`],
  "already-open": ({ thing }) => [
    `The ${thing} is already open. Nothing changes.`,
    `You pull at the ${thing}, which stands open already.`,
  ],
  "already-closed": ({ thing }) => [`The ${thing} is closed already. Nothing changes.`],
  "already-held": ({ thing }) => [
    `You are carrying the ${thing} already. Nothing changes.`,
    `The ${thing} is in your hands already.`,
  ],
  "already-on": ({ thing }) => [`The ${thing} is already on. Nothing changes.`],
  "already-worked": ({ world, thing }) => [
    `The ${thing} has been ${world.task.work?.done ?? "done"} already. Nothing changes.`,
  ],
  "already-fitted": ({ thing, other }) => [`The ${thing} is in the ${other} already. Nothing changes.`],
  "already-set": ({ thing }) => [`The lamp of the ${thing} is green already. Nothing changes.`],
  "already-read": ({ thing }) => [
    `The ${thing} says nothing that you have not read before.`,
    `You have examined the ${thing} already; there is nothing new about it.`,
  ],
  "nothing-new": ({ thing }) => [
    `You see nothing about the ${thing} that you did not know.`,
    `There is nothing special about the ${thing}. You have learned nothing new.`,
    `The ${thing} looks just as it did before.`,
  ],
  closed: ({ thing }) => [
    `The ${thing} is closed, so nothing can be taken out or put in.`,
    `You cannot reach into the ${thing}: it is closed.`,
  ],
  locked: ({ thing }) => [
    `The ${thing} is locked and does not open.`,
    `You try the ${thing}, but it is locked.`,
  ],
  "not-locked": ({ thing }) => [`The ${thing} is not locked. Nothing changes.`],
  "wrong-key": ({ thing, other }) => [`The ${thing} does not fit the lock of the ${other}. It stays locked.`],
  "not-held": ({ thing }) => [
    `You are not carrying the ${thing}.`,
    `You reach for the ${thing}, but you do not have it with you.`,
  ],
  unsuitable: ({ thing, other }) => [`Nothing comes of that: the ${thing} is of no use at the ${other}.`],
  "not-running": ({ thing }) => [
    `Nothing happens, because a switch at the side is still off.`,
    `The apparatus is off, so the ${thing} stays as it is.`,
  ],
  incomplete: ({ thing }) => [
    `You press the switch, but the ${thing} stays dead: a part is still missing.`,
    `The ${thing} does not start. It is not complete yet.`,
  ],
  misfit: ({ thing, other }) => [`The ${thing} does not fit the ${other}.`],
  "wrong-tool": ({ thing }) => [`The ${thing} is the wrong tool for this.`],
  "wrong-order": ({ thing }) => [
    `A red lamp blinks: it is not the turn of the ${thing}. Nothing changes.`,
    `The ${thing} does not respond at this point.`,
  ],
  "not-inspected": () => ["The report is not accepted, because you have not seen every reading yet."],
  "wrong-answer": ({ thing }) => [`"${thing}" is not the right answer. Nothing changes.`],
  "unknown-action": () => [],
};

function wordingsOf(world: World, play: Play, obstacle: Obstacle): readonly string[] {
  const { code, thing, other = "" } = obstacle;
  return WORDINGS[code]({ world, play, thing, other });
}

/** What the player observes of an action that came to nothing. */
export function narrateObstacle(world: World, play: Play, obstacle: Obstacle, random: Random): string {
  if (obstacle.code === "unknown-action") return unknownAction(world, random);
  return random.pick(wordingsOf(world, play, obstacle));
}
