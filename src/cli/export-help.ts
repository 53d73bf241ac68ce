/** The words of `--help` for `export` and `mix`, and for the tokens of `show`. */
export const exportHelp = {
  folder: "a folder",
  export: {
    brief: "Write the accepted trajectories of a run as training data",
    full: `Error turns stay in and are never trained on (Eq. 1). Many engines read such data
and train on them all the same: --engine refuses that and names the format to use.
Beside the data stands a README with the settings for each engine.
hf-disk, tokenized-jsonl and tokenized-parquet need --tokenizer and --template.
What a row is:`,
    run: "Folder of the run",
    usage: [
      { input: "runs/first --format conversations --out train.parquet", brief: "The published schema" },
      {
        input:
          "runs/first --engine llamafactory --tokenizer models/llama-3-8b --template llama3 --out train-llama3",
        brief: "Tokenised, with labels",
      },
      { input: "runs/first --engine axolotl --out train.jsonl", brief: "As axolotl obeys it" },
      {
        input: "runs/first --subset 4000 --ablation no-refinement-loss --out 4k.jsonl",
        brief: "An ablation (Table 2)",
      },
      { input: "runs/first --hub my-data --license apache-2.0", brief: "A folder for the Hugging Face hub" },
      {
        input: "runs/first --hub my-data --license apache-2.0 --push me/my-data --private",
        brief: "The same, uploaded",
      },
      { input: "runs/first --format trajectories --out trajectories.jsonl", brief: "For verify" },
    ],
  },
  mix: {
    brief: "Mix agent data with general data (section 9)",
    full: `Writes agent rows and general rows as one set, in any format of export but
trajectories. Files are JSON lines, one JSON array (packed with gzip or not) or Parquet,
of conversations (ShareGPT, AgentInstruct, Agent-FLAN, AgentTraj-L), messages or alpaca;
a mask that they carry is kept. Without --data, the agent rows alone are written anew.`,
    out: "File or folder to write",
    usage: [
      {
        input: "mixed.jsonl --agent runs/first --data sharegpt.json --ratio 0.25 --engine axolotl",
        brief: "One general row for four of a run",
      },
      {
        input: "flan.jsonl --agent agent-flan.jsonl --exclude-environment alfworld",
        brief: "A baseline without what is held in (App. F)",
      },
    ],
  },
  flags: {
    exportFormat: "What a row is [what --engine is best given; conversations]",
    exportOut: "File to write, or folder for hf-disk",
    engine: "Engine to train with; refuses what it would mistrain",
    tokenizer: "Folder with tokenizer.json and tokenizer_config.json",
    template: "Chat template; tokenizer is the folder's own",
    maxTokens: "Most tokens of a row; cut at a turn [8192]",
    ablation: "Ablation of Table 2 or Table 11",
    subset: "So many of the trajectories; small within large ones",
    subsetSeed: "Seed of the subset [1]",
    hub: "Folder to write for the Hugging Face hub, in place of --out",
    license: "Licence of the data, as the hub names it [other]",
    personaLicense: "Licence of the personas; known for the shipped ones",
    push: "Upload the folder of --hub as this data set, with the token of HF_TOKEN",
    private: "Make the new data set private",
    force: "Replace what is there",
    agent: "Agent data: folder of a run, or file; can be repeated",
    data: "General data: file; can be repeated",
    ratio: "General rows for each agent row [all there are]",
    mixSeed: "Seed of the choice and the order [1]",
    excludeEnvironment: "Leave out rows of files whose id names it; can be repeated",
    showTokenizer: "Show which tokens of ID are trained, with this tokenizer",
  },
} as const;
