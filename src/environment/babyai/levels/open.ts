import { addDoor, connectAll } from "../build/doors.ts";
import { addDistractors, placeAgent, requireAllReachable } from "../build/place.ts";
import { LOCATIONS } from "../mission/instruction.ts";
import { DIRECTIONS } from "../world/direction.ts";
import { COLORS } from "../world/thing.ts";
import { GREAT_MAZE, goTo, type Level, nameOf, open, pickUp } from "./level.ts";

const DOORS_SHAPE = { ...GREAT_MAZE, roomSize: 6 } as const;
const DOORS_MOVES = 720;

/** Any door of a maze. */
export const OPEN_IN_MAZE: Level = {
  shape: GREAT_MAZE,
  generate: (maze) => {
    placeAgent(maze);
    connectAll(maze);
    addDistractors(maze, { count: 18, unique: false });
    requireAllReachable(maze);
    const byColumn = [...maze.rooms].sort((a, b) => a.column - b.column || a.row - b.row);
    const doors = byColumn.flatMap(({ passages }) =>
      DIRECTIONS.flatMap((side) => {
        const passage = passages[side];
        return typeof passage === "number" ? [passage] : [];
      }),
    );
    return open(nameOf(maze, maze.random.pick(doors)));
  },
};

/** The red door between two small rooms. */
export const OPEN_RED_DOOR: Level = {
  shape: { columns: 2, rows: 1, roomSize: 5 },
  generate: (maze) => {
    const door = addDoor(maze, 0, 0, { side: 0, color: "red", locked: false });
    placeAgent(maze, 0, 0);
    return open(nameOf(maze, door));
  },
};

/** One of four doors, named by where it is. */
export const OPEN_DOOR_BY_LOCATION: Level = {
  shape: GREAT_MAZE,
  generate: (maze) => {
    const colors = maze.random.subset(COLORS, 4);
    colors.forEach((color, i) => {
      const side = DIRECTIONS[i];
      if (side !== undefined) addDoor(maze, 1, 1, { side, color, locked: false });
    });
    const location = maze.random.pick(LOCATIONS);
    placeAgent(maze, 1, 1);
    return open({ kind: "door", location });
  },
};

/** The red door, then the blue one; another door first is a failure. */
export const OPEN_RED_THEN_BLUE_STRICT: Level = {
  shape: DOORS_SHAPE,
  maximumMoves: DOORS_MOVES,
  generate: (maze) => {
    maze.random.subset(COLORS, 2);
    const red = addDoor(maze, 1, 1, { side: 2, color: "red", locked: false });
    const blue = addDoor(maze, 1, 1, { side: 0, color: "blue", locked: false });
    placeAgent(maze, 1, 1);
    return { code: "before", first: open(nameOf(maze, red), true), second: open(nameOf(maze, blue)) };
  },
};

/** One of four doors, or two in a given order; a wrong door is a failure. */
export const OPEN_DOORS_IN_ORDER_STRICT: Level = {
  shape: DOORS_SHAPE,
  maximumMoves: DOORS_MOVES,
  generate: (maze) => {
    const colors = maze.random.subset(COLORS, 4);
    const doors = colors.map((color) => addDoor(maze, 1, 1, { color, locked: false }));
    placeAgent(maze, 1, 1);
    const [one = 0, other = 0] = maze.random.subset(doors, 2);
    const first = open(nameOf(maze, one), true);
    const second = open(nameOf(maze, other), true);
    const mode = maze.random.integer(0, 3);
    return mode === 0 ? first : { code: mode === 1 ? "before" : "after", first, second };
  },
};

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
