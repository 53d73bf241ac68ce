import type { EngineValue, Recipe } from "./recipe.ts";

/** The name of DeepSpeed's configuration in a training's folder. */
export const DEEPSPEED_FILE = "deepspeed.json";

/**
 * DeepSpeed's configuration for ZeRO stage 3, in which the trainer fills in what is `auto`; undefined when the model
 * fits on each card.
 */
export function deepSpeedConfiguration({
  deepSpeed,
}: Recipe): { readonly [key: string]: EngineValue } | undefined {
  if (deepSpeed === "none") return undefined;
  const memory = { device: "cpu", pin_memory: true };
  return {
    train_batch_size: "auto",
    train_micro_batch_size_per_gpu: "auto",
    gradient_accumulation_steps: "auto",
    gradient_clipping: "auto",
    zero_allow_untested_optimizer: true,
    bf16: { enabled: "auto" },
    zero_optimization: {
      stage: 3,
      overlap_comm: true,
      contiguous_gradients: true,
      reduce_bucket_size: "auto",
      stage3_prefetch_bucket_size: "auto",
      stage3_param_persistence_threshold: "auto",
      stage3_gather_16bit_weights_on_model_save: true,
      ...(deepSpeed === "zero3-offload" ? { offload_optimizer: memory, offload_param: memory } : {}),
    },
  };
}
