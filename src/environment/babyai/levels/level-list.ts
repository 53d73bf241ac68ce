import { addDoor, connectAll, removeWall } from "../build/doors.ts";
import { madeThing, makeThing, roomAt, SamplingRejected } from "../build/maze.ts";
import {
  addDistractors,
  addThing,
  allReachable,
  placeAgent,
  placeThing,
  requireAllReachable,
} from "../build/place.ts";
import { LOCATIONS } from "../mission/instruction.ts";
import { COLORS, DIRECTIONS, setCell } from "../world/world.ts";
import { anySentence, FULL_RANGE } from "./any-sentence.ts";
import {
  addKey,
  addLockedRoom,
  addThings,
  fillTwoRooms,
  GREAT_MAZE,
  goTo,
  goToRedBall,
  type Level,
  nameOf,
  oneOfThings,
  open,
  pickUp,
  putNext,
  singleRoom,
} from "./level.ts";

const SMALL_MAZE = { columns: 2, rows: 2, roomSize: 5 } as const;
const TWO_ROOMS = { columns: 2, rows: 1, roomSize: 6 } as const;
const CLAUSE_ONLY = { ...FULL_RANGE, implicitUnlock: false, forms: ["clause"] } as const;
/** The two levels of doors whose order counts. */
const DOORS = { shape: { ...GREAT_MAZE, roomSize: 6 }, maximumMoves: 720 } as const;

/** The levels by their names in Minigrid 2.3.0, in the order of AgentBoard's numbers. */
const NAMED: Readonly<Record<string, Level>> = {
  GoToRedBallGrey: goToRedBall(7, true),
  GoToRedBall: goToRedBall(7),
  GoToRedBallNoDists: goToRedBall(0),
  GoToObjS6: {
    // The original's "S6" rooms have side 4.
    shape: singleRoom(4),
    generate: (maze) => {
      placeAgent(maze);
      const [thing = 0] = addDistractors(maze, { count: 1, unique: true });
      return goTo(maze, thing);
    },
  },
  GoToLocalS8N7: { shape: singleRoom(8), generate: (maze) => goTo(maze, oneOfThings(maze, 7)) },
  GoToObjMazeS7: {
    shape: { ...GREAT_MAZE, roomSize: 7 },
    generate: (maze) => goTo(maze, oneOfThings(maze, 1)),
  },
  /** A thing in a locked room; that its door must be unlocked is not said. */
  GoToImpUnlock: {
    shape: GREAT_MAZE,
    generate: (maze) => {
      const { column, row } = addLockedRoom(maze, 2);
      const [thing = 0] = addDistractors(maze, { count: 1, unique: false, column, row });
      return goTo(maze, thing);
    },
  },
  GoToSeqS5R2: anySentence({
    ...FULL_RANGE,
    shape: SMALL_MAZE,
    distractors: 4,
    lockedRoom: 0,
    locations: false,
    unblocking: false,
    deeds: ["go-to"],
  }),
  /** A red or a blue ball, never both. */
  GoToRedBlueBall: {
    shape: singleRoom(8),
    generate: (maze) => {
      placeAgent(maze);
      for (const number of addDistractors(maze, { count: 7, unique: false })) {
        const { kind, color } = madeThing(maze, number);
        if (kind === "ball" && (color === "blue" || color === "red")) {
          throw new SamplingRejected("only one red or blue ball is wanted");
        }
      }
      const color = maze.random.pick(["red", "blue"] as const);
      const ball = addThing(maze, 0, 0, { kind: "ball", color });
      requireAllReachable(maze);
      return goTo(maze, ball);
    },
  },
  /** One of the four doors of the middle room. */
  GoToDoor: {
    shape: { ...GREAT_MAZE, roomSize: 7 },
    generate: (maze) => {
      const doors = Array.from({ length: 4 }, () => addDoor(maze, 1, 1));
      placeAgent(maze, 1, 1);
      return goTo(maze, maze.random.pick(doors));
    },
  },
  /** A thing in the middle room or one of its doors. */
  GoToObjDoor: {
    shape: GREAT_MAZE,
    generate: (maze) => {
      placeAgent(maze, 1, 1);
      const things = addDistractors(maze, { count: 8, unique: false, column: 1, row: 1 });
      for (let i = 0; i < 4; i += 1) things.push(addDoor(maze, 1, 1));
      requireAllReachable(maze);
      return goTo(maze, maze.random.pick(things));
    },
  },
  /** Any door of a maze. */
  Open: {
    shape: GREAT_MAZE,
    generate: (maze) => {
      addThings(maze, 18);
      requireAllReachable(maze);
      const byColumn = [...maze.rooms].sort((a, b) => a.column - b.column || a.row - b.row);
      const passages = byColumn.flatMap((room) => DIRECTIONS.map((side) => room.passages[side]));
      const doors = passages.filter((passage) => typeof passage === "number");
      return open(nameOf(maze, maze.random.pick(doors)));
    },
  },
  OpenRedDoor: {
    shape: { columns: 2, rows: 1, roomSize: 5 },
    generate: (maze) => {
      const door = addDoor(maze, 0, 0, { side: 0, color: "red", locked: false });
      placeAgent(maze, 0, 0);
      return open(nameOf(maze, door));
    },
  },
  /** One of four doors, named by where it is. */
  OpenDoorLoc: {
    shape: GREAT_MAZE,
    generate: (maze) => {
      const colors = maze.random.subset(COLORS, 4);
      for (const side of DIRECTIONS) {
        const color = colors[side];
        if (color !== undefined) addDoor(maze, 1, 1, { side, color, locked: false });
      }
      const location = maze.random.pick(LOCATIONS);
      placeAgent(maze, 1, 1);
      return open({ kind: "door", location });
    },
  },
  /** The red door, then the blue one; another door first is a failure. */
  OpenRedBlueDoorsDebug: {
    ...DOORS,
    generate: (maze) => {
      maze.random.subset(COLORS, 2);
      const red = addDoor(maze, 1, 1, { side: 2, color: "red", locked: false });
      const blue = addDoor(maze, 1, 1, { side: 0, color: "blue", locked: false });
      placeAgent(maze, 1, 1);
      return { code: "before", first: open(nameOf(maze, red), true), second: open(nameOf(maze, blue)) };
    },
  },
  /** One of four doors, or two in a given order; a wrong door is a failure. */
  OpenDoorsOrderN4Debug: {
    ...DOORS,
    generate: (maze) => {
      const colors = maze.random.subset(COLORS, 4);
      const doors = colors.map((color) => addDoor(maze, 1, 1, { color, locked: false }));
      placeAgent(maze, 1, 1);
      const [one = 0, other = 0] = maze.random.subset(doors, 2);
      const first = open(nameOf(maze, one), true);
      const second = open(nameOf(maze, other), true);
      const mode = maze.random.integer(0, 3);
      return mode === 0 ? first : { code: mode === 1 ? "before" : "after", first, second };
    },
  },
  Pickup: { shape: GREAT_MAZE, generate: (maze) => pickUp(nameOf(maze, oneOfThings(maze, 18))) },
  /** One of 20 things in a maze where some thing is blocked by others. */
  UnblockPickup: {
    shape: GREAT_MAZE,
    generate: (maze) => {
      const things = addThings(maze, 20);
      if (allReachable(maze)) throw new SamplingRejected("some thing should be blocked");
      return pickUp(nameOf(maze, maze.random.pick(things)));
    },
  },
  PickupLoc: anySentence({
    ...FULL_RANGE,
    shape: singleRoom(8),
    distractors: 8,
    lockedRoom: 0,
    unblocking: false,
    deeds: ["pick-up"],
    forms: ["clause"],
  }),
  /** One of five things, named by kind, colour or both; another thing picked up is a failure. */
  PickupDistDebug: {
    shape: singleRoom(7),
    generate: (maze) => {
      const things = addDistractors(maze, { count: 5, unique: true });
      placeAgent(maze, 0, 0);
      const { kind, color } = madeThing(maze, maze.random.pick(things));
      const names = { type: { kind }, color: { color }, both: { kind, color } } as const;
      return pickUp(names[maze.random.pick(["type", "color", "both"] as const)], true);
    },
  },
  /** A thing in the room above the agent's. */
  PickupAbove: {
    shape: { ...GREAT_MAZE, roomSize: 6 },
    maximumMoves: 288,
    generate: (maze) => {
      const thing = addThing(maze, 1, 0);
      addDoor(maze, 1, 1, { side: 3, locked: false });
      placeAgent(maze, 1, 1);
      connectAll(maze);
      return pickUp(nameOf(maze, thing));
    },
  },
  PutNextLocalS6N4: {
    shape: singleRoom(6),
    generate: (maze) => {
      placeAgent(maze);
      const things = addDistractors(maze, { count: 4, unique: true });
      requireAllReachable(maze);
      const [moved = 0, fixed = 0] = maze.random.subset(things, 2);
      return putNext(maze, moved, fixed);
    },
  },
  /** A thing of one room next to a thing of the other; the agent holds it from the start. */
  PutNextS7N4Carrying: {
    shape: { columns: 2, rows: 1, roomSize: 7 },
    maximumMoves: 392,
    startsCarrying: true,
    generate: (maze) => {
      const [left, right] = fillTwoRooms(maze, 4);
      const one = maze.random.pick(left);
      const other = maze.random.pick(right);
      return maze.random.coin() ? putNext(maze, other, one) : putNext(maze, one, other);
    },
  },
  /** The locked door of a maze whose key is somewhere. */
  Unlock: {
    shape: GREAT_MAZE,
    generate: (maze) => {
      const { door } = addLockedRoom(maze, 3, (locked) => {
        const own = madeThing(maze, locked).color;
        return maze.random.coin() ? COLORS.filter((color) => color !== own) : COLORS;
      });
      return open(nameOf(maze, door));
    },
  },
  /** The locked door of the middle room; the key lies among distractors in the same room. */
  UnlockLocalDist: {
    shape: GREAT_MAZE,
    generate: (maze) => {
      addKey(maze, addDoor(maze, 1, 1, { locked: true }), 1, 1);
      addDistractors(maze, { count: 3, unique: true, column: 1, row: 1 });
      placeAgent(maze, 1, 1);
      return open({ kind: "door" });
    },
  },
  /** The locked door of the middle room; its key is inside a box. */
  KeyInBox: {
    shape: GREAT_MAZE,
    generate: (maze) => {
      const { color } = madeThing(maze, addDoor(maze, 1, 1, { locked: true }));
      const content = makeThing(maze, { kind: "key", color });
      const box = makeThing(maze, { kind: "box", color: maze.random.pick(COLORS), content });
      placeThing(maze, roomAt(maze, 1, 1), box);
      placeAgent(maze, 1, 1);
      return open({ kind: "door" });
    },
  },
  /** A box behind a locked door, with distractors. */
  UnlockPickupDist: {
    shape: TWO_ROOMS,
    generate: (maze) => {
      const box = addThing(maze, 1, 0, { kind: "box" });
      addKey(maze, addDoor(maze, 0, 0, { side: 0, locked: true }), 0, 0);
      addDistractors(maze, { count: 4, unique: true });
      placeAgent(maze, 0, 0);
      return pickUp(nameOf(maze, box));
    },
  },
  /** A box behind a locked door that is blocked by a ball. */
  BlockedUnlockPickup: {
    shape: TWO_ROOMS,
    maximumMoves: 576,
    generate: (maze) => {
      addThing(maze, 1, 0, { kind: "box" });
      const door = addDoor(maze, 0, 0, { side: 0, locked: true });
      const ball = makeThing(maze, { kind: "ball", color: maze.random.pick(COLORS) });
      const place = roomAt(maze, 0, 0).doorPlaces[0];
      if (place !== undefined) setCell(maze.world, place.x - 1, place.y, ball);
      addKey(maze, door, 0, 0);
      placeAgent(maze, 0, 0);
      return pickUp({ kind: "box" });
    },
  },
  /** A ball behind a locked door whose key is behind another locked door. */
  UnlockToUnlock: {
    shape: { ...TWO_ROOMS, columns: 3 },
    maximumMoves: 1080,
    generate: (maze) => {
      const [near = "grey", far = "grey"] = maze.random.subset(COLORS, 2);
      addDoor(maze, 0, 0, { side: 0, color: near, locked: true });
      addThing(maze, 2, 0, { kind: "key", color: near });
      addDoor(maze, 1, 0, { side: 0, color: far, locked: true });
      addThing(maze, 1, 0, { kind: "key", color: far });
      addThing(maze, 0, 0, { kind: "ball" });
      placeAgent(maze, 1, 0);
      return pickUp({ kind: "ball" });
    },
  },
  /** Go to or pick up a thing, or go to or open a door, all in the middle room. */
  ActionObjDoor: {
    shape: { ...GREAT_MAZE, roomSize: 7 },
    generate: (maze) => {
      const things = addDistractors(maze, { count: 5, unique: true, column: 1, row: 1 });
      for (let i = 0; i < 4; i += 1) things.push(addDoor(maze, 1, 1, { locked: false }));
      placeAgent(maze, 1, 1);
      const chosen = maze.random.pick(things);
      if (maze.random.coin()) return goTo(maze, chosen);
      const target = nameOf(maze, chosen);
      return target.kind === "door" ? open(target) : pickUp(target);
    },
  },
  /** A thing in some room of a maze, named by its kind. */
  FindObjS7: {
    shape: { ...GREAT_MAZE, roomSize: 7 },
    maximumMoves: 980,
    generate: (maze) => {
      const column = maze.random.integer(0, maze.shape.rows);
      const row = maze.random.integer(0, maze.shape.columns);
      const { kind } = madeThing(maze, addThing(maze, column, row));
      placeAgent(maze, 1, 1);
      connectAll(maze);
      return pickUp({ kind });
    },
  },
  /** A ball in a locked room off a corridor; the key is in a room on the other side. */
  KeyCorridorS6R3: {
    shape: { ...GREAT_MAZE, roomSize: 6 },
    maximumMoves: 1080,
    generate: (maze) => {
      const { random, shape } = maze;
      for (let row = 1; row < shape.rows; row += 1) removeWall(maze, 1, row, 3);
      const lockedRow = random.integer(0, shape.rows);
      const door = addDoor(maze, 2, lockedRow, { side: 2, locked: true });
      addThing(maze, 2, lockedRow, { kind: "ball" });
      addKey(maze, door, 0, random.integer(0, shape.rows));
      placeAgent(maze, 1, Math.floor(shape.rows / 2));
      connectAll(maze);
      return pickUp({ kind: "ball" });
    },
  },
  /** The only ball in a great room. */
  OneRoomS20: {
    shape: singleRoom(20),
    generate: (maze) => {
      addThing(maze, 0, 0, { kind: "ball" });
      placeAgent(maze);
      return pickUp({ kind: "ball" });
    },
  },
  /** A thing from left to right, then one from right to left. */
  MoveTwoAcrossS8N9: {
    shape: { columns: 2, rows: 1, roomSize: 8 },
    maximumMoves: 1024,
    generate: (maze) => {
      const [left, right] = fillTwoRooms(maze, 9);
      const [a = 0, d = 0] = maze.random.subset(left, 2);
      const [b = 0, c = 0] = maze.random.subset(right, 2);
      return { code: "before", first: putNext(maze, a, b), second: putNext(maze, c, d) };
    },
  },
  SynthS5R2: anySentence({ ...CLAUSE_ONLY, shape: { columns: 3, rows: 2, roomSize: 5 }, locations: false }),
  SynthLoc: anySentence(CLAUSE_ONLY),
  SynthSeq: anySentence({ ...FULL_RANGE, implicitUnlock: false }),
  MiniBossLevel: anySentence({ ...FULL_RANGE, shape: SMALL_MAZE, distractors: 7, lockedRoom: 0.25 }),
  BossLevel: anySentence(FULL_RANGE),
  BossLevelNoUnlock: anySentence({ ...FULL_RANGE, lockedRoom: 0, implicitUnlock: false }),
};

/** A level under its name in Minigrid 2.3.0. */
export interface NamedLevel {
  readonly name: string;
  readonly level: Level;
}

/** AgentBoard's 40 levels; it numbers them from 1. */
export const LEVELS: readonly NamedLevel[] = Object.entries(NAMED).map(([name, level]) => ({
  name: `BabyAI-${name}-v0`,
  level,
}));
