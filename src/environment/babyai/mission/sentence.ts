import type { World } from "../world/world.ts";
import type { Description, Instruction, Location } from "./instruction.ts";
import { findMatches, type Rectangle } from "./matches.ts";

const LOCATION_WORDS = {
  left: " on your left",
  right: " on your right",
  front: " in front of you",
  behind: " behind you",
} as const satisfies Record<Location, string>;

function describe(world: World, description: Description, room: Rectangle): string {
  const { kind = "object", color, location } = description;
  const article = findMatches(world, description, room).length > 1 ? "a" : "the";
  const name = color === undefined ? kind : `${color} ${kind}`;
  return `${article} ${name}${location === undefined ? "" : LOCATION_WORDS[location]}`;
}

/** The mission in words, as the grid world says it. `room` is the agent's room at the start. */
export function missionSentence(world: World, instruction: Instruction, room: Rectangle): string {
  const words = (description: Description): string => describe(world, description, room);
  switch (instruction.code) {
    case "go-to":
      return `go to ${words(instruction.target)}`;
    case "open":
      return `open ${words(instruction.target)}`;
    case "pick-up":
      return `pick up ${words(instruction.target)}`;
    case "put-next":
      return `put ${words(instruction.target)} next to ${words(instruction.beside)}`;
    default: {
      const first = missionSentence(world, instruction.first, room);
      const second = missionSentence(world, instruction.second, room);
      const joints = { and: " and ", before: ", then ", after: " after you " } as const;
      return `${first}${joints[instruction.code]}${second}`;
    }
  }
}
