import { createHash } from "node:crypto";
import * as z from "zod";
import { drawLevel, type GeneratedLevel } from "../src/environment/babyai/levels/generate-level.ts";
import { LEVELS } from "../src/environment/babyai/levels/level-list.ts";
import { NumpyRandom } from "../src/environment/babyai/random/numpy-random.ts";
import { describeWorld } from "../src/environment/babyai/testing/describe-world.ts";
import { firstDifference, type RowReport } from "./replay.ts";

const LARGEST_DRAW = 2147483647;

const place = { level: z.number(), env_id: z.string(), seed: z.number() };
const textRow = z.object({ ...place, text: z.string() });
const hashRow = z.object({
  ...place,
  sha256: z.string(),
  mission: z.string(),
  max_steps: z.number(),
  next_draw: z.number(),
});

function toReport(difference: string | undefined): RowReport {
  return { equal: difference === undefined ? 1 : 0, total: 1, difference };
}

interface Grid extends GeneratedLevel {
  readonly name: string;
  readonly text: string;
  /** The stream after generation: tells whether exactly the right draws were made. */
  readonly random: NumpyRandom;
}

function generate(number: number, seed: number): Grid {
  const found = LEVELS[number - 1];
  if (found === undefined) throw new RangeError(`no level has the number ${number}`);
  const random = new NumpyRandom(seed);
  const generated = drawLevel(found.level, random);
  return { ...generated, name: found.name, random, text: describeWorld(generated.world, generated.mission) };
}

/** Compares a generated grid with its recorded text. */
export function replayGridText(row: unknown): RowReport {
  const { level, env_id, seed, text } = textRow.parse(row);
  const ours = generate(level, seed);
  return toReport(firstDifference({ env_id, text }, { env_id: ours.name, text: ours.text }));
}

/** Compares a generated grid with its recorded hash, and the state of the random stream after it. */
export function replayGridHash(row: unknown): RowReport {
  const { level, seed, ...recorded } = hashRow.parse(row);
  const ours = generate(level, seed);
  const difference = firstDifference(recorded, {
    env_id: ours.name,
    sha256: createHash("sha256").update(ours.text).digest("hex"),
    mission: ours.mission,
    max_steps: ours.maximumMoves,
    next_draw: ours.random.integer(0, LARGEST_DRAW),
  });
  return toReport(difference);
}
