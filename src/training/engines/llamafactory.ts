import { DEEPSPEED_FILE, PLACES, type TrainingEngine, yamlText } from "../engine.ts";
import type { Recipe } from "../recipe.ts";

/** The names of LLaMA-Factory's templates. Only its padding uses one here: the data has its tokens already. */
const TEMPLATE_NAMES: Readonly<Record<Recipe["template"], string>> = {
  llama3: "llama3",
  mistral: "mistral",
  qwen: "qwen3_nothink",
  tokenizer: "empty",
};

/**
 * LLaMA-Factory's default engine: its command line and `tokenized_path` with a folder of `load_from_disk`, in all of
 * 0.9.
 */
export const llamaFactory: TrainingEngine = {
  versions: { from: "0.9", below: "1" },
  forLora: [],
  format: "hf-disk",
  data: "data",
  needsOwnTokenizer: true,
  command: {
    alone: "llamafactory-cli train train.yaml",
    onNode: (gpus) => `FORCE_TORCHRUN=1 NPROC_PER_NODE=${gpus} llamafactory-cli train train.yaml`,
    onNodes: (gpus, { nodes, rank, address, port }) =>
      `FORCE_TORCHRUN=1 NPROC_PER_NODE=${gpus} NNODES=${nodes} NODE_RANK=${rank} MASTER_ADDR=${address} ` +
      `MASTER_PORT=${port} llamafactory-cli train train.yaml`,
  },
  reserved: {
    ...PLACES,
    stage: "mask",
    dataset: "mask",
    tokenized_path: "mask",
    train_on_prompt: "mask",
    mask_history: "mask",
    packing: "rows",
    neat_packing: "rows",
    use_dft_loss: "loss",
    use_asft_loss: "loss",
    use_eaft_loss: "loss",
    label_smoothing_factor: "loss",
  },
  settings(recipe) {
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
    };
  },
  files: (settings) => [{ path: "train.yaml", text: yamlText(settings) }],
};
