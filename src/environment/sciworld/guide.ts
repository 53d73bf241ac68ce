import type { Instruction } from "../../react.ts";
import { type PlayedTurn, playedText } from "../guide.ts";

/** A played episode. Its observations are the simulator's own, as a test with the simulator checks. */
interface PlayedExample {
  readonly kind: string;
  readonly variation: number;
  readonly goal: string;
  readonly start: string;
  readonly turns: readonly PlayedTurn[];
}

const LOOK_GREENHOUSE = `This room is called the greenhouse. In it, you see: 
	the agent
	a substance called air
	a bee hive. The bee hive door is closed. 
	a flower pot 1 (containing a apple tree in the adult stage, soil)
	a flower pot 4 (containing a banana tree in the adult stage, soil)
	a flower pot 5 (containing a peach tree in the adult stage, soil)
	a flower pot 6 (containing a substance called water)
	a flower pot 8 (containing a substance called water)
	a jug (containing nothing)
	a sink, which is turned off. In the sink is: nothing.
You also see:
	A door to the hallway (that is open)
	A door to the outside (that is open)`;

/**
 * A kind of task that is none of AgentBoard's 16: a mistake, what the simulator says to it, and how it is put right.
 */
export const EXAMPLE: PlayedExample = {
  kind: "find-plant",
  variation: 233,
  goal: "Your task is to find a(n) plant. First, focus on the thing. Then, move it to the purple box in the bedroom.",
  start: `This outside location is called the outside. Here you see: 
	the agent
	a substance called air
	an axe
	a frog egg
	a fire pit (containing nothing)
	a fountain (containing nothing)
	the ground
	a shovel
	a turtle egg
	a baby wolf
	a substance called wood
You also see:
	A door to the foundry (that is open)
	A door to the greenhouse (that is open)
	A door to the kitchen (that is open)
In your inventory, you see:
	an orange
`,
  turns: [
    {
      thought: "The purple box is in the bedroom, so I go there first.",
      action: "go to bedroom",
      observation: "No known action matches that input.",
    },
    {
      thought:
        "No door leads from here to the bedroom: I can only go to a place next to mine. Before the box I need a plant anyway, and a greenhouse is where plants grow. Its door is here.",
      action: "go to greenhouse",
      observation: "You move to the greenhouse.",
    },
    { thought: "I look what grows here.", action: "look around", observation: LOOK_GREENHOUSE },
    {
      thought: "A peach tree is a plant. I must focus on it before I move it.",
      action: "focus on peach tree",
      observation: "You focus on the peach tree.",
    },
    {
      thought: "Now I take it along.",
      action: "pick up peach tree",
      observation: "You move the peach tree to the inventory.",
    },
    {
      thought: "The hallway joins the rooms of the house, so the bedroom should be behind it.",
      action: "go to hallway",
      observation: "You move to the hallway.",
    },
    { thought: "On to the bedroom.", action: "go to bedroom", observation: "You move to the bedroom." },
    {
      thought: "The box should be in this room. I put the tree into it.",
      action: "move peach tree to purple box",
      observation: "You move the peach tree to the purple box.",
    },
  ],
};

/** What players of ScienceWorld are told: the words are ours, the actions are those that the simulator knows. */
const GUIDE: Omit<Instruction, "goal"> = {
  world:
    "A house with a kitchen, a bathroom, a bedroom, a living room, a hallway, a workshop, an art studio, a greenhouse and a foundry, and the outside, in which simple experiments can be made. Things have a temperature and a state of matter, conduct heat, melt, boil and burn; substances mix; plants and animals grow. Time passes with every action.",
  player:
    "You act only on what is in the place where you are, or in your inventory, and call things as the observation does. You go only to a place that a door leads to from yours. Doors and containers that stand open need not be opened. Focus only on what the task asks you to focus on: focusing on the wrong thing fails it. When an action could mean several things, you are shown numbered choices and answer with a number alone.",
  actions: [
    { name: "look around", description: "describe the place where you are" },
    { name: "look at {object}", description: "describe a thing, such as the temperature of a thermometer" },
    { name: "look in {object}", description: "describe what is in a container" },
    { name: "inventory", description: "list what you carry" },
    { name: "task", description: "tell the task again" },
    { name: "go to {place}", description: "go to a place next to yours" },
    { name: "open {object}", description: "open a container or a door" },
    { name: "close {object}", description: "close a container or a door" },
    { name: "pick up {object}", description: "take a thing into your inventory" },
    { name: "put down {object}", description: "leave a thing where you are" },
    { name: "move {object} to {object}", description: "put a thing into or onto another one" },
    {
      name: "pour {object} in {object}",
      description: "pour a liquid, or what is in a container, into another one",
    },
    { name: "dunk {object} in {object}", description: "dip a container into a liquid" },
    { name: "mix {object}", description: "mix what is in a container, as chemistry does" },
    {
      name: "use {object} on {object}",
      description: "use a tool on a thing, such as a thermometer on a substance",
    },
    { name: "activate {object}", description: "switch a device on" },
    { name: "deactivate {object}", description: "switch a device off" },
    { name: "read {object}", description: "read what is written, such as a recipe" },
    { name: "eat {object}", description: "eat something" },
    { name: "flush {object}", description: "flush a toilet" },
    { name: "focus on {object}", description: "point out the thing that the task asks for" },
    { name: "wait", description: "let ten steps pass" },
    { name: "wait1", description: "let one step pass" },
    { name: "check valid actions", description: "list the forms that actions can have" },
  ],
  example: playedText({ goal: EXAMPLE.goal, observation: EXAMPLE.start }, EXAMPLE.turns),
};

export function instructionFor(goal: string): Instruction {
  return { ...GUIDE, goal };
}
