import { PLACES, type TrainingEngine, trainerSettings, yamlText } from "../engine.ts";
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
  settings: (recipe) => ({
    model_name_or_path: recipe.model,
    stage: "sft",
    do_train: true,
    finetuning_type: recipe.method,
    ...(recipe.method === "lora" ? { lora_rank: 16, lora_target: "all" } : {}),
    // It must not be empty, although only `tokenized_path` is read.
    dataset: "agentrefine",
    tokenized_path: "data",
    template: TEMPLATE_NAMES[recipe.template],
    cutoff_len: recipe.maxTokens,
    ...trainerSettings(recipe),
    plot_loss: true,
    overwrite_output_dir: true,
    ddp_timeout: 180_000_000,
  }),
  files: (settings) => [{ path: "train.yaml", text: yamlText(settings) }],
};
