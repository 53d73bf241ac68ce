import { createBabyaiEnvironment } from "../babyai/babyai-environment.ts";
import { generateLevel } from "../babyai/levels/generate-level.ts";
import { LEVELS } from "../babyai/levels/level-list.ts";
import type { Environment } from "../environment.ts";

/** A level of the benchmark with a seed that is not one of its own. */
const LEVEL = "BabyAI-UnlockLocalDist-v0";
const SEED = 1;

/** A small world for the worked example: a locked door, and its key among other things. */
export function babyaiExampleWorld(): Environment {
  const found = LEVELS.find(({ name }) => name === LEVEL);
  if (found === undefined) throw new Error(`there is no level ${LEVEL}`);
  return createBabyaiEnvironment(generateLevel(found.level, SEED), {
    rules: "agentboard",
    scoring: { code: "mission" },
  });
}
