import { stringify } from "yaml";
import type { TokenizedFormatName } from "../dataset/formats.ts";
import type { EngineValue, Recipe } from "./recipe.ts";

/** A Python package that a training needs, by its name at PyPI. */
export interface EnginePackage {
  readonly name: string;
  /** The first version that does, and the first that may not; undefined when any does. */
  readonly versions?: { readonly from: string; readonly below: string };
}

/** Where the processes of one training meet, as shell words. */
interface Meeting {
  readonly nodes: string;
  readonly rank: string;
  readonly address: string;
  readonly port: number;
}

/** How an engine is started. Each gives one line for a shell in the training's folder. */
export interface EngineCommand {
  readonly alone: string;
  /** On cards, also on a single one: DeepSpeed needs the launcher, and without it all cards there are would be used. */
  onNode(gpus: number): string;
  onNodes(gpus: number, meeting: Meeting): string;
  /** Lines that stand before it in the scripts. */
  readonly before?: readonly string[];
}

/** How a trained model is talked to: what the engine and its checkpoint have to know of the template. */
export interface ChatEnding {
  readonly jinja: string;
  /** The special token that ends an answer, and its id. */
  readonly endOfTurn: string;
  readonly endOfTurnId: number;
  /** What to pad with where the tokenizer says nothing: the token that ended its texts so far. Never in the loss. */
  readonly padToken: string | undefined;
}

/** What a key of an engine's configuration would undo, for which it cannot be set. */
export type Undoes = "mask" | "rows" | "loss" | "length" | "place";

/** A file of a training's folder, by its path within the folder. */
export interface RecipeFile {
  readonly path: string;
  readonly text: string;
}

/** Everything of one engine: adding one is a file like those in `engines/` and a row in `engines.ts`. */
export interface TrainingEngine {
  /** The versions for which the written configuration is known to hold. */
  readonly versions: NonNullable<EnginePackage["versions"]>;
  /** Packages that it needs for LoRA beside its own. */
  readonly forLora: readonly string[];
  /** The data's format and its path within the training's folder. */
  readonly format: TokenizedFormatName;
  readonly data: string;
  readonly command: EngineCommand;
  /** Whether it takes the tokenizer from the model's folder and from nowhere else. */
  readonly needsOwnTokenizer: boolean;
  /** Keys of its configuration by which the loss would no longer be that of Eq. 1. */
  readonly reserved: Readonly<Record<string, Undoes>>;
  /** Its settings, by its own names, without those that the user adds. */
  settings(recipe: Recipe, chat: ChatEnding): Readonly<Record<string, EngineValue>>;
  /** The files in which it finds the settings. */
  files(settings: Readonly<Record<string, EngineValue>>, recipe: Recipe): readonly RecipeFile[];
  /** A paragraph of the README on what a person must know of it, if anything. */
  note?(recipe: Recipe): string | undefined;
}

/** The name of DeepSpeed's configuration in a training's folder. */
export const DEEPSPEED_FILE = "deepspeed.json";

/** Keys by which losses and checkpoints would not be found, with every engine. */
export const PLACES: Readonly<Record<string, Undoes>> = {
  output_dir: "place",
  logging_strategy: "place",
  logging_first_step: "place",
};

/** The settings of Hugging Face's trainer, by which LLaMA-Factory and TRL are set. */
export function trainerSettings(recipe: Recipe): Readonly<Record<string, EngineValue>> {
  const hasCard = recipe.hardware.gpusPerNode > 0;
  return {
    ...(recipe.deepSpeed === "none" ? {} : { deepspeed: DEEPSPEED_FILE }),
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
    output_dir: "checkpoints",
    report_to: "none",
  };
}

/** The command of an engine that torchrun starts. `program` is what Python runs. */
export function torchrunCommand(alone: string, program: string): EngineCommand {
  return {
    alone,
    onNode: (gpus) => `torchrun --nproc_per_node ${gpus} ${program}`,
    onNodes: (gpus, { nodes, rank, address, port }) =>
      `torchrun --nnodes ${nodes} --node_rank ${rank} --nproc_per_node ${gpus} --master_addr ${address} ` +
      `--master_port ${port} ${program}`,
  };
}

/** Whether a version comes before another one, by their numbers; a version before a release counts as the release. */
export function comesBefore(version: string, other: string): boolean {
  // The numbers at the beginning: `0.9.6.dev0` gives 0, 9, 6.
  const numbersOf = (text: string): readonly number[] =>
    (/^\d+(?:\.\d+)*/.exec(text)?.[0] ?? "").split(".").map(Number);
  const [left, right] = [numbersOf(version), numbersOf(other)];
  for (let place = 0; place < Math.max(left.length, right.length); place += 1) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** How packages are written for pip, ready to be pasted into a shell. */
export function pipInstall(packages: readonly EnginePackage[]): string {
  const words = packages.map(({ name, versions }) =>
    versions === undefined ? name : `'${name}>=${versions.from},<${versions.below}'`,
  );
  return `pip install ${words.join(" ")}`;
}

/** A configuration as YAML 1.1, which is what the engines' reader in Python speaks. */
export function yamlText(settings: Readonly<Record<string, EngineValue>>): string {
  return stringify(settings, {
    version: "1.1",
    lineWidth: 0,
    nullStr: "",
    // That version takes an exponent without a point before it for a text.
    customTags: (tags) => [
      {
        tag: "tag:yaml.org,2002:float",
        default: true,
        identify: (value) => typeof value === "number" && /^-?\d+e/.test(String(value)),
        test: /(?!)/,
        resolve: Number,
        stringify: ({ value }) => String(value).replace("e", ".0e"),
      },
      ...tags,
    ],
  });
}
