import type { Rectangle } from "../mission/instruction.ts";
import type { NumpyRandom } from "../random/numpy-random.ts";
import {
  type Direction,
  DOOR_STATES,
  type DoorState,
  EMPTY,
  setCell,
  type Thing,
  WALL,
  type World,
} from "../world/world.ts";

/** A cell by its coordinates. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is between two rooms: the number of a door, or an opening as wide as the wall. */
type Passage = number | "opening";

/** A square room with its walls. The four sides are numbered like directions. */
export interface Room {
  readonly column: number;
  readonly row: number;
  readonly area: Rectangle;
  /** Where a door may be, for each side with a neighbour. */
  readonly doorPlaces: readonly (Point | undefined)[];
  readonly passages: (Passage | undefined)[];
  /** Things placed in this room, doors not among them. */
  readonly things: number[];
  /** As the latest door added to this room was. */
  locked: boolean;
}

/** How many rooms of which size. */
export interface MazeShape {
  readonly columns: number;
  readonly rows: number;
  /** The side of a room with both walls; neighbours share a wall. */
  readonly roomSize: number;
}

/** A level while it is being generated. */
export interface Maze {
  readonly random: NumpyRandom;
  readonly shape: MazeShape;
  readonly world: World;
  readonly things: (Thing | undefined)[];
  /** Row by row. */
  readonly rooms: readonly Room[];
  /** The room that a locked-room level has locked; survives a rejected attempt, as in the original. */
  lockedRoom: Room | undefined;
}

const MAXIMUM_THINGS = 256;

export function roomAt({ rooms, shape }: Maze, column: number, row: number): Room {
  const room = rooms[row * shape.columns + column];
  if (room === undefined) throw new RangeError(`no room at ${column}, ${row}`);
  return room;
}

/** The room on the other side of a wall, or undefined for an outer wall. */
export function neighbourOf(maze: Maze, room: Room, side: Direction): Room | undefined {
  if (room.doorPlaces[side] === undefined) return undefined;
  const column = room.column + (side === 0 ? 1 : side === 2 ? -1 : 0);
  return roomAt(maze, column, room.row + (side === 1 ? 1 : side === 3 ? -1 : 0));
}

/** The room that a cell belongs to; a shared wall belongs to the later room. */
export function roomAround(maze: Maze, { x, y }: Point): Room {
  const span = maze.shape.roomSize - 1;
  return roomAt(maze, Math.floor(x / span), Math.floor(y / span));
}

/** Adds a thing to the maze without placing it; returns its number. */
export function makeThing({ things, world }: Maze, thing: Thing, state: DoorState = "open"): number {
  const number = things.push(thing) - 1;
  if (number >= MAXIMUM_THINGS) throw new RangeError("too many things in one level");
  world.doors[number] = DOOR_STATES.indexOf(state);
  return number;
}

export function madeThing({ things }: Maze, number: number): Thing {
  const thing = things[number];
  if (thing === undefined) throw new RangeError(`no thing has the number ${number}`);
  return thing;
}

function buildWalls(world: World, { x, y, width, height }: Rectangle): void {
  for (let i = 0; i < width; i += 1) {
    setCell(world, x + i, y, WALL);
    setCell(world, x + i, y + height - 1, WALL);
  }
  for (let j = 0; j < height; j += 1) {
    setCell(world, x, y + j, WALL);
    setCell(world, x + width - 1, y + j, WALL);
  }
}

function buildRoom(
  { columns, rows, roomSize }: MazeShape,
  random: NumpyRandom,
  earlier: readonly Room[],
): Room {
  const column = earlier.length % columns;
  const row = Math.floor(earlier.length / columns);
  const span = roomSize - 1;
  const area = { x: column * span, y: row * span, width: roomSize, height: roomSize };
  const right =
    column < columns - 1 ? { x: area.x + span, y: random.integer(area.y + 1, area.y + span) } : undefined;
  const down =
    row < rows - 1 ? { x: random.integer(area.x + 1, area.x + span), y: area.y + span } : undefined;
  const left = column > 0 ? earlier.at(-1)?.doorPlaces[0] : undefined;
  const up = earlier.at(-columns)?.doorPlaces[1];
  const doorPlaces = [right, down, left, row > 0 ? up : undefined];
  return { column, row, area, doorPlaces, passages: [], things: [], locked: false };
}

/** Rooms with closed walls, the places for doors drawn; the agent in the middle, looking right. */
export function createMaze(shape: MazeShape, random: NumpyRandom, lockedRoom: Room | undefined): Maze {
  const { columns, rows, roomSize } = shape;
  const span = roomSize - 1;
  const width = span * columns + 1;
  const height = span * rows + 1;
  const rooms: Room[] = [];
  while (rooms.length < columns * rows) rooms.push(buildRoom(shape, random, rooms));
  const things: (Thing | undefined)[] = [undefined, undefined];
  const half = Math.floor(roomSize / 2);
  const world: World = {
    width,
    height,
    cells: new Int16Array(width * height),
    things,
    doors: new Uint8Array(MAXIMUM_THINGS),
    agent: { x: Math.floor(columns / 2) * span + half, y: Math.floor(rows / 2) * span + half, direction: 0 },
    carrying: EMPTY,
  };
  for (const { area } of rooms) buildWalls(world, area);
  return { random, shape, world, things, rooms, lockedRoom };
}

/**
 * Thrown inside a level generator when the drawn level is of no use; the generation then starts anew and goes
 * on drawing from the same random stream. It never leaves {@link generateLevel}.
 */
export class SamplingRejected extends Error {
  override readonly name = "SamplingRejected";
}
