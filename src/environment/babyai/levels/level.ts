import { addDoor, connectAll, removeWall } from "../build/doors.ts";
import { type Maze, type MazeShape, madeThing, roomAt } from "../build/maze.ts";
import {
  addDistractors,
  addThing,
  placeAgent,
  placeAgentOutside,
  requireAllReachable,
} from "../build/place.ts";
import type { Clause, Description, Instruction } from "../mission/instruction.ts";
import { COLORS, type Color, type Thing } from "../world/world.ts";

/** A family of worlds and missions of about the same difficulty. */
export interface Level {
  readonly shape: MazeShape;
  /** After how many primitive moves the grid world would cut an episode; by default from size and mission. */
  readonly maximumMoves?: number;
  /** The missions may need things to be moved out of the way, so keys of locked doors are left out of them. */
  readonly unblocking?: boolean;
  /** The agent holds the thing to be moved from the start. */
  readonly startsCarrying?: boolean;
  /** Fills the maze and draws the mission; throws SamplingRejected when the draw is of no use. */
  generate(maze: Maze): Instruction;
}

/** Three by three rooms of side 8, the usual maze. */
export const GREAT_MAZE: MazeShape = { columns: 3, rows: 3, roomSize: 8 };

/** One room with the given side, walls included. */
export function singleRoom(roomSize: number): MazeShape {
  return { columns: 1, rows: 1, roomSize };
}

export function nameOf(maze: Maze, number: number): Pick<Thing, "kind" | "color"> {
  const { kind, color } = madeThing(maze, number);
  return { kind, color };
}

/** "go to …" for a made thing. */
export function goTo(maze: Maze, number: number): Clause {
  return { code: "go-to", target: nameOf(maze, number) };
}

/** "open …", to be failed by opening another door when strict. */
export function open(target: Description, strict = false): Clause {
  return { code: "open", target, strict };
}

/** "pick up …", to be failed by picking up another thing when strict. */
export function pickUp(target: Description, strict = false): Clause {
  return { code: "pick-up", target, strict };
}

/** "put … next to …" for two made things. */
export function putNext(maze: Maze, number: number, beside: number): Clause {
  return { code: "put-next", target: nameOf(maze, number), beside: nameOf(maze, beside) };
}

/** Adds the key of a door to the room of this column and row. */
export function addKey(maze: Maze, door: number, column: number, row: number): void {
  addThing(maze, column, row, { kind: "key", color: madeThing(maze, door).color });
}

/** Adds the agent and then things; in a maze its rooms are connected between. Returns the things. */
export function addThings(maze: Maze, count: number): number[] {
  placeAgent(maze);
  if (maze.rooms.length > 1) connectAll(maze);
  return addDistractors(maze, { count, unique: false });
}

/** One of several things, each of which can be reached. */
export function oneOfThings(maze: Maze, count: number): number {
  const things = addThings(maze, count);
  requireAllReachable(maze);
  return maze.random.pick(things);
}

/**
 * A maze with a locked room whose key is somewhere, and as many things in every room; the agent is outside of it.
 * `colorsOf` draws which colours the other doors may have.
 */
export function addLockedRoom(
  maze: Maze,
  count: number,
  colorsOf: (door: number) => readonly Color[] = () => COLORS,
): { readonly door: number; readonly column: number; readonly row: number } {
  const { random, rooms, shape } = maze;
  const column = random.integer(0, shape.columns);
  const row = random.integer(0, shape.rows);
  const door = addDoor(maze, column, row, { locked: true });
  // The original means to leave out the locked room itself, but compares numbers by identity and so never does.
  addKey(maze, door, random.integer(0, shape.columns), random.integer(0, shape.rows));
  connectAll(maze, colorsOf(door));
  for (let i = 0; i < rooms.length; i += 1) {
    const place = { column: Math.floor(i / shape.rows), row: i % shape.rows };
    addDistractors(maze, { count, unique: false, ...place });
  }
  placeAgentOutside(maze, roomAt(maze, column, row));
  requireAllReachable(maze);
  return { door, column, row };
}

/** Two rooms without the wall between them; returns the things of the left and of the right one. */
export function fillTwoRooms(maze: Maze, count: number): readonly [number[], number[]] {
  placeAgent(maze, 0, 0);
  const left = addDistractors(maze, { count, unique: true, column: 0, row: 0 });
  const right = addDistractors(maze, { count, unique: true, column: 1, row: 0 });
  removeWall(maze, 0, 0, 0);
  return [left, right];
}

/** A red ball among other things of a room, which may be painted grey. */
export function goToRedBall(distractors: number, isGrey = false): Level {
  return {
    shape: singleRoom(8),
    generate: (maze) => {
      placeAgent(maze);
      const ball = addThing(maze, 0, 0, { kind: "ball", color: "red" });
      for (const number of addDistractors(maze, { count: distractors, unique: false })) {
        if (isGrey) maze.things[number] = { ...madeThing(maze, number), color: "grey" };
      }
      requireAllReachable(maze);
      return goTo(maze, ball);
    },
  };
}
