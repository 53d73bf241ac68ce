import { describe, expect, test } from "vitest";
import { describeWorld } from "../testing/describe-world.ts";
import { drawWorld } from "../testing/draw-world.ts";
import { looksEqual, sees, viewOf } from "./view.ts";
import { applyMove, cellAt, copyWorld, EMPTY, type Move, type World } from "./world.ts";

function moved(world: World, ...moves: readonly Move[]): World {
  const copy = copyWorld(world);
  for (const move of moves) applyMove(copy, move);
  return copy;
}

const corridor = drawWorld(
  "## ## ## ## ## ##",
  "## >. .. kr Lr ##", //
  "## ## ## ## ## ##",
);

describe("primitive moves", () => {
  test("a thing is in the way until it is picked up", () => {
    expect(moved(corridor, "forward", "forward").agent).toMatchObject({ x: 2, y: 1 });
    const held = moved(corridor, "forward", "pickup", "forward");
    expect(held.agent).toMatchObject({ x: 3, y: 1 });
    expect(held.carrying).toBe(2);
  });

  test("a locked door opens for the key of its colour only", () => {
    const held = moved(corridor, "forward", "pickup", "forward");
    expect([...moved(held, "toggle").doors]).toEqual([0, 0, 0, 0]);
    expect(moved(held, "toggle", "forward").agent.x).toBe(4);
    const green = copyWorld({
      ...held,
      things: held.things.map((thing, i) => (i === 2 ? { kind: "key", color: "green" } : thing)),
    });
    expect(moved(green, "toggle", "forward").agent.x).toBe(3);
  });

  test("only one thing can be held and nothing dropped where something is", () => {
    const world = drawWorld("## ## ## ## ##", "## kr >. ob ##", "## ## ## ## ##");
    const held = moved(world, "pickup");
    expect(moved(held, "left", "left", "pickup").carrying).toBe(held.carrying);
    expect(moved(held, "left", "left", "drop").carrying).toBe(held.carrying);
    const back = moved(held, "drop");
    expect(back.carrying).toBe(EMPTY);
    expect(describeWorld(back, "")).toBe(describeWorld(world, ""));
  });

  test("a box gives way to its content", () => {
    const world = drawWorld("## ## ## ##", "## >. xb ##", "## kr .. ##", "## ## ## ##");
    const boxed = {
      ...world,
      things: world.things.map((thing) => (thing?.kind === "box" ? { ...thing, content: 3 } : thing)),
    };
    const opened = moved(boxed, "toggle");
    expect(cellAt(opened, 2, 1)).toBe(3);
    expect(cellAt(moved(world, "toggle"), 2, 1)).toBe(EMPTY);
  });

  test("a copy is independent", () => {
    const copy = copyWorld(corridor);
    for (const move of ["forward", "pickup", "right"] as const) applyMove(copy, move);
    expect(describeWorld(corridor, "")).not.toBe(describeWorld(copy, ""));
    expect(corridor.agent).toEqual({ x: 1, y: 1, direction: 0 });
  });
});

describe("the partial view", () => {
  test("walls and shut doors hide what is behind them, open ones and things do not", () => {
    const behind = (door: string): number => {
      const world = drawWorld("## ## ## ## ## ##", `## >. ob ${door} kr ##`, "## ## ## ## ## ##");
      const key = world.things.findIndex((thing) => thing?.kind === "key");
      return sees(viewOf(world), key) ? 1 : 0;
    };
    expect([behind(".."), behind("Og"), behind("Dg"), behind("Lg"), behind("##")]).toEqual([1, 1, 0, 0, 0]);
  });

  test("nothing behind the agent is seen, and nothing beyond six moves", () => {
    const row = (distance: number): string => `## kr >. ${".. ".repeat(distance - 1)}ob ##`;
    const seen = (distance: number): boolean[] => {
      const wall = "## ".repeat(distance + 4).trim();
      const world = drawWorld(wall, row(distance), wall);
      return [2, 3].map((thing) => sees(viewOf(world), thing));
    };
    expect(seen(6)).toEqual([false, true]);
    expect(seen(7)).toEqual([false, false]);
  });

  test("what is held is in the hands, not in sight", () => {
    const held = moved(corridor, "forward", "pickup");
    expect(sees(viewOf(held), 2)).toBe(false);
    expect(looksEqual(viewOf(held), viewOf({ ...held, carrying: EMPTY }))).toBe(false);
  });

  test("equal things look equal, doors by their state", () => {
    const one = drawWorld("## ## ## ## ##", "## >. or .. ##", "## ## ## ## ##");
    const two = drawWorld("## ## ## ## ##", "## >. or .. ##", "## ## ## ## ##", "ob ob ob ob ob");
    expect(looksEqual(viewOf(one), viewOf(one))).toBe(true);
    expect(viewOf(one).looks[38]).toBe(viewOf(two).looks[38]);
    const shut = drawWorld("## ## ## ##", "## >. Dr ##", "## ## ## ##");
    expect(looksEqual(viewOf(shut), viewOf(moved(shut, "toggle")))).toBe(false);
  });
});
