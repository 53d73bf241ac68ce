import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clockwise, counterclockwise, type Move, STEP_X, STEP_Y, toDirection } from "../world/world.ts";
import { findRoutes } from "./routes.ts";

const SIZE = 7;

interface Place {
  readonly row: number;
  readonly column: number;
  readonly direction: 0 | 1 | 2 | 3;
}

/** Where a way leads, in the view, and every cell that it goes through. */
function walk(moves: readonly Move[]): readonly Place[] {
  const places: Place[] = [{ row: SIZE - 1, column: 3, direction: 3 }];
  for (const move of moves) {
    const at = places.at(-1)!;
    if (move === "left") places.push({ ...at, direction: counterclockwise(at.direction) });
    else if (move === "right") places.push({ ...at, direction: clockwise(at.direction) });
    else places.push({ ...at, row: at.row + STEP_Y[at.direction], column: at.column + STEP_X[at.direction] });
  }
  return places;
}

const cell = fc.integer({ min: 0, max: SIZE * SIZE - 1 }).filter((number) => number !== 45);
const obstacles = fc
  .array(cell, { maxLength: 20 })
  .map((blocked) => Uint8Array.from({ length: SIZE * SIZE }, (_, i) => (blocked.includes(i) ? 1 : 0)));

describe("ways through the view", () => {
  test("every way leads where it should, around everything in the way", () => {
    fc.assert(
      fc.property(obstacles, cell, fc.integer({ min: 0, max: 3 }), (blocked, goal, direction) => {
        const routes = findRoutes(blocked, toDirection(direction));
        const row = Math.floor(goal / SIZE);
        const column = goal % SIZE;
        const facing = routes.facing(goal);
        if (facing !== undefined) {
          const places = walk(facing);
          const end = places.at(-1)!;
          expect([end.row + STEP_Y[end.direction], end.column + STEP_X[end.direction]]).toEqual([
            row,
            column,
          ]);
          const isFree = (place: Place): boolean =>
            place.column >= SIZE || place.row >= SIZE || blocked[place.row * SIZE + place.column] === 0;
          expect(places.every(isFree)).toBe(true);
        }
        const into = routes.into(goal);
        if (into !== undefined) {
          expect(walk(into).at(-1)).toMatchObject({ row, column });
          expect(blocked[goal]).toBe(0);
        }
      }),
    );
  });

  test("a way is as short as can be", () => {
    const routes = findRoutes(new Uint8Array(SIZE * SIZE), 0);
    expect(routes.facing(5 * SIZE + 3)).toEqual([]);
    expect(routes.facing(3)).toHaveLength(5);
    expect(routes.into(3)).toHaveLength(6);
    expect(routes.facing(6 * SIZE + 2)).toEqual(["left"]);
  });

  test("the original's view reaches one row behind or one column aside, by the direction in the world", () => {
    // The agent stands before a wall of things that closes the whole width of the view.
    const closed = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => (Math.floor(i / SIZE) === 5 ? 1 : 0));
    const beyond = 4 * SIZE + 6;
    const found = [0, 1, 2, 3].map((direction) => findRoutes(closed, toDirection(direction)).into(beyond));
    expect(found.map((way) => way !== undefined)).toEqual([false, true, true, false]);
    const beside = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => (i % SIZE === 2 && i > 41 ? 1 : 0));
    const blockedRow = Uint8Array.from(beside, (value, i) => (Math.floor(i / SIZE) === 5 ? 1 : value));
    const leftCorner = 6 * SIZE;
    const ways = [0, 1, 2, 3].map((direction) =>
      findRoutes(blockedRow, toDirection(direction)).into(leftCorner),
    );
    expect(ways.map((way) => way !== undefined)).toEqual([true, true, false, false]);
  });
});
