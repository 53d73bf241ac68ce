import {
  COLORS,
  cellAt,
  EMPTY,
  FIRST_THING,
  OPEN,
  STEP_X,
  STEP_Y,
  type Thing,
  thingOf,
  WALL,
  type World,
} from "./world.ts";

/** The view is a square with this side; the agent stands in the middle of its last row. */
export const VIEW_SIZE = 7;
const LAST = VIEW_SIZE - 1;
const MIDDLE = LAST / 2;
const AGENT_CELL = LAST * VIEW_SIZE + MIDDLE;

/** A cell that the agent cannot see. */
export const UNSEEN = -1;

/**
 * What the agent sees, row by row from far to near and in each row from left to right: the content of each
 * cell as in the {@link World}, or {@link UNSEEN}. The agent's own cell holds what it carries.
 */
export interface View {
  readonly cells: Int16Array;
  /**
   * The same with every content replaced by how it looks: two equal balls look the same, an open and a
   * closed door do not.
   */
  readonly looks: Int16Array;
}

const KIND_LOOKS = { key: 1, ball: 2, box: 3, door: 4 } as const satisfies Record<Thing["kind"], number>;

function lookOf(world: World, cell: number): number {
  if (cell < FIRST_THING) return cell;
  const thing = thingOf(world, cell);
  if (thing === undefined) return cell;
  const state = thing.kind === "door" ? (world.doors[cell] ?? 0) : 0;
  return FIRST_THING + (KIND_LOOKS[thing.kind] * COLORS.length + COLORS.indexOf(thing.color)) * 3 + state;
}

function isOpaque(world: World, cell: number): boolean {
  if (cell < FIRST_THING) return cell === WALL;
  return thingOf(world, cell)?.kind === "door" && world.doors[cell] !== OPEN;
}

function slice(world: World): Int16Array {
  const { x, y, direction } = world.agent;
  const forwardX = STEP_X[direction];
  const forwardY = STEP_Y[direction];
  const cells = new Int16Array(VIEW_SIZE * VIEW_SIZE);
  for (let row = 0; row < VIEW_SIZE; row += 1) {
    const ahead = LAST - row;
    for (let column = 0; column < VIEW_SIZE; column += 1) {
      const aside = column - MIDDLE;
      cells[row * VIEW_SIZE + column] = cellAt(
        world,
        x + forwardX * ahead - forwardY * aside,
        y + forwardY * ahead + forwardX * aside,
      );
    }
  }
  return cells;
}

/**
 * Sight spreads from the agent row by row: in each row first from left to right, then back, from every seen
 * cell that one can look through to its neighbour in the row and to both cells in front of these.
 */
function spreadSight(world: World, cells: Int16Array): Uint8Array {
  const seen = new Uint8Array(VIEW_SIZE * VIEW_SIZE);
  seen[AGENT_CELL] = 1;
  const spread = (index: number, aside: number): void => {
    if (seen[index] === 0 || isOpaque(world, cells[index] ?? WALL)) return;
    seen[index + aside] = 1;
    if (index >= VIEW_SIZE) {
      seen[index + aside - VIEW_SIZE] = 1;
      seen[index - VIEW_SIZE] = 1;
    }
  };
  for (let row = LAST; row >= 0; row -= 1) {
    const start = row * VIEW_SIZE;
    for (let column = 0; column < LAST; column += 1) spread(start + column, 1);
    for (let column = LAST; column > 0; column -= 1) spread(start + column, -1);
  }
  return seen;
}

/** The agent's partial view of the world. */
export function viewOf(world: World): View {
  const cells = slice(world);
  const seen = spreadSight(world, cells);
  cells[AGENT_CELL] = world.carrying;
  const looks = new Int16Array(cells.length);
  for (let i = 0; i < cells.length; i += 1) {
    if (seen[i] === 0) cells[i] = UNSEEN;
    looks[i] = lookOf(world, cells[i] ?? UNSEEN);
  }
  return { cells, looks };
}

/** Whether two views look the same. */
export function looksEqual(left: View, right: View): boolean {
  for (let i = 0; i < left.looks.length; i += 1) if (left.looks[i] !== right.looks[i]) return false;
  return true;
}

/** Whether the agent sees the thing with this number lying or standing somewhere, not in its own hands. */
export function sees(view: View, thing: number): boolean {
  return thing !== EMPTY && view.cells.some((cell, i) => cell === thing && i !== AGENT_CELL);
}
