import type { TrainingEngineName } from "../dataset/engines.ts";
import { AgentRefineError } from "../errors.ts";
import type { ChatEnding, EnginePackage, TrainingEngine, Undoes } from "./engine.ts";
import { axolotl } from "./engines/axolotl.ts";
import { llamaFactory } from "./engines/llamafactory.ts";
import { trl } from "./engines/trl.ts";
import type { EngineValue, Recipe } from "./recipe.ts";

export const TRAINING_ENGINES: Readonly<Record<TrainingEngineName, TrainingEngine>> = {
  llamafactory: llamaFactory,
  trl,
  axolotl,
};

/** What Python must have for a training, the engine first. */
export function enginePackages(
  engine: TrainingEngineName,
  { deepSpeed, method }: Pick<Recipe, "deepSpeed" | "method">,
): readonly [EnginePackage, ...EnginePackage[]] {
  const { versions, forLora } = TRAINING_ENGINES[engine];
  return [
    { name: engine, versions },
    { name: "torch" },
    ...(deepSpeed === "none" ? [] : [{ name: "deepspeed" }]),
    ...(method === "lora" ? forLora.map((name) => ({ name })) : []),
  ];
}

const REASONS: Readonly<Record<Undoes, { readonly what: string; readonly fix: string }>> = {
  mask: { what: "which tokens are trained", fix: "Leave it out; the data has the labels of Eq. 1." },
  rows: { what: "what a row is", fix: "Leave it out; a row is a trajectory by itself." },
  loss: {
    what: "what the loss is",
    fix: "Leave it out; the loss of Eq. 1 is the mean over the trained tokens.",
  },
  length: { what: "where rows are cut", fix: "Use 'maxTokens', which cuts at a turn." },
  place: {
    what: "where losses and checkpoints are found",
    fix: "Leave it out; logging_steps and 'out' can be set.",
  },
};

/** How many steps lie between two losses that an engine prints; the recipes' own is 1. */
export function loggingSteps(keys: Readonly<Record<string, EngineValue>>): number {
  const { logging_steps: steps = 1 } = keys;
  if (typeof steps === "number" && Number.isSafeInteger(steps) && steps >= 1) return steps;
  throw new AgentRefineError("logging_steps must be a whole number of at least 1", {
    fix: "Losses are read every so many steps; leave it out for every step.",
  });
}

/**
 * Refuses keys by which the loss would no longer be that of Eq. 1, or losses and checkpoints not be found.
 *
 * @throws AgentRefineError for the first of them
 */
export function requireFreeKeys(
  engine: TrainingEngineName,
  keys: Readonly<Record<string, EngineValue>>,
): void {
  loggingSteps(keys);
  const { reserved } = TRAINING_ENGINES[engine];
  for (const key of Object.keys(keys)) {
    const undoes = Object.hasOwn(reserved, key) ? reserved[key] : undefined;
    if (undoes === undefined) continue;
    const { what, fix } = REASONS[undoes];
    throw new AgentRefineError(`${key} cannot be set: it decides ${what}`, { fix });
  }
}

/**
 * The settings of an engine with those that the user adds, and a sentence for each of the recipe's that these replace.
 */
export function engineSettings(
  engine: TrainingEngineName,
  recipe: Recipe,
  chat: ChatEnding,
): { readonly settings: Readonly<Record<string, EngineValue>>; readonly replaced: readonly string[] } {
  const own = TRAINING_ENGINES[engine].settings(recipe, chat);
  const replaced = Object.entries(recipe.engineKeys).flatMap(([key, value]) => {
    const before = Object.hasOwn(own, key) ? own[key] : undefined;
    const isSame = before === undefined || JSON.stringify(before) === JSON.stringify(value);
    return isSame
      ? []
      : [`${key} is ${JSON.stringify(value)} instead of the recipe's ${JSON.stringify(before)}.`];
  });
  return { settings: { ...own, ...recipe.engineKeys }, replaced };
}
