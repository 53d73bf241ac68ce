import type { Rectangle } from "../mission/instruction.ts";
import {
  COLORS,
  type Color,
  cellAt,
  DIRECTIONS,
  EMPTY,
  FIRST_THING,
  frontX,
  frontY,
  PORTABLE_KINDS,
  type PortableKind,
  STEP_X,
  STEP_Y,
  setCell,
  thingOf,
  toDirection,
  WALL,
  type World,
} from "../world/world.ts";
import { type Maze, makeThing, type Point, type Room, roomAround, roomAt, SamplingRejected } from "./maze.ts";

const MAXIMUM_TRIES = 1001;
/** Far more than any room needs in which the agent can stand at all. */
const MAXIMUM_LOOKS = 10_000;
/** Where the agent is while its place is drawn: never in the way. */
const NOWHERE: Point = { x: -1, y: -1 };

/** Draws an empty cell of the area, not the agent's own and at least `distance` moves away from it. */
function drawPlace({ random, world }: Maze, area: Rectangle, distance: number): Point {
  for (let tries = 0; tries < MAXIMUM_TRIES; tries += 1) {
    const x = random.integer(area.x, Math.min(area.x + area.width, world.width));
    const y = random.integer(area.y, Math.min(area.y + area.height, world.height));
    const away = Math.abs(world.agent.x - x) + Math.abs(world.agent.y - y);
    if (cellAt(world, x, y) === EMPTY && away >= distance) return { x, y };
  }
  throw new SamplingRejected("found no free place in a room");
}

/** Places a made thing in a room, not beside the agent. */
export function placeThing(maze: Maze, room: Room, number: number): void {
  const { x, y } = drawPlace(maze, room.area, 2);
  setCell(maze.world, x, y, number);
  room.things.push(number);
}

/** A thing to add; what is not given is drawn. */
interface Wanted {
  readonly kind?: PortableKind;
  readonly color?: Color;
}

/** Makes a thing and places it in the room of this column and row; returns its number. */
export function addThing(maze: Maze, column: number, row: number, wanted: Wanted = {}): number {
  const kind = wanted.kind ?? maze.random.pick(PORTABLE_KINDS);
  const color = wanted.color ?? maze.random.pick(COLORS);
  const number = makeThing(maze, { kind, color });
  placeThing(maze, roomAt(maze, column, row), number);
  return number;
}

/** Which distractors to add. */
interface Distractors {
  readonly count: number;
  /** No two things of the same kind and colour in the whole level. */
  readonly unique: boolean;
  /** The room; drawn for each thing when not given. */
  readonly column?: number;
  readonly row?: number;
}

/** Adds things of drawn kinds and colours; returns their numbers. */
export function addDistractors(maze: Maze, { count, unique, column, row }: Distractors): number[] {
  const { random, shape, things, rooms } = maze;
  const known = new Set<string>();
  for (const room of rooms) {
    for (const number of room.things) known.add(`${things[number]?.color} ${things[number]?.kind}`);
  }
  const added: number[] = [];
  while (added.length < count) {
    const color = random.pick(COLORS);
    const kind = random.pick(PORTABLE_KINDS);
    if (unique && known.has(`${color} ${kind}`)) continue;
    const roomColumn = column ?? random.integer(0, shape.columns);
    const roomRow = row ?? random.integer(0, shape.rows);
    added.push(addThing(maze, roomColumn, roomRow, { kind, color }));
    known.add(`${color} ${kind}`);
  }
  return added;
}

function stand({ agent }: World, { x, y }: Point): void {
  agent.x = x;
  agent.y = y;
}

/**
 * Places the agent in a room (drawn when not given), looking at nothing but floor or wall. In a room so full
 * that this cannot be, the original never ends; here the level is drawn anew.
 */
export function placeAgent(maze: Maze, column?: number, row?: number): void {
  const { random, shape, world } = maze;
  const roomColumn = column ?? random.integer(0, shape.columns);
  const roomRow = row ?? random.integer(0, shape.rows);
  const { area } = roomAt(maze, roomColumn, roomRow);
  for (let tries = 0; tries < MAXIMUM_LOOKS; tries += 1) {
    stand(world, NOWHERE);
    stand(world, drawPlace(maze, area, 1));
    world.agent.direction = toDirection(random.integer(0, 4));
    const front = cellAt(world, frontX(world), frontY(world));
    if (front === EMPTY || front === WALL) return;
  }
  throw new SamplingRejected("the agent would look at a thing from everywhere in a room");
}

/** Places the agent in a drawn room that is not this one. */
export function placeAgentOutside(maze: Maze, room: Room | undefined): void {
  for (;;) {
    placeAgent(maze);
    if (roomAround(maze, maze.world.agent) !== room) return;
  }
}

/** Whether the agent can walk up to every thing without moving another; every door counts as open. */
export function allReachable({ world }: Maze): boolean {
  const { width, cells, agent } = world;
  const start = agent.y * width + agent.x;
  const reached = new Uint8Array(cells.length);
  reached[start] = 1;
  const places = [start];
  for (const place of places) {
    const cell = cells[place] ?? WALL;
    if (cell !== EMPTY && thingOf(world, cell)?.kind !== "door") continue;
    for (const direction of DIRECTIONS) {
      const x = (place % width) + STEP_X[direction];
      const y = Math.floor(place / width) + STEP_Y[direction];
      const next = y * width + x;
      if (cellAt(world, x, y) === WALL || reached[next] === 1) continue;
      reached[next] = 1;
      places.push(next);
    }
  }
  return cells.every((cell, place) => cell < FIRST_THING || reached[place] === 1);
}

/** Rejects a level in which some thing is blocked by others. */
export function requireAllReachable(maze: Maze): void {
  if (!allReachable(maze)) throw new SamplingRejected("a thing cannot be reached");
}
