import { type Direction, STEP_X, STEP_Y } from "./direction.ts";
import type { Thing } from "./thing.ts";

/** A cell with nothing in it. */
export const EMPTY = 0;
/** A cell that is wall; also everything outside the grid. */
export const WALL = 1;
/** The number of the first thing; cells and all other fields name things by their number. */
export const FIRST_THING = 2;

/** Where the agent is and looks. */
interface Agent {
  x: number;
  y: number;
  direction: Direction;
}

/**
 * The state of a grid world. It changes in place, because a step must be cheap; {@link copyWorld} makes
 * an independent one.
 */
export interface World {
  readonly width: number;
  readonly height: number;
  /** Row by row: {@link EMPTY}, {@link WALL} or the number of a thing. */
  readonly cells: Int16Array;
  /** By number; the first two entries stand for no thing. Never changed once the world is generated. */
  readonly things: readonly (Thing | undefined)[];
  /** By number: the state of a door. */
  readonly doors: Uint8Array;
  readonly agent: Agent;
  /** The number of the carried thing; {@link EMPTY} for none. */
  carrying: number;
}

/** What is in a cell; outside the grid everything is wall. */
export function cellAt({ width, height, cells }: World, x: number, y: number): number {
  if (x < 0 || y < 0 || x >= width || y >= height) return WALL;
  return cells[y * width + x] ?? WALL;
}

/** Puts a thing (or nothing) into a cell. */
export function setCell({ width, cells }: World, x: number, y: number, value: number): void {
  cells[y * width + x] = value;
}

/** The thing with this number, or undefined for the numbers of an empty cell and of wall. */
export function thingOf({ things }: World, number: number): Thing | undefined {
  return things[number];
}

/** The x of the cell before the agent. */
export function frontX({ agent }: World): number {
  return agent.x + STEP_X[agent.direction];
}

/** The y of the cell before the agent. */
export function frontY({ agent }: World): number {
  return agent.y + STEP_Y[agent.direction];
}

/** A world that shares nothing changeable with `world`. */
export function copyWorld(world: World): World {
  return {
    ...world,
    cells: world.cells.slice(),
    doors: world.doors.slice(),
    agent: { ...world.agent },
  };
}
