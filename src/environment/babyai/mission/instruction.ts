import {
  type Color,
  cellAt,
  EMPTY,
  type Kind,
  STEP_X,
  STEP_Y,
  type Thing,
  thingOf,
  WALL,
  type World,
} from "../world/world.ts";

/** Where a thing is, seen from the agent's first position and direction. In the order in which a level draws them. */
export const LOCATIONS = ["left", "right", "front", "behind"] as const;

type Location = (typeof LOCATIONS)[number];

/** Things in words: what is not given may be anything. */
export interface Description {
  /** Any kind when not given: "object". */
  readonly kind?: Kind;
  readonly color?: Color;
  readonly location?: Location;
}

/** One deed of a mission. A strict one fails for good when the same deed is done to a wrong thing. */
export type Clause =
  | { readonly code: "go-to"; readonly target: Description }
  | { readonly code: "open"; readonly target: Description; readonly strict: boolean }
  | { readonly code: "pick-up"; readonly target: Description; readonly strict: boolean }
  | { readonly code: "put-next"; readonly target: Description; readonly beside: Description };

/** What the agent shall do, as data. */
export type Instruction =
  | Clause
  /** Both in any order. */
  | { readonly code: "and"; readonly first: Clause; readonly second: Clause }
  /** `first`, then `second`. */
  | { readonly code: "before"; readonly first: Instruction; readonly second: Instruction }
  /** `second`, then `first`: "… after you …". */
  | { readonly code: "after"; readonly first: Instruction; readonly second: Instruction };

/** The clauses of an instruction, in the order of its sentence. */
export function clausesOf(instruction: Instruction): readonly Clause[] {
  switch (instruction.code) {
    case "and":
    case "before":
    case "after":
      return [...clausesOf(instruction.first), ...clausesOf(instruction.second)];
    default:
      return [instruction];
  }
}

/** How many ways through the maze an instruction may take; the step limit of a level grows with it. */
export function navigationsNeeded(instruction: Instruction): number {
  return clausesOf(instruction).reduce((sum, { code }) => sum + (code === "put-next" ? 2 : 1), 0);
}

/** A cell whose content fits a description. */
interface Match {
  /** What is in the cell: the number of a thing, or WALL. */
  readonly cell: number;
  readonly x: number;
  readonly y: number;
}

/** A rectangle of cells. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function isInside({ x, y, width, height }: Rectangle, cellX: number, cellY: number): boolean {
  return cellX >= x && cellY >= y && cellX < x + width && cellY < y + height;
}

function isLocated({ agent }: World, location: Location, x: number, y: number): boolean {
  const forwardX = STEP_X[agent.direction];
  const forwardY = STEP_Y[agent.direction];
  const ahead = (x - agent.x) * forwardX + (y - agent.y) * forwardY;
  const right = (y - agent.y) * forwardX - (x - agent.x) * forwardY;
  switch (location) {
    case "left":
      return right < 0;
    case "right":
      return right > 0;
    case "front":
      return ahead > 0;
    case "behind":
      return ahead < 0;
  }
}

/** An object of any kind may be wall, which is grey: so it is in the original, and it decides "the" or "a". */
function fits({ kind, color }: Description, cell: number, thing: Thing | undefined): boolean {
  if (cell === WALL) return kind === undefined && color === "grey";
  return thing !== undefined && (kind ?? thing.kind) === thing.kind && (color ?? thing.color) === thing.color;
}

/**
 * All cells that fit a description, column by column.
 * @param room the agent's room: a location counts only in it.
 */
export function findMatches(world: World, description: Description, room: Rectangle): Match[] {
  const { location } = description;
  const matches: Match[] = [];
  for (let x = 0; x < world.width; x += 1) {
    for (let y = 0; y < world.height; y += 1) {
      const cell = cellAt(world, x, y);
      if (cell === EMPTY || !fits(description, cell, thingOf(world, cell))) continue;
      if (location !== undefined && !(isInside(room, x, y) && isLocated(world, location, x, y))) continue;
      matches.push({ cell, x, y });
    }
  }
  return matches;
}

const LOCATION_WORDS = {
  left: " on your left",
  right: " on your right",
  front: " in front of you",
  behind: " behind you",
} as const satisfies Record<Location, string>;

function describe(world: World, description: Description, room: Rectangle): string {
  const { kind = "object", color, location } = description;
  const article = findMatches(world, description, room).length > 1 ? "a" : "the";
  const name = color === undefined ? kind : `${color} ${kind}`;
  return `${article} ${name}${location === undefined ? "" : LOCATION_WORDS[location]}`;
}

/** The mission in words, as the grid world says it. `room` is the agent's room at the start. */
export function missionSentence(world: World, instruction: Instruction, room: Rectangle): string {
  const words = (description: Description): string => describe(world, description, room);
  switch (instruction.code) {
    case "go-to":
      return `go to ${words(instruction.target)}`;
    case "open":
      return `open ${words(instruction.target)}`;
    case "pick-up":
      return `pick up ${words(instruction.target)}`;
    case "put-next":
      return `put ${words(instruction.target)} next to ${words(instruction.beside)}`;
    default: {
      const first = missionSentence(world, instruction.first, room);
      const second = missionSentence(world, instruction.second, room);
      const joints = { and: " and ", before: ", then ", after: " after you " } as const;
      return `${first}${joints[instruction.code]}${second}`;
    }
  }
}
