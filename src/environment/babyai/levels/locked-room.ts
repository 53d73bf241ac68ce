import { type Maze, madeThing, roomAt } from "../build/maze.ts";
import { addThing } from "../build/place.ts";

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
