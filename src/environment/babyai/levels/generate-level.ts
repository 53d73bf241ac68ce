import { createMaze, type Maze, type Room, roomAround, SamplingRejected } from "../build/maze.ts";
import {
  type Clause,
  clausesOf,
  type Description,
  findMatches,
  type Instruction,
  missionSentence,
  navigationsNeeded,
  type Rectangle,
} from "../mission/instruction.ts";
import { beginCheck, type MissionCheck } from "../mission/verifier.ts";
import { NumpyRandom } from "../random/numpy-random.ts";
import { type View, viewOf } from "../world/view.ts";
import { EMPTY, LOCKED, setCell, type World } from "../world/world.ts";
import type { Level } from "./level.ts";

/** A generated world with its mission. */
export interface GeneratedLevel {
  readonly world: World;
  /** The mission before any move; made before a thing is handed over, so that it knows the thing. */
  readonly check: MissionCheck;
  /** The mission in words, before AgentBoard rewrites it. */
  readonly mission: string;
  /** After how many primitive moves the grid world would cut the episode. */
  readonly maximumMoves: number;
  /**
   * What the original shows first. Where the agent starts carrying a thing, the thing is still seen on the
   * floor: the original looks before it hands the thing over.
   */
  readonly firstView: View;
}

interface Attempt {
  readonly maze: Maze;
  readonly instruction: Instruction;
}

function rejectPutNext(world: World, target: Description, beside: Description, room: Rectangle): void {
  const moved = findMatches(world, target, room);
  const fixed = findMatches(world, beside, room);
  if (moved.some(({ cell }) => fixed.some((other) => other.cell === cell))) {
    throw new SamplingRejected("a thing cannot be put next to itself");
  }
  if (moved.some(({ x, y }) => fixed.some((other) => Math.abs(x - other.x) + Math.abs(y - other.y) === 1))) {
    throw new SamplingRejected("the things are next to each other already");
  }
}

function rejectUsefulKeys({ things, world }: Maze, clause: Clause): void {
  const needed = new Set(
    things.flatMap((thing, i) => (thing?.kind === "door" && world.doors[i] === LOCKED ? [thing.color] : [])),
  );
  const named = clause.code === "put-next" ? [clause.target, clause.beside] : [clause.target];
  if (named.some(({ kind, color }) => kind === "key" && color !== undefined && needed.has(color))) {
    throw new SamplingRejected("a key that opens a door must not be part of the mission");
  }
}

function validate(maze: Maze, level: Level, instruction: Instruction): void {
  const room = roomAround(maze, maze.world.agent).area;
  for (const clause of clausesOf(instruction)) {
    if (clause.code === "put-next") rejectPutNext(maze.world, clause.target, clause.beside, room);
    if (level.unblocking) rejectUsefulKeys(maze, clause);
  }
}

function attempt(level: Level, random: NumpyRandom): Attempt {
  let lockedRoom: Room | undefined;
  for (;;) {
    const maze = createMaze(level.shape, random, lockedRoom);
    try {
      const instruction = level.generate(maze);
      validate(maze, level, instruction);
      return { maze, instruction };
    } catch (error) {
      if (!(error instanceof SamplingRejected)) throw error;
      lockedRoom = maze.lockedRoom;
    }
  }
}

function handOver(world: World, instruction: Instruction, room: Rectangle): void {
  if (instruction.code !== "put-next") return;
  const [match] = findMatches(world, instruction.target, room);
  if (match === undefined) return;
  setCell(world, match.x, match.y, EMPTY);
  world.carrying = match.cell;
}

/** The world that Minigrid 2.3.0 makes of a level with the draws of a fresh stream. */
export function drawLevel(level: Level, random: NumpyRandom): GeneratedLevel {
  const { maze, instruction } = attempt(level, random);
  const { columns, rows, roomSize } = level.shape;
  const world: World = { ...maze.world, doors: maze.world.doors.slice(0, maze.things.length) };
  const room = roomAround(maze, world.agent).area;
  const mission = missionSentence(world, instruction, room);
  const check = beginCheck(world, instruction, room);
  const firstView = viewOf(world);
  if (level.startsCarrying) handOver(world, instruction, room);
  const maximumMoves = level.maximumMoves ?? navigationsNeeded(instruction) * roomSize ** 2 * columns * rows;
  return { world, check, mission, maximumMoves, firstView };
}

/** The world that Minigrid 2.3.0 makes of a level and a seed, in a fresh environment. */
export function generateLevel(level: Level, seed: number): GeneratedLevel {
  return drawLevel(level, new NumpyRandom(seed));
}
