import { DEEPSPEED_FILE, PLACES, type TrainingEngine, torchrunCommand, yamlText } from "../engine.ts";

/** axolotl, which has the command `axolotl train` from 0.6 on. */
export const axolotl: TrainingEngine = {
  versions: { from: "0.6", below: "1" },
  forLora: [],
  format: "tokenized-parquet",
  data: "data/train.parquet",
  needsOwnTokenizer: false,
  // It reports to its makers what it is used for; where nothing outside can be reached, such as on the nodes of many
  // clusters, it then does not come to its end.
  command: {
    ...torchrunCommand("axolotl train train.yaml", "-m axolotl.cli.train train.yaml"),
    before: [
      "# Set it to 0 to let axolotl report what it is used for.",
      `export AXOLOTL_DO_NOT_TRACK="\${AXOLOTL_DO_NOT_TRACK:-1}"`,
    ],
  },
  reserved: {
    ...PLACES,
    datasets: "mask",
    pretraining_dataset: "mask",
    train_on_inputs: "mask",
    sequence_len: "length",
    sample_packing: "rows",
    batch_flattening: "rows",
    min_sample_len: "rows",
    rl: "loss",
    reward_model: "loss",
    process_reward_model: "loss",
    kd_trainer: "loss",
    use_eaft: "loss",
  },
  settings(recipe, { endOfTurn, padToken }) {
    const { model, tokenizer, method, hardware, deepSpeed } = recipe;
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
      special_tokens: { eos_token: endOfTurn, ...(padToken === undefined ? {} : { pad_token: padToken }) },
      save_strategy: "epoch",
      save_only_model: true,
      logging_steps: 1,
      output_dir: "checkpoints",
    };
  },
  files: (settings) => [{ path: "train.yaml", text: yamlText(settings) }],
  note: ({ accumulation }) =>
    accumulation === 1
      ? undefined
      : `axolotl from 0.17 on (0.19 was tried) averages the loss of each pass by itself before it gathers ${accumulation} of them: the mask
is that of Eq. 1, but a token of a row with few trained tokens counts more than one of a row with many. With more rows
at once and accumulation 1, every token counts the same on a device, as in the other engines.`,
};
