import { AgentRefineError } from "../../errors.ts";
import type { EngineValue } from "../recipes/recipe.ts";
import type { TrainingEngineName } from "../recipes/training-engine-name.ts";

/** Why a key cannot be set: there is a flag for it that is checked, or it would change which tokens are trained. */
type Reserved = { readonly flag: string } | "mask";

const EVERYWHERE: Readonly<Record<string, Reserved>> = {
  gradient_accumulation_steps: { flag: "--accumulation" },
  output_dir: { flag: "--out" },
};

/**
 * Keys of each engine's configuration that belong to what was checked before: the batch, the length by which the data
 * was cut, the model, the template and the data with its labels.
 */
const RESERVED: Readonly<Record<TrainingEngineName, Readonly<Record<string, Reserved>>>> = {
  llamafactory: {
    ...EVERYWHERE,
    per_device_train_batch_size: { flag: "--per-device" },
    cutoff_len: { flag: "--max-tokens" },
    model_name_or_path: { flag: "--model" },
    template: { flag: "--template" },
    finetuning_type: { flag: "--lora" },
    stage: "mask",
    dataset: "mask",
    tokenized_path: "mask",
    train_on_prompt: "mask",
    mask_history: "mask",
  },
  trl: {
    ...EVERYWHERE,
    per_device_train_batch_size: { flag: "--per-device" },
    max_length: { flag: "--max-tokens" },
    assistant_only_loss: "mask",
    completion_only_loss: "mask",
    dataset_kwargs: "mask",
  },
  axolotl: {
    ...EVERYWHERE,
    micro_batch_size: { flag: "--per-device" },
    batch_size: { flag: "--batch" },
    sequence_len: { flag: "--max-tokens" },
    base_model: { flag: "--model" },
    datasets: "mask",
    train_on_inputs: "mask",
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
 * Refuses keys that would undo what was checked: the batch, the length, or which tokens are in the loss.
 *
 * @throws AgentRefineError for the first of them, with the flag to use instead
 */
export function requireFreeKeys(
  engine: TrainingEngineName,
  keys: Readonly<Record<string, EngineValue>>,
): void {
  loggingSteps(keys);
  for (const key of Object.keys(keys)) {
    const reserved = Object.hasOwn(RESERVED[engine], key) ? RESERVED[engine][key] : undefined;
    if (reserved === undefined) continue;
    throw reserved === "mask"
      ? new AgentRefineError(`${key} cannot be set: it decides which tokens are trained`, {
          fix: "Leave it out; the data has the labels of Eq. 1.",
        })
      : new AgentRefineError(`${key} cannot be set as a key of the engine`, {
          fix: `Use ${reserved.flag}, which is checked.`,
        });
  }
}
