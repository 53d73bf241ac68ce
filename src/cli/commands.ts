import {
  annotateFlags,
  dataFlags,
  doctorFlags,
  exportFlags,
  generateFlags,
  initFlags,
  mixFlags,
  noFlags,
  resumeFlags,
  showFlags,
  statsFlags,
  trainFlags,
  verifyFlags,
  viewFlags,
} from "../config/flags.ts";
import { FORMATS } from "../dataset/formats.ts";
import { declareCommand, RUN } from "./command.ts";

// What a command does is loaded when it is run, so that help and refusals come at once.

/** What a row of each format is, and the endings of its file. */
const FORMAT_LINES = Object.entries(FORMATS).map(
  ([name, { makes, endings }]) => `  ${name} (${endings.join(", ") || "a folder"})\n    ${makes}`,
);

export const generate = declareCommand(
  {
    brief: "Make trajectories from personas, or resume making them",
    full: `Each persona becomes a script (a world, a goal, actions), then a trajectory with errors and refinements, which is verified while it is written. Every reply is kept in the folder of --out; the same command resumes it later, and a larger --limit or --sample makes it grow. With --shard many processes or machines share the work, each with a folder, a --max-cost and a --concurrency of its own; merge puts them together.`,
    args: [
      {
        name: "PERSONAS",
        help: "File with personas (JSON lines or plain, compressed or not), or - for the standard input; the personas that come with agentrefine when left out",
        optional: true,
      },
    ],
    examples: {
      "--model offline --limit 20 --out runs/first": "Try it without a key",
      "--model gpt-4o --limit 20 --out runs/gpt-4o --dry-run": "See the prompts and the price first",
      "personas.jsonl --model gpt-4o --sample 500 --max-cost 40 --out runs/gpt-4o":
        "OpenAI, with the key in OPENAI_API_KEY",
      "- --model Qwen/Qwen3-32B --base-url http://localhost:8000/v1 --out runs/qwen < personas.txt":
        "A server of your own, such as vLLM",
      "personas.jsonl --model gpt-4o --shard 0/8 --out runs/shard-0": "The first of eight shards",
    },
    page: "runs.md",
    flags: generateFlags,
  },
  async () => (await import("./generate/run.ts")).runGenerate,
);

export const resume = declareCommand(
  {
    brief: "Resume a run with the settings that it was started with",
    full: "Goes on with a run as it was started; only how its model is driven and where its server is can be given anew. A finished run prints its summary again. To let a run grow, give generate a larger --limit or --sample with the same --out.",
    args: [RUN],
    examples: {
      "runs/first": "After an interruption",
      "runs/first --retry-failed --concurrency 8": "Also try again what failed",
    },
    page: "runs.md",
    flags: resumeFlags,
  },
  async () => (await import("./generate/run.ts")).runResume,
);

export const verify = declareCommand(
  {
    brief: "Verify stored trajectories (Algorithm 1)",
    full: `Verifies the accepted trajectories of a run, or JSON lines {"script": …, "trajectory": …}, compressed or not, and prints one verdict a line. Exit code 3 when one is rejected.`,
    args: [{ name: "FILE", help: "Folder of a run, file with trajectories, or - for the standard input" }],
    examples: {
      "runs/first": "A run",
      "trajectories.jsonl": "A file, in words",
      "trajectories.jsonl.gz --json > verdicts.jsonl": "As JSON lines",
    },
    page: "verification.md",
    flags: verifyFlags,
  },
  async () => (await import("./verify/run.ts")).runVerify,
);

export const show = declareCommand(
  {
    brief: "Read what a run has made, or an evaluation has played",
    full: "Lists the ended personas of a run or the episodes of an evaluation, or shows one in full.",
    args: [
      { name: "DIR", help: "Folder of a run or an evaluation" },
      { name: "ID", help: "Id of a persona or its beginning; number of an episode", optional: true },
    ],
    examples: {
      "runs/first --outcome rejected": "List what was rejected",
      "runs/first 3fa8": "Read one trajectory",
      "runs/first 3fa8 --call 2": "Read a prompt and its reply",
      "evals/first 17": "Read an episode",
      "runs/first 3fa8 --tokenizer models/llama-3-8b --template llama3":
        "See which of its tokens are trained",
    },
    page: "runs.md",
    flags: showFlags,
  },
  async () => (await import("./show/run.ts")).runShow,
);

export const stats = declareCommand(
  {
    brief: "Tell what a data set is: how it was accepted, how long, of what",
    full: "For runs, and for files of conversations or trajectories (JSON lines, one JSON array or Parquet, compressed or not): counts, acceptance by call, faults, error turns in a row (Figure 13), lengths, actions and objects of a script, goals by theme and near-duplicates of them, tokens, and what one accepted trajectory has cost. Of a file it tells what the file has.",
    args: [{ name: "DATA", help: "Folder of a run or of export --hub, or a file", repeat: true }],
    examples: {
      "runs/first": "A run",
      "runs/first agent-flan.jsonl": "Ours beside another's",
      "runs/first --tokenizer models/llama-3-8b --template llama3": "Lengths in tokens too",
    },
    page: "seeing.md",
    flags: statsFlags,
  },
  async () => (await import("./stats/run.ts")).runStats,
);

export const view = declareCommand(
  {
    brief: "Look at runs, evaluations and data files in a browser",
    full: "Opens a page over everything that lies at and below the given folders: trajectories as dialogues, with search and filters, every prompt and reply. Only this machine can reach it, nothing is sent anywhere, and nothing in a run is changed by looking.",
    args: [
      {
        name: "FOLDER",
        help: "Folder or file to look at; the working directory when left out",
        optional: true,
        repeat: true,
      },
    ],
    examples: {
      "": "Everything below the working directory",
      "runs/first --port 8080": "One run",
      "runs evals --no-open": "Print the address only",
      "runs/first --out first.html": "One file to be sent to others",
    },
    page: "seeing.md",
    flags: viewFlags,
  },
  async () => (await import("./view/run.ts")).runView,
);

export const annotate = declareCommand(
  {
    brief: "Judge turns without seeing their labels (section 8)",
    full: `Draws one right and one wrong turn from each of --sample accepted trajectories and asks about them one by one: with the script and the history, and without what the dungeon master said. Each answer is kept at once in annotations.jsonl of the run; the same command resumes. Prints the table of Figure 10 with agreement and Cohen's kappa, and how several annotators agree.

With --judge a model is asked in place of a person. Its replies are kept in the run's folder judging and never bought twice.`,
    args: [RUN],
    examples: {
      "runs/first": "Judge as the paper's annotators did",
      "runs/first --judge gpt-4o --max-cost 2": "Let a model judge the same turns",
      "runs/first --table": "See how all of them agree",
    },
    page: "seeing.md",
    flags: annotateFlags,
  },
  async () => (await import("./annotate/run.ts")).runAnnotate,
);

export const exportRun = declareCommand(
  {
    brief: "Write the accepted trajectories of a run as training data",
    full: `Error turns stay in and are never trained on (Eq. 1). Many engines read such data and train on them all the same: --engine refuses that and chooses the format that its engine trains right. Beside the data stands a README with the settings for each engine. hf-disk, tokenized-jsonl and tokenized-parquet need --tokenizer and --template. What a row is:
${FORMAT_LINES.join("\n")}`,
    args: [RUN],
    examples: {
      "runs/first --engine axolotl --out train.jsonl": "As axolotl trains it right",
      "runs/first --engine llamafactory --tokenizer models/llama-3-8b --template llama3 --out train-llama3":
        "Tokenised, with labels",
      "runs/first --format conversations --out train.parquet": "The published schema",
      "runs/first --subset 4000 --ablation no-refinement-loss --out 4k.jsonl": "An ablation (Table 2)",
      "runs/first --only tag=good --without thumbs=down --out good.jsonl": "What was found good",
      "runs/first --hub my-data --license apache-2.0": "A folder for the Hugging Face hub",
      "runs/first --format trajectories --out trajectories.jsonl": "For verify",
    },
    page: "dataset.md",
    flags: exportFlags,
  },
  async () => (await import("./export/run.ts")).runExport,
);

export const mix = declareCommand(
  {
    brief: "Mix agent data with general data (section 9)",
    full: "Writes agent rows and general rows as one set, in any format of export but trajectories. Files are JSON lines, one JSON array (compressed or not) or Parquet, of conversations (ShareGPT, AgentInstruct, Agent-FLAN, AgentTraj-L), messages or alpaca; a mask that they carry is kept. Without --data, the agent rows alone are written anew.",
    args: [{ name: "OUT", help: "File or folder to write" }],
    examples: {
      "mixed.jsonl --agent runs/first --data sharegpt.json --ratio 0.25 --engine axolotl":
        "One general row for four of a run",
      "flan.jsonl --agent agent-flan.jsonl --exclude-environment alfworld":
        "A baseline without what is held in (App. F)",
    },
    page: "dataset.md",
    flags: mixFlags,
  },
  async () => (await import("./mix/run.ts")).runMix,
);

export const train = declareCommand(
  {
    brief: "Train a model on a run or a file of rows, with an engine that is installed",
    full: `Writes a folder with the tokenised data (labels of Eq. 1), the engine's configuration and scripts that start it, then starts it, if it is installed, and shows its loss. Checkpoints carry the template of the data and stop where its turns end. DATA is the folder of a run, a file of conversations as mix reads and writes them, or a folder of export --hub. What is not said is the paper's recipe (App. D): learning rate 5e-6, cosine without warm-up, batch 64, 10 epochs, all parameters, 8192 tokens or 4096 for 70B, DeepSpeed ZeRO-3 where the size asks for it. The engine is looked for in the Python of --python, else of AGENTREFINE_PYTHON, else in the first python3 on the path. Nothing of it is changed.`,
    args: [{ name: "DATA", help: "Folder of a run or of export --hub, or a file of rows" }],
    examples: {
      "runs/first --engine trl --model models/tiny --template llama3 --gpus 0 --out tuned":
        "On the processor, with a small model",
      "runs/first --engine llamafactory --model models/llama-3-8b --template llama3 --out tuned":
        "On a node of 8 cards",
      "mixed.jsonl --engine trl --model models/llama-3-8b --template llama3 --out tuned":
        "On what mix has written",
      "runs/first --engine axolotl --model models/mistral-7b --template mistral --dry-run --out tuned":
        "Write the folder only",
    },
    page: "training.md",
    flags: trainFlags,
  },
  async () => (await import("./train/run.ts")).runTrain,
);

export const init = declareCommand(
  {
    brief: "Set up a folder: config file, some personas, .gitignore",
    full: "Asks at a terminal who writes the data, with which key and for how much, and writes agentrefine.config.json with its schema, some personas, .env.example and .gitignore. With --slurm, --kubernetes or --skypilot also writes what runs that config in shards on a cluster and merges them. Nothing that is there is overwritten unasked.",
    args: [{ name: "DIR", help: "Folder to write to; the working directory when left out", optional: true }],
    examples: {
      "my-data": "Set up a new folder",
      "--yes": "This one, without questions",
      "--slurm --shards 64 --at-once 16": "Also the scripts for Slurm",
    },
    page: "runs.md",
    flags: initFlags,
  },
  async () => (await import("./init/run.ts")).runInit,
);

export const data = declareCommand(
  {
    brief: "Fetch what others publish: games, labels, questions, a Java",
    full: `list   what there is: what for, how large, its licence, whether it is here
get    fetches by name, or all; a get that was ended resumes
check  whether what is here is whole, by its checksums

It is kept in AGENTREFINE_HOME, else in the cache of the system. Heeded are HF_ENDPOINT, HF_TOKEN, PIP_INDEX_URL, HTTP_PROXY, HTTPS_PROXY and NO_PROXY. Without network: get NAME --from FILE or DIR, such as the folder that another machine has.`,
    args: [
      { name: "ACTION", help: "list, get or check" },
      { name: "NAME", help: "What to get or check, or all", optional: true, repeat: true },
    ],
    examples: {
      list: "See what there is",
      "get scienceworld java": "All that ScienceWorld needs",
      "get alfworld --from json_2.1.3_tw-pddl.zip": "From a file",
    },
    page: "data.md",
    flags: dataFlags,
  },
  async () => (await import("./data/run.ts")).runData,
);

export const doctor = declareCommand(
  {
    brief: "Try a model's server, or look for what the commands may need",
    full: "With --model: makes a few short calls and says what the server can do (key, streaming, usage, stopping, JSON Schemas, reasoning, length of the context). Else: says what this machine has. Node alone is enough for all but training, and for the benchmark's own labels; what is missing is named with how to get it. Exit code 1 when something is broken; what is merely absent is no error.",
    args: [],
    examples: {
      "": "Look around",
      "--model m --base-url http://localhost:8000/v1": "Try a server",
      "--python trl/bin/python --agentboard agentboard":
        "Look into another Python, and for AgentBoard's data",
    },
    page: "models.md",
    flags: doctorFlags,
  },
  async () => (await import("./doctor/run.ts")).runDoctor,
);

export const schema = declareCommand(
  {
    brief: "Print the JSON Schema of a file that agentrefine reads or writes",
    full: `The names are:
  config       agentrefine.config.json
  run          run.json of a run
  evaluation   run.json of an evaluation
  personas     a line of personas.jsonl in a run
  calls        a line of calls.jsonl in a run
  syntheses    a line of syntheses.jsonl in a run
  episodes     a line of episodes.jsonl in an evaluation
  annotations  a line of annotations.jsonl in a run or an evaluation`,
    args: [{ name: "NAME", help: "Which file" }],
    examples: { "config > agentrefine.schema.json": "For an editor" },
    page: "runs.md",
    flags: noFlags,
  },
  async () => (await import("./schema/run.ts")).runSchema,
);
