import type { Random } from "../random.ts";
import { atFixture, deedWords } from "./deed-words.ts";
import { joinWords } from "./english.ts";
import { isFinished } from "./judge.ts";
import { errorKind, type Obstacle } from "./obstacle.ts";
import type { Deed } from "./phrase.ts";
import { heldItems, type Play } from "./play.ts";
import type { World } from "./world.ts";

function knowledge(play: Play, random: Random): string {
  const held = [...heldItems(play)].sort().map((item) => `the ${item}`);
  const hands = held.length === 0 ? "carries nothing" : `carries ${joinWords(held)}`;
  return random.pick([
    `The player is in the ${play.room} and ${hands}.`,
    `At this point the player, who is in the ${play.room}, ${hands}.`,
    `The player ${hands} and stands in the ${play.room}.`,
  ]);
}

function reasonOf(world: World, obstacle: Obstacle): string {
  const { thing, other = "" } = obstacle;
  const room = world.fixtures.get(thing)?.room;
  switch (obstacle.code) {
    case "elsewhere":
      return room === undefined ? `the ${thing} is somewhere else` : `the ${thing} is in the ${room}`;
    case "no-way":
      return `the ${thing} can only be reached through the ${world.theme.corridor}`;
    case "not-there":
      return `the ${thing} is not ${atFixture(world, other)}`;
    case "closed":
    case "locked":
      return `the ${thing} is ${obstacle.code}`;
    case "not-held":
      return `the player does not carry the ${thing}`;
    case "wrong-key":
    case "misfit":
    case "unsuitable":
      return `the ${thing} does not go with the ${other}`;
    case "wrong-tool":
      return `the ${thing} is not the tool for it`;
    case "not-running":
      return `the ${other === "" ? "station" : other} is still off`;
    case "incomplete":
      return `the ${thing} still lacks a part`;
    case "wrong-order":
      return `it is not the turn of the ${thing}`;
    case "not-inspected":
      return "not all readings have been seen yet";
    case "wrong-answer":
      return "the answer does not agree with the readings";
    case "nothing-new":
    case "already-read":
      return "it tells the player nothing that was not known before";
    default:
      return "it only asks for what is the case already, so nothing changes";
  }
}

/** The dungeon master's thought about an action that came to nothing; `play` is the play it leaves as it was. */
export function thoughtOnObstacle(world: World, play: Play, obstacle: Obstacle, random: Random): string {
  const kind = errorKind(obstacle.code);
  if (kind === "parameter") {
    return `${knowledge(play, random)} The action "${obstacle.thing}" agrees with no verification code and its parameters, so it is a parameter error and nothing happens.`;
  }
  const label = kind === "place" ? "a place error" : "a logic error";
  return `${knowledge(play, random)} The action has a right form, but ${reasonOf(world, obstacle)}. This is ${label}, and the player must be told without being given the solution.`;
}

/** The dungeon master's thought about an action that was done; `play` is the play after it. */
export function thoughtOnSuccess(world: World, play: Play, deed: Deed, random: Random): string {
  const words = deedWords(world, deed);
  const total = world.task.milestones.length;
  const progress = isFinished(world, play)
    ? "All completion conditions hold, so the task is finished."
    : random.pick([
        `Of ${total} marks on the way to the goal, ${play.reached.size} ${play.reached.size === 1 ? "is" : "are"} reached.`,
        `The goal is not reached yet: the count stands at ${play.reached.size} of ${total}.`,
        "The completion conditions do not all hold yet, so the game goes on.",
      ]);
  return random.pick([
    `The player wants to ${words}. The form is right, it is possible here, and it changes the situation. ${progress}`,
    `The action is valid: the player can ${words} in the present state. ${progress} ${knowledge(play, random)}`,
    `${knowledge(play, random)} The action to ${words} agrees with the script. ${progress}`,
  ]);
}
