import { AgentRefineError } from "../../errors.ts";
import type { EngineValue } from "../recipes/recipe.ts";
import type { TrainingEngineName } from "../recipes/training-engine-name.ts";

/** Why a key cannot be set: there is a flag for it that is checked, or it decides something that was checked before. */
type Reserved = { readonly flag: string } | keyof typeof DECIDES;

const DECIDES = {
  mask: { what: "which tokens are trained", fix: "Leave it out; the data has the labels of Eq. 1." },
  rows: {
    what: "which rows make up a step",
    fix: "Leave it out; a row is a trajectory, and their number is checked.",
  },
  loss: {
    what: "what the loss is",
    fix: "Leave it out; the loss of Eq. 1 is the mean over the trained tokens.",
  },
  steps: { what: "after which steps a loss is printed", fix: "Set logging_steps, by which losses are read." },
} as const;

const EVERYWHERE: Readonly<Record<string, Reserved>> = {
  logging_strategy: "steps",
  logging_first_step: "steps",
  gradient_accumulation_steps: { flag: "--accumulation" },
  output_dir: { flag: "--out" },
  auto_find_batch_size: "rows",
};

/** Keys of the trainer of Hugging Face, which LLaMA-Factory and TRL take as they are. */
const OF_TRAINER: Readonly<Record<string, Reserved>> = {
  ...EVERYWHERE,
  per_device_train_batch_size: { flag: "--per-device" },
  per_gpu_train_batch_size: { flag: "--per-device" },
  accelerator_config: "rows",
  parallelism_config: "rows",
  label_smoothing_factor: "loss",
  average_tokens_across_devices: "loss",
};

/**
 * Keys of each engine's configuration that belong to what was checked before: the batch, the length by which the data
 * was cut, the model, the template, the data with its labels, and that a row is a trajectory.
 */
const RESERVED: Readonly<Record<TrainingEngineName, Readonly<Record<string, Reserved>>>> = {
  llamafactory: {
    ...OF_TRAINER,
    cutoff_len: { flag: "--max-tokens" },
    model_name_or_path: { flag: "--model" },
    template: { flag: "--template" },
    finetuning_type: { flag: "--lora" },
    stage: "mask",
    dataset: "mask",
    tokenized_path: "mask",
    train_on_prompt: "mask",
    mask_history: "mask",
    ignore_pad_token_for_loss: "mask",
    packing: "rows",
    neat_packing: "rows",
    use_dft_loss: "loss",
    use_asft_loss: "loss",
    use_eaft_loss: "loss",
  },
  trl: {
    ...OF_TRAINER,
    max_length: { flag: "--max-tokens" },
    max_seq_length: { flag: "--max-tokens" },
    assistant_only_loss: "mask",
    completion_only_loss: "mask",
    dataset_kwargs: "mask",
    packing: "rows",
    packing_strategy: "rows",
    padding_free: "rows",
    loss_type: "loss",
  },
  axolotl: {
    ...EVERYWHERE,
    micro_batch_size: { flag: "--per-device" },
    batch_size: { flag: "--batch" },
    sequence_len: { flag: "--max-tokens" },
    base_model: { flag: "--model" },
    tokenizer_config: { flag: "--tokenizer" },
    datasets: "mask",
    pretraining_dataset: "mask",
    train_on_inputs: "mask",
    sample_packing: "rows",
    max_packed_sequence_len: "rows",
    multipack_real_batches: "rows",
    batch_flattening: "rows",
    min_sample_len: "rows",
    tensor_parallel_size: "rows",
    context_parallel_size: "rows",
    sequence_parallel_degree: "rows",
    rl: "loss",
    reward_model: "loss",
    process_reward_model: "loss",
    kd_trainer: "loss",
    use_eaft: "loss",
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
 * Refuses keys that would undo what was checked: the batch, the length, the rows, which tokens are in the loss and
 * what it is; or by which the step of a printed loss would no longer be known.
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
    if (typeof reserved === "object") {
      throw new AgentRefineError(`${key} cannot be set as a key of the engine`, {
        fix: `Use ${reserved.flag}, which is checked.`,
      });
    }
    const { what, fix } = DECIDES[reserved];
    throw new AgentRefineError(`${key} cannot be set: it decides ${what}`, { fix });
  }
}
