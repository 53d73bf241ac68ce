import type { Random } from "../random.ts";
import type { DungeonMasterTurn } from "../trajectory/trajectory.ts";
import { describeRoom } from "./narrate-room.ts";
import { beginPlay } from "./play.ts";
import type { World } from "./world.ts";

const FORMAT = [
  'Answer in the form "Thought: ... Action: ...".',
  'In every turn, give your reasoning and one action in the form "Thought: ... Action: ...".',
  'Please reply with "Thought: ..." and then "Action: ...", one action at a time.',
];

/** Turn 0: how things stand, and the form in which the player is to answer. */
export function firstTurn(world: World, random: Random): DungeonMasterTurn {
  const where = `You are in the ${world.start} of the ${world.theme.building}.`;
  const view = world.describesStart
    ? describeRoom(world, beginPlay(world))
    : "You have not looked about yet.";
  return {
    role: "DM",
    thought: random.pick([
      `The game begins. The player knows the goal and is in the ${world.start}; what is inside closed things stays hidden until they are opened.`,
      `I describe the beginning and ask for the form of the answers. The player stands in the ${world.start} and must not learn yet where hidden things are.`,
    ]),
    observation: `${where} ${view} ${random.pick(FORMAT)}`,
    parameterError: false,
    placeError: false,
    logicError: false,
    progressRate: 0,
    finished: false,
  };
}
