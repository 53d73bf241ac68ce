import { removeWall } from "../build/doors.ts";
import type { Maze } from "../build/maze.ts";
import { addDistractors, placeAgent, requireAllReachable } from "../build/place.ts";
import { type Level, putNext, singleRoom } from "./level.ts";

/** One thing next to another in one room. */
export function putNextLocal(roomSize: number, count: number): Level {
  return {
    shape: singleRoom(roomSize),
    generate: (maze) => {
      placeAgent(maze);
      const things = addDistractors(maze, { count, unique: true });
      requireAllReachable(maze);
      const [moved = 0, fixed = 0] = maze.random.subset(things, 2);
      return putNext(maze, moved, fixed);
    },
  };
}

/** Two rooms without the wall between them; returns the things of the left and of the right one. */
function fillTwoRooms(maze: Maze, count: number): readonly [number[], number[]] {
  placeAgent(maze, 0, 0);
  const left = addDistractors(maze, { count, unique: true, column: 0, row: 0 });
  const right = addDistractors(maze, { count, unique: true, column: 1, row: 0 });
  removeWall(maze, 0, 0, 0);
  return [left, right];
}

/** A thing of one room next to a thing of the other; the agent holds it from the start. */
export function putNextCarrying(roomSize: number, count: number): Level {
  return {
    shape: { columns: 2, rows: 1, roomSize },
    maximumMoves: 8 * roomSize ** 2,
    startsCarrying: true,
    generate: (maze) => {
      const [left, right] = fillTwoRooms(maze, count);
      const one = maze.random.pick(left);
      const other = maze.random.pick(right);
      return maze.random.coin() ? putNext(maze, other, one) : putNext(maze, one, other);
    },
  };
}

/** A thing from left to right, then one from right to left. */
export function moveTwoAcross(roomSize: number, count: number): Level {
  return {
    shape: { columns: 2, rows: 1, roomSize },
    maximumMoves: 16 * roomSize ** 2,
    generate: (maze) => {
      const [left, right] = fillTwoRooms(maze, count);
      const [a = 0, d = 0] = maze.random.subset(left, 2);
      const [b = 0, c = 0] = maze.random.subset(right, 2);
      return { code: "before", first: putNext(maze, a, b), second: putNext(maze, c, d) };
    },
  };
}
