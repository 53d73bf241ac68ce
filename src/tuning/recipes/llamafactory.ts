import { DEEPSPEED_FILE } from "./deepspeed.ts";
import type { EngineValue, Recipe } from "./recipe.ts";

/** The names of LLaMA-Factory's templates. Only its padding uses one here: the data has its tokens already. */
const TEMPLATE_NAMES: Readonly<Record<Recipe["template"], string>> = {
  llama3: "llama3",
  mistral: "mistral",
  qwen: "qwen3_nothink",
  tokenizer: "empty",
};

/** LLaMA-Factory's configuration (its default engine) for data in the format `hf-disk` in the folder `data`. */
export function llamaFactoryConfiguration(recipe: Recipe): { readonly [key: string]: EngineValue } {
  const { model, template, method, hardware, deepSpeed } = recipe;
  const hasCard = hardware.gpusPerNode > 0;
  return {
    model_name_or_path: model,
    stage: "sft",
    do_train: true,
    finetuning_type: method,
    ...(method === "lora" ? { lora_rank: 16, lora_target: "all" } : {}),
    ...(deepSpeed === "none" ? {} : { deepspeed: DEEPSPEED_FILE }),
    // It must not be empty, although only `tokenized_path` is read.
    dataset: "agentrefine",
    tokenized_path: "data",
    template: TEMPLATE_NAMES[template],
    cutoff_len: recipe.maxTokens,
    per_device_train_batch_size: recipe.perDevice,
    gradient_accumulation_steps: recipe.accumulation,
    learning_rate: recipe.learningRate,
    lr_scheduler_type: "cosine",
    warmup_steps: 0,
    num_train_epochs: recipe.epochs,
    bf16: hasCard,
    ...(hasCard ? {} : { use_cpu: true }),
    save_strategy: "epoch",
    save_only_model: true,
    logging_steps: 1,
    plot_loss: true,
    output_dir: "checkpoints",
    overwrite_output_dir: true,
    report_to: "none",
    ddp_timeout: 180_000_000,
    ...recipe.engineKeys,
  };
}
