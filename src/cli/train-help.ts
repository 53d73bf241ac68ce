/** The words of `--help` for `train`. */
export const trainHelp = {
  train: {
    brief: "Train a model on a run with an engine, as it is",
    full: `Writes a folder with the tokenised data (labels of Eq. 1), the engine's
configuration and scripts that start it, then starts it, if it is installed, and
shows its loss. What is not said is the paper's recipe (App. D): learning rate
5e-6, cosine without warm-up, batch 64, 10 epochs, all parameters, 8192 tokens or
4096 for 70B, DeepSpeed ZeRO-3 where the size asks for it.
The engine is looked for in the Python of --python, else of AGENTREFINE_PYTHON,
else in the first python3 on the path. Nothing of it is changed.`,
    run: "Folder of the run",
    usage: [
      {
        input: "runs/first --engine trl --model models/tiny --template llama3 --gpus 0 --out tuned",
        brief: "On the processor, with a small model",
      },
      {
        input: "runs/first --engine llamafactory --model models/llama-3-8b --template llama3 --out tuned",
        brief: "On a node of 8 cards",
      },
      {
        input:
          "runs/first --engine axolotl --model models/mistral-7b --template mistral --dry-run --out tuned",
        brief: "Write the folder only",
      },
    ],
  },
  flags: {
    engine: "Engine that trains",
    model: "Folder of the model, or its id on the Hugging Face hub",
    tokenizer: "Tokenizer folder of the model [the model's folder]",
    template: "How messages become text",
    out: "Folder to write; checkpoints are written to it too",
    dryRun: "Write the folder only",
    size: "Parameters, such as 8b or 70b [from name or config.json]",
    epochs: "Times that the data is gone through [10]",
    steps: "End after so many steps",
    lora: "Train adapters of low rank instead of all parameters",
    gpus: "Graphics cards of a node; 0 trains on the processor [8]",
    nodes: "Nodes [1]",
    perDevice: "Rows on a device at once [1]",
    accumulation: "Times that gradients are gathered [batch / rows / devices]",
    batch: "Rows of a step in all [64]",
    maxTokens: "Tokens of the longest row [8192; 4096 from 70b on]",
    set: "KEY=VALUE of the engine's configuration; can be repeated",
    python: "Python interpreter that has the engine",
    force: "Replace the folder if it exists, with its checkpoints",
  },
} as const;
