import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { randomFor } from "../../random.ts";
import { createBabyaiWorld, scoreByMission } from "./babyai-world.ts";
import { drawLevel, type GeneratedLevel } from "./levels/generate-level.ts";
import { LEVELS } from "./levels/level-list.ts";
import type { Rules } from "./play/play.ts";
import { NumpyRandom } from "./random/numpy-random.ts";
import { describeWorld } from "./testing/describe-world.ts";

/** For one level and seed the hashes of the grid and of a random walk under each set of rules. */
interface GoldenLevel {
  readonly level: number;
  readonly seed: number;
  readonly grid: string;
  readonly nextDraw: number;
  readonly agentboard: string;
  readonly plain: string;
}

const FILE = new URL("./golden/levels.json", import.meta.url);
const golden: readonly GoldenLevel[] = JSON.parse(readFileSync(FILE, "utf8"));
const WALK_LENGTH = 25;

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function walk(generated: GeneratedLevel, rules: Rules, seed: number): string {
  const world = createBabyaiWorld(generated, { rules, scoring: scoreByMission });
  const random = randomFor("golden", rules, seed);
  const start = world.reset();
  let validActions = world.actions();
  const shown: unknown[] = [{ ...start, validActions }];
  for (let i = 0; i < WALK_LENGTH; i += 1) {
    const { observation, scores, ending, understood } = world.step(random.pick(validActions));
    validActions = world.actions();
    // The hashes are of the words that this had when they were made.
    shown.push({
      observation,
      progress: scores.progress,
      done: ending !== undefined,
      success: ending === "success",
      actionIsValid: understood,
      validActions,
    });
  }
  return sha256(JSON.stringify(shown));
}

/**
 * Made by this code when all recordings of the original worlds replayed equal. The grids and next draws are
 * therefore facts about the original; the walks, whose progress is our own, hold the text of both rules still.
 */
describe("golden hashes of every level", () => {
  test("all 40 levels are there, three seeds each", () => {
    expect(golden).toHaveLength(3 * LEVELS.length);
    expect(new Set(golden.map(({ level }) => level)).size).toBe(LEVELS.length);
  });

  test.each(golden)("level $level, seed $seed", ({ level, seed, ...hashes }) => {
    const stream = new NumpyRandom(seed);
    const generated = drawLevel(LEVELS[level - 1]!.level, stream);
    const ours = {
      grid: sha256(describeWorld(generated.world, generated.mission)),
      agentboard: walk(generated, "agentboard", seed),
      plain: walk(generated, "plain", seed),
      nextDraw: stream.integer(0, 2147483647),
    };
    expect(ours).toEqual(hashes);
  });
});
