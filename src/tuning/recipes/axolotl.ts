import { DEEPSPEED_FILE } from "./deepspeed.ts";
import type { EngineValue, Recipe } from "./recipe.ts";

/**
 * The tokens by which a base model is told what ends a turn and, where it has none of its own, what to pad with.
 * Padding is never in the loss.
 */
const SPECIAL_TOKENS: Readonly<
  Record<Recipe["template"], { readonly [key: string]: EngineValue } | undefined>
> = {
  llama3: { eos_token: "<|eot_id|>", pad_token: "<|end_of_text|>" },
  mistral: { pad_token: "</s>" },
  qwen: { eos_token: "<|im_end|>" },
  tokenizer: undefined,
};

/** axolotl's configuration for data in the format `tokenized-parquet` in the file `data/train.parquet`. */
export function axolotlConfiguration(recipe: Recipe): { readonly [key: string]: EngineValue } {
  const { model, template, tokenizer, method, hardware, deepSpeed } = recipe;
  const specialTokens = SPECIAL_TOKENS[template];
  return {
    base_model: model,
    // axolotl takes the tokenizer of the model, which may have none of its own.
    ...(tokenizer === model ? {} : { tokenizer_config: tokenizer }),
    // An empty type means tokens and labels as they are.
    datasets: [{ path: "data/train.parquet", ds_type: "parquet", type: null }],
    dataset_prepared_path: "prepared",
    val_set_size: 0,
    sequence_len: recipe.maxTokens,
    sample_packing: false,
    train_on_inputs: false,
    ...(method === "lora" ? { adapter: "lora", lora_r: 16, lora_alpha: 32, lora_target_linear: true } : {}),
    ...(deepSpeed === "none" ? {} : { deepspeed: DEEPSPEED_FILE }),
    micro_batch_size: recipe.perDevice,
    gradient_accumulation_steps: recipe.accumulation,
    num_epochs: recipe.epochs,
    optimizer: "adamw_torch",
    learning_rate: recipe.learningRate,
    lr_scheduler: "cosine",
    warmup_steps: 0,
    bf16: hardware.gpusPerNode > 0,
    gradient_checkpointing: true,
    ...(specialTokens === undefined ? {} : { special_tokens: specialTokens }),
    save_strategy: "epoch",
    save_only_model: true,
    logging_steps: 1,
    output_dir: "checkpoints",
    ...recipe.engineKeys,
  };
}
