import fc from "fast-check";
import type { Script } from "../../script/script.ts";
import type { DungeonMasterTurn, PlayerTurn, Trajectory, Turn } from "../../trajectory/trajectory.ts";

/** A turn of the dungeon master that flags nothing but what is given. */
export function dungeonMaster(
  observation: string,
  flags: Partial<DungeonMasterTurn> = {},
): DungeonMasterTurn {
  return {
    role: "DM",
    thought: "The master knows of the hidden cellar.",
    observation,
    parameterError: false,
    placeError: false,
    logicError: false,
    progressRate: 0,
    finished: false,
    ...flags,
  };
}

export function player(thought: string, action: string): PlayerTurn {
  return { role: "Player", thought, action };
}

export const bakeryScript: Script = {
  thought: "A bakery with a locked flour bin.",
  initialState: "A bakery before dawn. The oven is cold.",
  placesAndObjects: { "hidden cellar": { "silver key": { information: "opens the bin" } } },
  player: "The baker can carry one thing.",
  goal: "Put flour into the trough.",
  completionConditions: ["The flour is in the trough.", "The bin is closed."],
  actions: [
    {
      name: "take {object} from {place}",
      description: "Pick up a thing.",
      pattern: "take (?P<object>.+) from (?P<place>.+)",
      parameters: [
        { name: "object", values: ["flour", "silver key"] },
        { name: "place", values: ["bin", "hidden cellar"] },
      ],
    },
    { name: "say", specialFormat: "say: <text>", pattern: "say: .*", parameters: [] },
  ],
};

/** Eleven turns: turn 3 is a logic error, turn 5 a parameter and place error, and turn 7 refines both. */
export const bakeryTrajectory: Trajectory = {
  script: bakeryScript,
  turns: [
    dungeonMaster("You stand in the bakery. There is a bin."),
    player("I need flour.", "open bin"),
    dungeonMaster("The bin is locked; a note says: key below.", { progressRate: 0.2 }),
    player("I force it.", "open bin"),
    dungeonMaster("It is still locked.", { logicError: true, progressRate: 0.2 }),
    player("I take the flour.", "take flower from bin"),
    dungeonMaster("There is no flower.", { parameterError: true, placeError: true, progressRate: 0.2 }),
    player("The note speaks of a key. I take it first.", "take silver key from hidden cellar"),
    dungeonMaster("You have the key.", { progressRate: 0.5 }),
    player("Now the bin opens.", "take flour from bin"),
    dungeonMaster("Task Succeed", { progressRate: 1, finished: true }),
  ],
};

const text = fc.oneof(
  fc.lorem({ maxCount: 5 }),
  fc.string({ unit: "binary" }),
  fc.constantFrom(" spaced ", "Thought: x", "a\nAction: b", "c\n\td", "\ud800", "\u001b[31mred"),
);

const dungeonMasterTurn = fc
  .record({
    thought: text,
    observation: text,
    parameterError: fc.boolean(),
    placeError: fc.boolean(),
    logicError: fc.boolean(),
    progressRate: fc.double({ min: 0, max: 1, noNaN: true }),
    finished: fc.boolean(),
  })
  .map((turn): DungeonMasterTurn => ({ role: "DM", ...turn }));

const playerTurn = fc
  .record({ thought: text, action: text.filter((action) => action.trim() !== "") })
  .map((turn): PlayerTurn => ({ role: "Player", ...turn }));

/** Any turns in their order, ending with either role, also none. */
export const anyTurns: fc.Arbitrary<readonly Turn[]> = fc
  .tuple(fc.array(fc.tuple(dungeonMasterTurn, playerTurn), { maxLength: 12 }), fc.option(dungeonMasterTurn))
  .map(([pairs, last]) => [...pairs.flat(), ...(last === null ? [] : [last])]);

export const anyTrajectory: fc.Arbitrary<Trajectory> = anyTurns.map((turns) => ({
  script: bakeryScript,
  turns,
}));
