import { COLORS, type Color, type Direction, EMPTY, opposite, setCell, toDirection } from "../world/world.ts";
import {
  type Maze,
  makeThing,
  neighbourOf,
  type Room,
  roomAround,
  roomAt,
  SamplingRejected,
} from "./maze.ts";

const MAXIMUM_CONNECTING_TRIES = 5001;

/** A door to add; what is not given is drawn. */
interface WantedDoor {
  readonly side?: Direction;
  readonly color?: Color;
  readonly locked?: boolean;
}

/** A side of the room with a neighbour and no passage yet. */
function drawSide(maze: Maze, room: Room): Direction {
  for (;;) {
    const side = toDirection(maze.random.integer(0, 4));
    if (room.doorPlaces[side] !== undefined && room.passages[side] === undefined) return side;
  }
}

/** Adds a door to a room; returns its number. */
export function addDoor(maze: Maze, column: number, row: number, wanted: WantedDoor = {}): number {
  const room = roomAt(maze, column, row);
  const side = wanted.side ?? drawSide(maze, room);
  const color = wanted.color ?? maze.random.pick(COLORS);
  const locked = wanted.locked ?? maze.random.coin();
  const place = room.doorPlaces[side];
  const neighbour = neighbourOf(maze, room, side);
  if (place === undefined || neighbour === undefined) throw new RangeError("a door needs a room behind it");
  const door = makeThing(maze, { kind: "door", color }, locked ? "locked" : "closed");
  setCell(maze.world, place.x, place.y, door);
  room.locked = locked;
  room.passages[side] = door;
  neighbour.passages[opposite(side)] = door;
  return door;
}

/** Takes away the wall between two rooms, all but its ends. */
export function removeWall(maze: Maze, column: number, row: number, side: Direction): void {
  const room = roomAt(maze, column, row);
  const neighbour = neighbourOf(maze, room, side);
  if (neighbour === undefined) throw new RangeError("an outer wall must stay");
  const { x, y, width, height } = room.area;
  const wallX = side === 0 ? x + width - 1 : x;
  const wallY = side === 1 ? y + height - 1 : y;
  for (let i = 1; i < width - 1; i += 1) {
    if (side === 0 || side === 2) setCell(maze.world, wallX, y + i, EMPTY);
    else setCell(maze.world, x + i, wallY, EMPTY);
  }
  room.passages[side] = "opening";
  neighbour.passages[opposite(side)] = "opening";
}

/** The rooms that one can reach from `start` through doors and openings, whatever is locked. */
function reachableRooms(maze: Maze, start: Room): Set<Room> {
  const reached = new Set([start]);
  for (const room of reached) {
    room.passages.forEach((passage, side) => {
      const neighbour = passage === undefined ? undefined : neighbourOf(maze, room, toDirection(side));
      if (neighbour !== undefined) reached.add(neighbour);
    });
  }
  return reached;
}

/** Adds closed doors until every room can be reached from the agent's; locked rooms get no further door. */
export function connectAll(maze: Maze, colors: readonly Color[] = COLORS): void {
  const { random, shape, rooms } = maze;
  const start = roomAround(maze, maze.world.agent);
  for (let tries = 0; tries < MAXIMUM_CONNECTING_TRIES; tries += 1) {
    if (reachableRooms(maze, start).size === rooms.length) return;
    const column = random.integer(0, shape.columns);
    const row = random.integer(0, shape.rows);
    const side = toDirection(random.integer(0, 4));
    const room = roomAt(maze, column, row);
    const neighbour = neighbourOf(maze, room, side);
    if (neighbour === undefined || room.passages[side] !== undefined) continue;
    if (room.locked || neighbour.locked) continue;
    addDoor(maze, column, row, { side, color: random.pick(colors), locked: false });
  }
  throw new SamplingRejected("the rooms could not be connected");
}
