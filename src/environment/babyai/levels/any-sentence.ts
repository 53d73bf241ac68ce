import { addDoor, connectAll } from "../build/doors.ts";
import {
  type Maze,
  type MazeShape,
  neighbourOf,
  roomAround,
  roomAt,
  SamplingRejected,
} from "../build/maze.ts";
import { addDistractors, placeAgentOutside, requireAllReachable } from "../build/place.ts";
import {
  type Clause,
  type Description,
  findMatches,
  type Instruction,
  isInside,
  LOCATIONS,
} from "../mission/instruction.ts";
import { COLORS, type Kind, toDirection } from "../world/world.ts";
import { addKey, GREAT_MAZE, type Level, open, pickUp } from "./level.ts";

const KINDS = ["box", "ball", "key", "door"] as const satisfies readonly Kind[];
const KINDS_BUT_DOOR = ["box", "ball", "key"] as const satisfies readonly Kind[];
const ANY_OR_COLOR = ["any", ...COLORS] as const;
const MAXIMUM_DESCRIPTION_TRIES = 101;

/** The kinds of clauses, in the order in which they are drawn. */
const DEEDS = ["go-to", "pick-up", "open", "put-next"] as const satisfies readonly Clause["code"][];

/** How clauses are joined, in the order in which it is drawn. */
const FORMS = ["clause", "and", "sequence"] as const;

type Form = (typeof FORMS)[number];

/** Which sentences of the language a level may draw, and in which world. */
interface SentenceRange {
  readonly shape: MazeShape;
  readonly distractors: number;
  /** The probability that a room is locked. */
  readonly lockedRoom: number;
  /** Descriptions may say where a thing is. */
  readonly locations: boolean;
  /** Things may be blocked by others. */
  readonly unblocking: boolean;
  /** The mission may be about things in the locked room. */
  readonly implicitUnlock: boolean;
  readonly deeds: readonly Clause["code"][];
  readonly forms: readonly Form[];
}

/** Everything that the language can say, in the usual maze. */
export const FULL_RANGE: SentenceRange = {
  shape: GREAT_MAZE,
  distractors: 18,
  lockedRoom: 0.5,
  locations: true,
  unblocking: true,
  implicitUnlock: true,
  deeds: DEEDS,
  forms: FORMS,
};

/** Locks a drawn room, whose key is in another one. */
function lockRoom(maze: Maze): void {
  const { random, shape } = maze;
  for (;;) {
    const column = random.integer(0, shape.columns);
    const row = random.integer(0, shape.rows);
    const side = toDirection(random.integer(0, 4));
    const room = roomAt(maze, column, row);
    maze.lockedRoom = room;
    if (neighbourOf(maze, room, side) === undefined) continue;
    const door = addDoor(maze, column, row, { side, locked: true });
    let place = room;
    while (place === room)
      place = roomAt(maze, random.integer(0, shape.columns), random.integer(0, shape.rows));
    addKey(maze, door, place.column, place.row);
    return;
  }
}

/** Draws a description until something fits it. */
function drawDescription(maze: Maze, range: SentenceRange, kinds: readonly Kind[]): Description {
  const { random, world } = maze;
  const room = roomAround(maze, world.agent).area;
  const forbidden = range.implicitUnlock ? undefined : maze.lockedRoom?.area;
  for (let tries = 0; tries < MAXIMUM_DESCRIPTION_TRIES; tries += 1) {
    const color = random.pick(ANY_OR_COLOR);
    const kind = random.pick(kinds);
    const location = range.locations && random.coin() ? random.pick(LOCATIONS) : undefined;
    const description = {
      kind,
      ...(color === "any" ? {} : { color }),
      ...(location === undefined ? {} : { location }),
    };
    const matches = findMatches(world, description, room);
    if (matches.some(({ x, y }) => forbidden === undefined || !isInside(forbidden, x, y))) return description;
  }
  throw new SamplingRejected("found no description that fits anything");
}

function drawClause(maze: Maze, range: SentenceRange): Clause {
  const deed = maze.random.pick(range.deeds);
  switch (deed) {
    case "go-to":
      return { code: deed, target: drawDescription(maze, range, KINDS) };
    case "pick-up":
      return pickUp(drawDescription(maze, range, KINDS_BUT_DOOR));
    case "open":
      return open(drawDescription(maze, range, ["door"]));
    case "put-next": {
      const target = drawDescription(maze, range, KINDS_BUT_DOOR);
      return { code: deed, target, beside: drawDescription(maze, range, KINDS) };
    }
  }
}

/** A clause on its own is drawn from a list of one form too, which costs no draw of the random stream. */
function drawInstruction(maze: Maze, range: SentenceRange, forms: readonly Form[]): Instruction {
  const form = maze.random.pick(forms);
  if (form === "clause") return drawClause(maze, range);
  if (form === "and") {
    const first = drawClause(maze, range);
    return { code: "and", first, second: drawClause(maze, range) };
  }
  const first = drawInstruction(maze, range, ["clause", "and"]);
  const second = drawInstruction(maze, range, ["clause", "and"]);
  return { code: maze.random.pick(["before", "after"] as const), first, second };
}

/** A level that draws any sentence of a range of the language. */
export function anySentence(range: SentenceRange): Level {
  return {
    shape: range.shape,
    unblocking: range.unblocking,
    generate: (maze) => {
      if (maze.random.uniform(0, 1) < range.lockedRoom) lockRoom(maze);
      connectAll(maze);
      addDistractors(maze, { count: range.distractors, unique: false });
      placeAgentOutside(maze, maze.lockedRoom);
      if (!range.unblocking) requireAllReachable(maze);
      return drawInstruction(maze, range, range.forms);
    },
  };
}
