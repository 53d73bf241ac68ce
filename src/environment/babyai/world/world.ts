/** 0 right, 1 down, 2 left, 3 up. */
export type Direction = 0 | 1 | 2 | 3;

/** All directions, in clockwise order. */
export const DIRECTIONS: readonly Direction[] = [0, 1, 2, 3];

/** How much x changes with one move forward. */
export const STEP_X = [1, 0, -1, 0] as const;

/** How much y changes with one move forward; y grows downwards. */
export const STEP_Y = [0, 1, 0, -1] as const;

const CLOCKWISE = [1, 2, 3, 0] as const;
const COUNTERCLOCKWISE = [3, 0, 1, 2] as const;
const BACKWARDS = [2, 3, 0, 1] as const;

/** The direction after a turn to the right. */
export function clockwise(direction: Direction): Direction {
  return CLOCKWISE[direction];
}

/** The direction after a turn to the left. */
export function counterclockwise(direction: Direction): Direction {
  return COUNTERCLOCKWISE[direction];
}

/** The direction of the way back. */
export function opposite(direction: Direction): Direction {
  return BACKWARDS[direction];
}

/** The direction with this number, which must be 0 to 3. */
export function toDirection(number: number): Direction {
  const direction = DIRECTIONS[number];
  if (direction === undefined) throw new RangeError(`no direction has the number ${number}`);
  return direction;
}

/** The six colours, in the order in which a level draws them. */
export const COLORS = ["blue", "green", "grey", "purple", "red", "yellow"] as const;

/** A colour of a thing. */
export type Color = (typeof COLORS)[number];

/** The things that can be carried, in the order in which a level draws them. */
export const PORTABLE_KINDS = ["key", "ball", "box"] as const;

/** What can be carried. */
export type PortableKind = (typeof PORTABLE_KINDS)[number];

/** What a mission can speak of. */
export type Kind = PortableKind | "door";

/** Whether one may pass a door; a locked one needs the key of its colour. */
export type DoorState = "open" | "closed" | "locked";

/** The states of a door by their number in a {@link World}. */
export const DOOR_STATES: readonly DoorState[] = ["open", "closed", "locked"];

/** The numbers of {@link DOOR_STATES}. */
export const OPEN = 0;
/** See {@link OPEN}. */
export const CLOSED = 1;
/** See {@link OPEN}. */
export const LOCKED = 2;

/** What never changes about a thing. Its place and a door's state are in the {@link World}. */
export interface Thing {
  readonly kind: Kind;
  readonly color: Color;
  /** The number of the thing inside a box. */
  readonly content?: number;
}

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

/** The primitive moves of the grid world. */
export type Move = "left" | "right" | "forward" | "pickup" | "drop" | "toggle";

/** Whether the agent can stand in a cell with this content. */
export function isPassable(world: World, cell: number): boolean {
  return cell === EMPTY || (thingOf(world, cell)?.kind === "door" && world.doors[cell] === OPEN);
}

function toggleDoor(world: World, door: number): void {
  const state = world.doors[door];
  if (state !== LOCKED) {
    world.doors[door] = state === OPEN ? CLOSED : OPEN;
    return;
  }
  const key = thingOf(world, world.carrying);
  if (key?.kind === "key" && key.color === thingOf(world, door)?.color) world.doors[door] = OPEN;
}

/** Opens, closes or unlocks a door; a box gives way to its content. */
function toggle(world: World, x: number, y: number, cell: number): void {
  const thing = thingOf(world, cell);
  if (thing?.kind === "door") toggleDoor(world, cell);
  else if (thing?.kind === "box") setCell(world, x, y, thing.content ?? EMPTY);
}

/** Makes one primitive move. A move that is not possible changes nothing. */
export function applyMove(world: World, move: Move): void {
  const { agent } = world;
  const x = frontX(world);
  const y = frontY(world);
  const cell = cellAt(world, x, y);
  switch (move) {
    case "left":
      agent.direction = counterclockwise(agent.direction);
      return;
    case "right":
      agent.direction = clockwise(agent.direction);
      return;
    case "forward":
      if (isPassable(world, cell)) {
        agent.x = x;
        agent.y = y;
      }
      return;
    case "pickup":
      if (cell < FIRST_THING || world.carrying !== EMPTY || thingOf(world, cell)?.kind === "door") return;
      world.carrying = cell;
      setCell(world, x, y, EMPTY);
      return;
    case "drop":
      if (cell === EMPTY && world.carrying !== EMPTY) {
        setCell(world, x, y, world.carrying);
        world.carrying = EMPTY;
      }
      return;
    case "toggle":
      toggle(world, x, y, cell);
  }
}
