import { VIEW_SIZE } from "../world/view.ts";
import {
  clockwise,
  counterclockwise,
  DIRECTIONS,
  type Direction,
  type Move,
  STEP_X,
  STEP_Y,
} from "../world/world.ts";

/**
 * Ways through the view. Cells are numbered in a square one wider and one higher than the view, because the
 * original lets some ways lead through the row behind the agent or the column to the right of the view.
 */
const SIDE = VIEW_SIZE + 1;
const MIDDLE = (VIEW_SIZE - 1) / 2;
/** In the view the agent looks up. */
const AHEAD: Direction = 3;
const START = toState(VIEW_SIZE - 1, MIDDLE, AHEAD);
const NONE = -1;
const STATES = SIDE * SIDE * 4;
const MOVES = ["forward", "left", "right"] as const satisfies readonly Move[];

/** Finds ways to what is seen; a way is a list of primitive moves, undefined when there is none. */
export interface Routes {
  /** To a place from which the agent looks at the view cell, one move away. */
  facing(cell: number): Move[] | undefined;
  /** Into the view cell. */
  into(cell: number): Move[] | undefined;
}

function toState(row: number, column: number, direction: Direction): number {
  return ((row * SIDE + column) << 2) | direction;
}

/** The successors of every state in an empty view: forward, left, right; NONE outside the square. */
const SUCCESSORS: Int16Array = (() => {
  const successors = new Int16Array(STATES * MOVES.length).fill(NONE);
  for (let row = 0; row < SIDE; row += 1) {
    for (let column = 0; column < SIDE; column += 1) {
      for (const direction of DIRECTIONS) {
        const at = toState(row, column, direction) * MOVES.length;
        const nextRow = row + STEP_Y[direction];
        const nextColumn = column + STEP_X[direction];
        const isInside = nextRow >= 0 && nextColumn >= 0 && nextRow < SIDE && nextColumn < SIDE;
        if (isInside) successors[at] = toState(nextRow, nextColumn, direction);
        successors[at + 1] = toState(row, column, counterclockwise(direction));
        successors[at + 2] = toState(row, column, clockwise(direction));
      }
    }
  }
  return successors;
})();

function openCells(obstacles: Uint8Array, direction: Direction): Uint8Array {
  // Which of the extra row and column ways may use depends on the direction in the world.
  const rows = direction === 0 || direction === 1 ? SIDE : VIEW_SIZE;
  const columns = direction === 1 || direction === 2 ? SIDE : VIEW_SIZE;
  const open = new Uint8Array(SIDE * SIDE);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const isBlocked = row < VIEW_SIZE && column < VIEW_SIZE && obstacles[row * VIEW_SIZE + column] === 1;
      if (!isBlocked) open[row * SIDE + column] = 1;
    }
  }
  return open;
}

class Search {
  /** By state: the state it was last queued from, and by which move. */
  readonly parents = new Int16Array(STATES);
  readonly moves = new Uint8Array(STATES);
  readonly visited = new Uint8Array(STATES);
  /** By cell: the first visited state that looks at the cell, and that stands in it. */
  readonly facing = new Int16Array(SIDE * SIDE).fill(NONE);
  readonly standing = new Int16Array(SIDE * SIDE).fill(NONE);
}

function visit({ visited, facing, standing }: Search, state: number): void {
  if (visited[state] === 1) return;
  visited[state] = 1;
  const cell = state >> 2;
  if (standing[cell] === NONE) standing[cell] = state;
  const ahead = SUCCESSORS[state * MOVES.length] ?? NONE;
  if (ahead !== NONE && facing[ahead >> 2] === NONE) facing[ahead >> 2] = state;
}

/**
 * Breadth first, as the original does it: a state counts as visited when it leaves the queue, so it may be
 * queued several times, and the last to queue it decides the way. One search serves all goals, because the
 * original's search differs between goals only in where it stops.
 */
function search(open: Uint8Array): Search {
  const found = new Search();
  const { parents, moves, visited } = found;
  const queue = [START];
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] ?? START;
    visit(found, state);
    for (let move = 0; move < MOVES.length; move += 1) {
      const next = SUCCESSORS[state * MOVES.length + move] ?? NONE;
      if (next === NONE || open[next >> 2] === 0 || visited[next] === 1) continue;
      queue.push(next);
      parents[next] = state;
      moves[next] = move;
    }
  }
  return found;
}

function wayTo({ parents, moves }: Search, goal: number): Move[] | undefined {
  if (goal === NONE) return undefined;
  const way: Move[] = [];
  for (let state = goal; state !== START; state = parents[state] ?? START) {
    way.push(MOVES[moves[state] ?? 0] ?? "forward");
  }
  return way.reverse();
}

/**
 * All ways through the view, searched when the first of them is asked for.
 * @param obstacles by view cell: 1 where something seen is in the way. What is not seen is not in the way.
 * @param direction the agent's direction in the world.
 */
export function findRoutes(obstacles: Uint8Array, direction: Direction): Routes {
  let searched: Search | undefined;
  const found = (): Search => {
    searched ??= search(openCells(obstacles, direction));
    return searched;
  };
  const square = (cell: number): number => Math.floor(cell / VIEW_SIZE) * SIDE + (cell % VIEW_SIZE);
  return {
    facing: (cell) => wayTo(found(), found().facing[square(cell)] ?? NONE),
    into: (cell) => wayTo(found(), found().standing[square(cell)] ?? NONE),
  };
}
