import type { Instruction } from "../../react.ts";
import { type PlayedTurn, playedText } from "../guide.ts";
import type { Start } from "../world.ts";

const WORLD =
  "A text adventure. It tells in words where you are and what happens, and you write what you do as a short command. Places are joined by ways in compass directions, up and down; things can be looked at, taken, opened, put somewhere and used, and what a thing is good for must often be found out by trying.";

const PLAYER =
  "Commands are short sentences that begin with a verb, such as: go north, take lamp, open door with key. Only what stands before the first comma or full stop is read, and twenty words at most. The game knows only some verbs and the nouns of its own texts; when it does not understand, say it more simply. Looking around, or at what you carry, costs a turn as everything does.";

const ACTIONS: Instruction["actions"] = [
  {
    name: "{direction}",
    description: "go north, south, east, west, northeast and so on, up, down, in or out",
  },
  { name: "look", description: "see the place again" },
  { name: "inventory", description: "see what you carry" },
  { name: "examine {thing}", description: "look at something more closely" },
  { name: "take {thing}", description: "pick something up" },
  {
    name: "{verb} {thing}",
    description: "do something else with a thing, such as open, push, read, eat, drop",
  },
  {
    name: "{verb} {thing} {preposition} {thing}",
    description: "do something with two things, such as put coin in slot",
  },
  { name: "check valid actions", description: "list actions that would change something now; costs a turn" },
];

/** A game that does not exist: what its player says, and what the game answers. */
const EXAMPLE: readonly PlayedTurn[] = [
  {
    thought: "The goal is behind the hatch. I try to open it.",
    action: "open hatch",
    observation: "It does not move. A brass plate beside it has a square hole.",
  },
  {
    thought: "The hole wants something square. I have not looked at the workbench yet.",
    action: "examine workbench",
    observation: "Under the shavings you find a crank with a square end.",
  },
  { thought: "The crank's end is square like the hole.", action: "take crank", observation: "Taken." },
  {
    thought: "I turn the lock with the crank.",
    action: "turn crank",
    observation: "You wave the crank about. It ought to be in something first.",
  },
  {
    thought: "My mistake: it must be in the hole before I turn it.",
    action: "put crank in hole",
    observation: "It fits, and a spring clicks.",
  },
  {
    thought: "Now it can be turned.",
    action: "turn crank",
    observation: "The hatch swings down, and a ladder slides out of the dark above you.",
  },
];

const EXAMPLE_START: Start = {
  goal: "Get into the attic.",
  observation: "Workshop. A workbench stands under the window, deep in shavings. In the ceiling is a hatch.",
};

/** What players of a game are told; all of it is in words of our own. */
export function jerichoInstruction({ goal }: Start): Instruction {
  return {
    world: WORLD,
    player: PLAYER,
    goal,
    actions: ACTIONS,
    example: playedText(EXAMPLE_START, EXAMPLE),
  };
}
