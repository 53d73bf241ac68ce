import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NumpyRandom } from "../random/numpy-random.ts";
import { describeWorld } from "../testing/describe-world.ts";
import { cellAt, EMPTY, FIRST_THING } from "../world/world.ts";
import { drawLevel, generateLevel } from "./generate-level.ts";
import { LEVELS } from "./level-list.ts";

const anyLevel = fc.constantFrom(...LEVELS);
const anySeed = fc.nat(2 ** 31);

describe("generating levels", () => {
  test("the 40 levels have AgentBoard's numbers", () => {
    expect(LEVELS).toHaveLength(40);
    expect(LEVELS[0]?.name).toBe("BabyAI-GoToRedBallGrey-v0");
    expect(LEVELS[31]?.name).toBe("BabyAI-KeyCorridorS6R3-v0");
    expect(LEVELS[39]?.name).toBe("BabyAI-BossLevelNoUnlock-v0");
  });

  test("every seed of every level gives a sound world and a mission", () => {
    fc.assert(
      fc.property(anyLevel, anySeed, ({ level }, seed) => {
        const { world, mission, maximumMoves } = generateLevel(level, seed);
        const { agent, cells, things, doors } = world;
        expect(cellAt(world, agent.x, agent.y)).toBe(EMPTY);
        const placed = [...cells].filter((cell) => cell >= FIRST_THING);
        expect(new Set(placed).size).toBe(placed.length);
        expect(placed.every((cell) => things[cell] !== undefined)).toBe(true);
        expect(doors).toHaveLength(things.length);
        expect(mission).toMatch(/^(go to|open|pick up|put) (the|a) /);
        expect(maximumMoves).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  test("a room too full for the agent does not keep the generator busy for ever", () => {
    // With this seed the agent's room has one free cell, with a door or a thing on every side.
    const { mission } = generateLevel(LEVELS[34]!.level, 983222224);
    expect(mission).not.toBe("");
  });

  test("a seed decides everything", () => {
    fc.assert(
      fc.property(anyLevel, anySeed, ({ level }, seed) => {
        const streams = [new NumpyRandom(seed), new NumpyRandom(seed)] as const;
        const [one, other] = [drawLevel(level, streams[0]), drawLevel(level, streams[1])];
        expect(describeWorld(one.world, one.mission)).toBe(describeWorld(other.world, other.mission));
        expect(streams[0].integer(0, 2 ** 31)).toBe(streams[1].integer(0, 2 ** 31));
      }),
      { numRuns: 50 },
    );
  });

  test("only the level that says so begins with full hands", () => {
    const carrying = LEVELS.filter(({ level }) => generateLevel(level, 5).world.carrying !== EMPTY);
    expect(carrying.map(({ name }) => name)).toEqual(["BabyAI-PutNextS7N4Carrying-v0"]);
    const { world, check } = generateLevel(carrying[0]!.level, 5);
    expect(check).toMatchObject({ clause: { code: "put-next" }, target: { things: [world.carrying] } });
  });
});
