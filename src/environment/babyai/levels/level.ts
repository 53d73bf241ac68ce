import { type Maze, type MazeShape, madeThing, roomAt } from "../build/maze.ts";
import { addThing } from "../build/place.ts";
import type { Clause, Description, Instruction } from "../mission/instruction.ts";
import type { Thing } from "../world/thing.ts";

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

/** The kind and colour of a made thing. */
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

/**
 * Adds the key of a locked door to a drawn room. The original means to leave out the locked room itself, but
 * compares numbers by identity and so never does.
 */
export function addKeyAnywhere(maze: Maze, door: number): void {
  const column = maze.random.integer(0, maze.shape.columns);
  const row = maze.random.integer(0, maze.shape.rows);
  addKey(maze, door, column, row);
}

/** Adds the key of a locked door to a drawn room other than the locked one. */
export function addKeyOutside(maze: Maze, door: number): void {
  const { random, shape } = maze;
  for (;;) {
    const column = random.integer(0, shape.columns);
    const row = random.integer(0, shape.rows);
    if (roomAt(maze, column, row) === maze.lockedRoom) continue;
    addKey(maze, door, column, row);
    return;
  }
}
