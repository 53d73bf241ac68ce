import { addDoor, connectAll, removeWall } from "../build/doors.ts";
import { makeThing, roomAt } from "../build/maze.ts";
import {
  addDistractors,
  addThing,
  placeAgent,
  placeAgentOutside,
  placeThing,
  requireAllReachable,
} from "../build/place.ts";
import { COLORS } from "../world/thing.ts";
import { setCell } from "../world/world.ts";
import { addKey, addKeyAnywhere, GREAT_MAZE, type Level, nameOf, open, pickUp } from "./level.ts";

const TWO_ROOMS = { columns: 2, rows: 1, roomSize: 6 } as const;

/** The locked door of a maze whose key is somewhere. */
export const UNLOCK_IN_MAZE: Level = {
  shape: GREAT_MAZE,
  generate: (maze) => {
    const { random, rooms, shape } = maze;
    const column = random.integer(0, shape.columns);
    const row = random.integer(0, shape.rows);
    const door = addDoor(maze, column, row, { locked: true });
    addKeyAnywhere(maze, door);
    const target = nameOf(maze, door);
    if (random.coin())
      connectAll(
        maze,
        COLORS.filter((color) => color !== target.color),
      );
    else connectAll(maze);
    for (let i = 0; i < rooms.length; i += 1) {
      const place = { column: Math.floor(i / shape.rows), row: i % shape.rows };
      addDistractors(maze, { count: 3, unique: false, ...place });
    }
    const lockedRoom = roomAt(maze, column, row);
    placeAgentOutside(maze, lockedRoom);
    requireAllReachable(maze);
    return open(target);
  },
};

/** The locked door of the middle room; the key lies among distractors in the same room. */
export const UNLOCK_LOCAL_AMONG: Level = {
  shape: GREAT_MAZE,
  generate: (maze) => {
    const door = addDoor(maze, 1, 1, { locked: true });
    addKey(maze, door, 1, 1);
    addDistractors(maze, { count: 3, unique: true, column: 1, row: 1 });
    placeAgent(maze, 1, 1);
    return open({ kind: "door" });
  },
};

/** The locked door of the middle room; its key is inside a box. */
export const KEY_IN_BOX: Level = {
  shape: GREAT_MAZE,
  generate: (maze) => {
    const door = addDoor(maze, 1, 1, { locked: true });
    const { color } = nameOf(maze, door);
    const content = makeThing(maze, { kind: "key", color });
    const box = makeThing(maze, { kind: "box", color: maze.random.pick(COLORS), content });
    placeThing(maze, roomAt(maze, 1, 1), box);
    placeAgent(maze, 1, 1);
    return open({ kind: "door" });
  },
};

/** A box behind a locked door, with distractors. */
export const UNLOCK_TO_PICK_UP: Level = {
  shape: TWO_ROOMS,
  generate: (maze) => {
    const box = addThing(maze, 1, 0, { kind: "box" });
    const door = addDoor(maze, 0, 0, { side: 0, locked: true });
    addKey(maze, door, 0, 0);
    addDistractors(maze, { count: 4, unique: true });
    placeAgent(maze, 0, 0);
    return pickUp(nameOf(maze, box));
  },
};

/** A box behind a locked door that is blocked by a ball. */
export const BLOCKED_UNLOCK_TO_PICK_UP: Level = {
  shape: TWO_ROOMS,
  maximumMoves: 576,
  generate: (maze) => {
    addThing(maze, 1, 0, { kind: "box" });
    const door = addDoor(maze, 0, 0, { side: 0, locked: true });
    const ball = makeThing(maze, { kind: "ball", color: maze.random.pick(COLORS) });
    const place = roomAt(maze, 0, 0).doorPlaces[0];
    if (place !== undefined) setCell(maze.world, place.x - 1, place.y, ball);
    addKey(maze, door, 0, 0);
    placeAgent(maze, 0, 0);
    return pickUp({ kind: "box" });
  },
};

/** A ball behind a locked door whose key is behind another locked door. */
export const UNLOCK_TO_UNLOCK: Level = {
  shape: { columns: 3, rows: 1, roomSize: 6 },
  maximumMoves: 1080,
  generate: (maze) => {
    const [near = "grey", far = "grey"] = maze.random.subset(COLORS, 2);
    addDoor(maze, 0, 0, { side: 0, color: near, locked: true });
    addThing(maze, 2, 0, { kind: "key", color: near });
    addDoor(maze, 1, 0, { side: 0, color: far, locked: true });
    addThing(maze, 1, 0, { kind: "key", color: far });
    addThing(maze, 0, 0, { kind: "ball" });
    placeAgent(maze, 1, 0);
    return pickUp({ kind: "ball" });
  },
};

/** A ball in a locked room off a corridor; the key is in a room on the other side. */
export function keyCorridor(roomSize: number): Level {
  return {
    shape: { columns: 3, rows: 3, roomSize },
    maximumMoves: 30 * roomSize ** 2,
    generate: (maze) => {
      const { random, shape } = maze;
      for (let row = 1; row < shape.rows; row += 1) removeWall(maze, 1, row, 3);
      const lockedRow = random.integer(0, shape.rows);
      const door = addDoor(maze, 2, lockedRow, { side: 2, locked: true });
      addThing(maze, 2, lockedRow, { kind: "ball" });
      addKey(maze, door, 0, random.integer(0, shape.rows));
      placeAgent(maze, 1, Math.floor(shape.rows / 2));
      connectAll(maze);
      return pickUp({ kind: "ball" });
    },
  };
}
