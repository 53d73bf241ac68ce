import { addDoor, connectAll } from "../build/doors.ts";
import { SamplingRejected } from "../build/maze.ts";
import { addDistractors, addThing, allReachable, placeAgent, requireAllReachable } from "../build/place.ts";
import { GREAT_MAZE, type Level, nameOf, pickUp, singleRoom } from "./level.ts";

/** One of 18 things in a maze. */
export const PICK_UP_IN_MAZE: Level = {
  shape: GREAT_MAZE,
  generate: (maze) => {
    placeAgent(maze);
    connectAll(maze);
    const things = addDistractors(maze, { count: 18, unique: false });
    requireAllReachable(maze);
    return pickUp(nameOf(maze, maze.random.pick(things)));
  },
};

/** One of 20 things in a maze where some thing is blocked by others. */
export const PICK_UP_BLOCKED: Level = {
  shape: GREAT_MAZE,
  generate: (maze) => {
    placeAgent(maze);
    connectAll(maze);
    const things = addDistractors(maze, { count: 20, unique: false });
    if (allReachable(maze)) throw new SamplingRejected("some thing should be blocked");
    return pickUp(nameOf(maze, maze.random.pick(things)));
  },
};

/** One of five things, named by kind, colour or both; another thing picked up is a failure. */
export const PICK_UP_AMONG_STRICT: Level = {
  shape: singleRoom(7),
  generate: (maze) => {
    const things = addDistractors(maze, { count: 5, unique: true });
    placeAgent(maze, 0, 0);
    const { kind, color } = nameOf(maze, maze.random.pick(things));
    const selection = maze.random.pick(["type", "color", "both"] as const);
    const named = color === undefined ? {} : { color };
    return pickUp(selection === "type" ? { kind } : selection === "color" ? named : { kind, ...named }, true);
  },
};

/** A thing in the room above the agent's. */
export const PICK_UP_ABOVE: Level = {
  shape: { ...GREAT_MAZE, roomSize: 6 },
  maximumMoves: 288,
  generate: (maze) => {
    const thing = addThing(maze, 1, 0);
    addDoor(maze, 1, 1, { side: 3, locked: false });
    placeAgent(maze, 1, 1);
    connectAll(maze);
    return pickUp(nameOf(maze, thing));
  },
};

/** A thing in some room of a maze, named by its kind. */
export function findThing(roomSize: number): Level {
  return {
    shape: { ...GREAT_MAZE, roomSize },
    maximumMoves: 20 * roomSize ** 2,
    generate: (maze) => {
      const column = maze.random.integer(0, maze.shape.rows);
      const row = maze.random.integer(0, maze.shape.columns);
      const thing = addThing(maze, column, row);
      placeAgent(maze, 1, 1);
      connectAll(maze);
      return pickUp({ kind: nameOf(maze, thing).kind });
    },
  };
}

/** The only ball in a great room. */
export function pickUpOnlyBall(roomSize: number): Level {
  return {
    shape: singleRoom(roomSize),
    generate: (maze) => {
      const ball = addThing(maze, 0, 0, { kind: "ball" });
      placeAgent(maze);
      return pickUp({ kind: nameOf(maze, ball).kind });
    },
  };
}
