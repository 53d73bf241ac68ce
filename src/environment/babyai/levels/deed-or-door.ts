import { addDoor } from "../build/doors.ts";
import { addDistractors, placeAgent } from "../build/place.ts";
import { GREAT_MAZE, goTo, type Level, nameOf, open, pickUp } from "./level.ts";

/** Go to or pick up a thing, or go to or open a door, all in the middle room. */
export const DEED_TO_THING_OR_DOOR: Level = {
  shape: { ...GREAT_MAZE, roomSize: 7 },
  generate: (maze) => {
    const things = addDistractors(maze, { count: 5, unique: true, column: 1, row: 1 });
    for (let i = 0; i < 4; i += 1) things.push(addDoor(maze, 1, 1, { locked: false }));
    placeAgent(maze, 1, 1);
    const chosen = maze.random.pick(things);
    if (maze.random.coin()) return goTo(maze, chosen);
    const target = nameOf(maze, chosen);
    return target.kind === "door" ? open(target) : pickUp(target);
  },
};
