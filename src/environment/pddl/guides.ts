import type { InstructedAction } from "../../react.ts";
import type { Guide } from "../guide.ts";
import { pddlExample } from "./examples.ts";
import { wordingOf } from "./text/wording.ts";

/** An action: its name in the domain, what its places are called, in the domain's order, and what it does. */
type ActionEntry = readonly [name: string, places: readonly string[], description: string];

const CHECK: InstructedAction = {
  name: "check valid actions",
  description: "list what can be done now; costs a turn",
};
const LOOK: InstructedAction = {
  name: "look around",
  description: "see everything again and not only what has changed; costs a turn",
};

/** Actions as the environment words them, so that what is told here is understood there. */
function worded(entries: readonly ActionEntry[]): readonly InstructedAction[] {
  return entries.map(([name, places, description]) => ({
    name: wordingOf(
      name,
      places.map((place) => `{${place}}`),
    ).trim(),
    description,
  }));
}

/** The actions of each game by their names in its domain. */
const PDDL_ACTIONS = {
  gripper: [
    ["move", ["room", "room"], "go from the room where you are to another"],
    ["pick", ["ball", "room", "gripper"], "take a ball in the room where you are, with a free gripper"],
    ["drop", ["ball", "room", "gripper"], "put down a ball in the room where you are"],
  ],
  blockworld: [
    ["pickup", ["block"], "lift a block from the table; nothing may be on it, and your arm must be empty"],
    ["putdown", ["block"], "put the block that you hold on the table"],
    ["stack", ["block", "block"], "put the block that you hold on a block that is clear"],
    ["unstack", ["block", "block"], "lift a clear block from the block below it; your arm must be empty"],
  ],
  barman: [
    ["grasp", ["hand", "container"], "take a container from the table with an empty hand"],
    ["leave", ["hand", "container"], "put a container on the table"],
    [
      "fill-shot",
      ["shot", "ingredient", "hand", "other hand", "dispenser"],
      "fill a clean and empty shot glass that you hold; the other hand must be empty",
    ],
    [
      "refill-shot",
      ["shot", "ingredient", "hand", "other hand", "dispenser"],
      "fill an empty shot glass again with what was in it",
    ],
    ["empty-shot", ["hand", "shot", "beverage"], "pour a shot glass away"],
    [
      "clean-shot",
      ["shot", "beverage", "hand", "other hand"],
      "clean an empty shot glass that was used; the other hand must be empty",
    ],
    [
      "pour-shot-to-clean-shaker",
      ["shot", "ingredient", "shaker", "hand", "level", "next level"],
      "pour a shot glass that you hold into a clean and empty shaker, which rises by one level",
    ],
    [
      "pour-shot-to-used-shaker",
      ["shot", "ingredient", "shaker", "hand", "level", "next level"],
      "pour a shot glass that you hold into a shaker that has something in it, unshaken",
    ],
    [
      "empty-shaker",
      ["hand", "shaker", "cocktail", "level", "empty level"],
      "pour a shaker with a shaken cocktail away",
    ],
    ["clean-shaker", ["hand", "other hand", "shaker"], "clean an empty shaker; the other hand must be empty"],
    [
      "shake",
      ["cocktail", "ingredient", "ingredient", "shaker", "hand", "other hand"],
      "make a cocktail of the two ingredients in a shaker that you hold; the other hand must be empty",
    ],
    [
      "pour-shaker-to-shot",
      ["beverage", "shot", "hand", "shaker", "level", "level below"],
      "pour from a shaken shaker that you hold into a clean and empty shot glass",
    ],
  ],
  tyreworld: [
    ["open", ["container"], "open a closed container"],
    ["close", ["container"], "close an open container"],
    ["fetch", ["thing", "container"], "take something out of an open container"],
    ["put-away", ["thing", "container"], "put something into an open container"],
    ["loosen", ["nut", "hub"], "loosen a tight nut while its hub is on the ground; needs the wrench"],
    ["tighten", ["nut", "hub"], "tighten a loose nut while its hub is on the ground; needs the wrench"],
    ["jack-up", ["hub"], "lift a hub off the ground; the jack stays beneath it"],
    ["jack-down", ["hub"], "lower a hub to the ground and take the jack back"],
    ["undo", ["nut", "hub"], "take a loose nut off a lifted hub; needs the wrench"],
    ["do-up", ["nut", "hub"], "put a nut on a lifted hub; needs the wrench"],
    ["remove-wheel", ["wheel", "hub"], "take a wheel off a lifted hub whose nut is off"],
    ["put-on-wheel", ["wheel", "hub"], "put a wheel on a lifted hub that has none"],
    ["inflate", ["wheel"], "inflate an intact wheel; needs the pump"],
  ],
} as const satisfies Readonly<Record<string, readonly ActionEntry[]>>;

function exampleOf(game: string): Pick<Guide, "example"> {
  const example = pddlExample(game);
  return example === undefined ? {} : { example };
}

/** What players of the PDDL games are told, by the game's name. */
export const PDDL_GUIDES: ReadonlyMap<string, Guide> = new Map([
  [
    "gripper",
    {
      environment: "Rooms with balls in them, and a robot called Robby with grippers.",
      player: "You are Robby. Each gripper holds one ball at most, and balls are moved by carrying them.",
      actions: [...worded(PDDL_ACTIONS.gripper), CHECK],
      ...exampleOf("gripper"),
    },
  ],
  [
    "blockworld",
    {
      environment: "Blocks on a table, some of them on top of others, and a robot's arm.",
      player: "You are the arm. You hold one block at most and can lift only a block with nothing on it.",
      actions: [...worded(PDDL_ACTIONS.blockworld), CHECK],
      ...exampleOf("blockworld"),
    },
  ],
  [
    "barman",
    {
      environment:
        "A bar with dispensers of ingredients, shot glasses and shakers. A cocktail is made of two ingredients that are poured into a shaker and shaken.",
      player:
        "You are the barman and have two hands, each of which holds one container. After the first observation you are shown only what an action has made true.",
      actions: [...worded(PDDL_ACTIONS.barman), CHECK, LOOK],
      ...exampleOf("barman"),
    },
  ],
  [
    "tyreworld",
    {
      environment:
        "A car with flat wheels, intact spare wheels, and a boot with a jack, a pump and a wrench. Each wheel sits on a hub and is held by a nut.",
      player:
        "You replace the wheels. You have to have a tool to use it. After the first observation you are shown only what an action has made true.",
      actions: [...worded(PDDL_ACTIONS.tyreworld), CHECK, LOOK],
      ...exampleOf("tyreworld"),
    },
  ],
]);
