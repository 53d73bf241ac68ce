import type { Example, Guide } from "../guide.ts";
import type { PureWorld } from "../world.ts";
import { createBabyaiWorld, scoreByMission } from "./babyai-world.ts";
import { generateLevel } from "./levels/generate-level.ts";
import { LEVELS } from "./levels/level-list.ts";

/** A level of the benchmark with a seed that is not one of its own: a locked door, and its key among other things. */
const EXAMPLE_LEVEL = "BabyAI-UnlockLocalDist-v0";
const EXAMPLE_SEED = 1;

function createExampleWorld(): PureWorld {
  const found = LEVELS.find(({ name }) => name === EXAMPLE_LEVEL);
  if (found === undefined) throw new Error(`there is no level ${EXAMPLE_LEVEL}`);
  return createBabyaiWorld(generateLevel(found.level, EXAMPLE_SEED), {
    rules: "agentboard",
    scoring: scoreByMission,
  });
}

/** A mistake, what the world says to it, and how it is put right. */
const EXAMPLE: Example = {
  createWorld: createExampleWorld,
  turns: [
    { thought: "I see no door yet. I look around.", action: "turn right" },
    { thought: "There is the door. I open it.", action: "toggle and go through red locked door 1" },
    {
      thought: "It is locked, and I have no key. I saw a red key, which fits a red door.",
      action: "pickup red key 1",
    },
    {
      thought: "Now I have the key and the door is right before me.",
      action: "toggle and go through red locked door 1",
    },
  ],
};

/** What players of BabyAI are told: the words are ours, the actions are those that AgentBoard's wrapper lists. */
export const BABYAI_GUIDE: Guide = {
  world:
    "A building of square rooms that are joined by doors. In it are balls, boxes and keys in several colours. You see only what lies before you, at most six steps ahead and three to either side, and not through walls or closed doors.",
  player:
    "You can carry one object at a time. Objects and doors are called by colour, kind and number as in the observation, such as red ball 1; doors also by their state, such as blue locked door 1. Numbers are given anew whenever your view changes. A locked door opens only when you carry the key of its colour.",
  actions: [
    { name: "turn left", description: "turn by 90 degrees" },
    { name: "turn right", description: "turn by 90 degrees" },
    { name: "move forward", description: "go one step" },
    { name: "go to {object} {number}", description: "walk until the object or door is right before you" },
    { name: "pickup {object} {number}", description: "walk to the object and take it" },
    { name: "drop", description: "put down what you carry, right before you" },
    { name: "go through {door} {number}", description: "walk through an open door" },
    {
      name: "toggle and go through {door} {number}",
      description: "walk to a closed or locked door, open it and step into it",
    },
    { name: "toggle", description: "open or close the door right before you" },
    { name: "check available actions", description: "list what can be done now; costs a turn" },
  ],
  example: EXAMPLE,
};
