import { AgentRefineError } from "../errors.ts";
import type { ExampleFormatName } from "./formats.ts";

/** A training engine and what it makes of each export. */
export interface Engine {
  readonly title: string;
  /** The export to use when the user has none in mind. */
  readonly use: ExampleFormatName;
  /** The exports from which it computes Eq. 1, with the settings that it needs for that. */
  readonly obeys: Readonly<Partial<Record<ExampleFormatName, string>>>;
  /**
   * The exports from which it should compute Eq. 1 although nothing that could be read or run shows it, with the
   * settings and what to look into first.
   */
  readonly unconfirmed?: Readonly<Partial<Record<ExampleFormatName, string>>>;
  /** The exports that it reads without a word and trains on error turns all the same, and why. */
  readonly mistrains: Readonly<Partial<Record<ExampleFormatName, string>>>;
}

const NO_MASK_READ = "it copies role and content only and trains on every assistant turn";
const HF_DISK_WITH_TRL =
  'load_from_disk(DIR)["train"], max_length at least the longest row; labels are used as they are';
const ROWS_OF_JSON = 'load_dataset("json", data_files=FILE, split="train")';
const ROWS_OF_PARQUET = 'load_dataset("parquet", data_files=FILE, split="train")';
const LLAMAFACTORY_PREFIX =
  "dataset_info.json: formatting sharegpt, columns {messages: messages}, tags {role_tag: role, content_tag: " +
  "content, user_tag: user, assistant_tag: assistant}; mask_history: true, train_on_prompt: false";
/** Without the template a base model is refused, and without the token no end of a turn is trained. */
const AXOLOTL_CHAT =
  "ds_type: json, type: chat_template, field_messages: messages, message_property_mappings {role: role, " +
  'content: content}, roles_to_train: ["assistant"], train_on_eos: turn, train_on_inputs: false; a base model ' +
  "has no chat template, so that one of the Llama 3 family needs chat_template: llama3 and " +
  'eot_tokens: ["<|eot_id|>"] as well';

const TABLE = {
  llamafactory: {
    title: "LLaMA-Factory",
    use: "hf-disk",
    obeys: {
      "hf-disk":
        "tokenized_path: DIR, dataset: any non-empty name, template: the one that was exported with; " +
        "cutoff_len and packing have no effect on it",
      prefix: LLAMAFACTORY_PREFIX,
    },
    mistrains: {
      conversations: NO_MASK_READ,
      messages: NO_MASK_READ,
      openai: NO_MASK_READ,
      together: NO_MASK_READ,
    },
  },
  "llamafactory-v1": {
    title: "LLaMA-Factory v1 engine (USE_V1=1)",
    use: "llamafactory-v1",
    obeys: { "llamafactory-v1": "no converter; the tokenizer's chat template must be prefix-stable" },
    mistrains: { conversations: "its sharegpt converter sets every assistant weight to 1" },
  },
  trl: {
    title: "TRL SFTTrainer",
    use: "hf-disk",
    obeys: {
      "hf-disk": `${HF_DISK_WITH_TRL}, from version 0.20 on`,
      "tokenized-jsonl": `${ROWS_OF_JSON}, max_length at least the longest row, from version 0.20 on`,
      "tokenized-parquet": `${ROWS_OF_PARQUET}, max_length at least the longest row, from version 0.20 on`,
      "prompt-completion": "completion_only_loss=True, max_length at least the longest row",
    },
    mistrains: {
      conversations:
        "loss is dropped when from/value is converted; assistant_only_loss trains every assistant turn",
      messages: "train and loss are ignored; assistant_only_loss trains every assistant turn",
      openai: "weight is ignored; assistant_only_loss trains every assistant turn",
      together: "weight is ignored; assistant_only_loss trains every assistant turn",
      prefix: "it has no setting that trains the last turn only; the same rows as prompt-completion work",
    },
  },
  axolotl: {
    title: "axolotl",
    use: "messages",
    obeys: {
      messages: `message_field_training: train, ${AXOLOTL_CHAT}`,
      openai: `message_field_training: weight, ${AXOLOTL_CHAT}`,
      together: `message_field_training: weight, ${AXOLOTL_CHAT}`,
      "tokenized-jsonl": "ds_type: json, type: (empty); sequence_len at least the longest row",
      "tokenized-parquet": "ds_type: parquet, type: (empty); sequence_len at least the longest row",
    },
    mistrains: {
      conversations: "without message_field_training it trains every assistant turn",
      prefix: "it trains every assistant turn of the row, error turns included",
    },
  },
  "ms-swift": {
    title: "ms-swift",
    use: "messages",
    obeys: {
      messages: "--loss_scale default, version 4.2 or newer",
      conversations: "--loss_scale default, version 4.2 or newer",
    },
    mistrains: {
      openai: "weight is not read; every assistant turn is trained",
      together: "weight is not read; every assistant turn is trained",
      prefix:
        "with --loss_scale default every assistant turn of the row is trained; use --loss_scale last_round or messages",
    },
  },
  unsloth: {
    title: "Unsloth",
    use: "tokenized-parquet",
    obeys: {
      "hf-disk": `${HF_DISK_WITH_TRL}; do not call train_on_responses_only`,
      "tokenized-jsonl": `${ROWS_OF_JSON}; do not call train_on_responses_only`,
      "tokenized-parquet": `${ROWS_OF_PARQUET}; do not call train_on_responses_only`,
    },
    mistrains: {
      conversations: "train_on_responses_only trains every assistant turn",
      messages: "train_on_responses_only trains every assistant turn",
      openai: "train_on_responses_only trains every assistant turn",
    },
  },
  "nemo-rl": {
    title: "NeMo-RL",
    use: "prefix",
    obeys: { prefix: "sft.only_unmask_final: true" },
    mistrains: { messages: NO_MASK_READ, openai: NO_MASK_READ, together: NO_MASK_READ },
  },
  oumi: {
    title: "oumi",
    use: "prefix",
    obeys: { prefix: "collator text_completions_only_with_padding, train_target: final_assistant_turn" },
    mistrains: { messages: NO_MASK_READ, openai: NO_MASK_READ, together: NO_MASK_READ },
  },
  torchtune: {
    title: "torchtune",
    use: "prefix",
    obeys: {
      prefix:
        "chat_dataset, conversation_column: messages, conversation_style: openai, masking_strategy: train_on_last",
    },
    mistrains: { conversations: NO_MASK_READ, messages: NO_MASK_READ, openai: NO_MASK_READ },
  },
  verl: {
    title: "verl",
    use: "tokenized-parquet",
    obeys: {
      "tokenized-parquet": "data.custom_cls: a dataset class of your own that returns the three columns",
    },
    mistrains: { messages: NO_MASK_READ, openai: NO_MASK_READ, together: NO_MASK_READ, prefix: NO_MASK_READ },
  },
  "mistral-finetune": {
    title: "mistral-finetune",
    use: "openai",
    obeys: { openai: "none beside the model's own" },
    mistrains: { messages: "train and loss are not read; every assistant turn is trained" },
  },
  openai: {
    title: "OpenAI fine-tuning",
    use: "openai",
    obeys: { openai: "none; files up to 512 MB; closed to new users" },
    mistrains: {},
  },
  "azure-openai": {
    title: "Azure OpenAI fine-tuning",
    use: "openai",
    obeys: {},
    unconfirmed: {
      openai:
        "none; files up to 512 MB; check first that weight is obeyed, which is inferred from OpenAI's own service",
    },
    mistrains: {},
  },
  together: {
    title: "Together",
    use: "tokenized-parquet",
    obeys: {
      together: "none; roles alternate as exported",
      "tokenized-parquet": "the tokenizer and template of the model that is trained",
    },
    mistrains: { openai: "user messages have no weight, and with weights given, Together trains on them" },
  },
  fireworks: {
    title: "Fireworks",
    use: "openai",
    obeys: {},
    unconfirmed: {
      openai: "none; check first that a message of weight 0 stays in the context, which is not documented",
    },
    mistrains: {},
  },
} as const satisfies Readonly<Record<string, Engine>>;

/** The name of a training engine or service, as the user gives it. */
export type EngineName = keyof typeof TABLE;

/**
 * The engines and services whose treatment of the mask is known, from their sources: LLaMA-Factory 0.9.6, TRL
 * 0.20 to 1.13, axolotl 0.18, ms-swift 4.6, NeMo-RL and oumi of August 2026, verl of January 2026; of the
 * services from their documentation. The paper changed LLaMA-Factory's loss instead (App. D).
 */
export const ENGINES: Readonly<Record<EngineName, Engine>> = TABLE;

export const ENGINE_NAMES: readonly EngineName[] = Object.keys(TABLE).filter(isEngineName);

function isEngineName(name: string): name is EngineName {
  return Object.hasOwn(TABLE, name);
}

/** The engines that `agentrefine train` writes a training for and starts. */
export const TRAINING_ENGINE_NAMES = [
  "llamafactory",
  "trl",
  "axolotl",
] as const satisfies readonly EngineName[];

export type TrainingEngineName = (typeof TRAINING_ENGINE_NAMES)[number];

/** What an engine makes of an export, by the table of what is known about it. */
type EngineVerdict =
  | { readonly code: "obeys" | "unconfirmed"; readonly settings: string }
  | { readonly code: "mistrains"; readonly why: string }
  | { readonly code: "cannot-read" };

export function engineVerdict(engine: Engine, format: ExampleFormatName): EngineVerdict {
  const { obeys, unconfirmed = {}, mistrains } = engine;
  const [settings, hoped, why] = [obeys[format], unconfirmed[format], mistrains[format]];
  if (settings !== undefined) return { code: "obeys", settings };
  if (hoped !== undefined) return { code: "unconfirmed", settings: hoped };
  return why === undefined ? { code: "cannot-read" } : { code: "mistrains", why };
}

/** The settings for an export that an engine obeys, or should obey. */
export function engineSettings(engine: Engine, format: ExampleFormatName): string | undefined {
  const verdict = engineVerdict(engine, format);
  return "settings" in verdict ? verdict.settings : undefined;
}

/**
 * The settings with which an engine computes Eq. 1 from an export; where that is not confirmed they say so.
 *
 * @throws AgentRefineError when the engine would train on error turns, which is the paper's own bad ablation
 * (Table 2), or cannot read the export at all; it names the format to use instead
 */
export function requireEngine(name: EngineName, format: ExampleFormatName): string {
  const engine = ENGINES[name];
  const { title, use } = engine;
  const verdict = engineVerdict(engine, format);
  if ("settings" in verdict) return verdict.settings;
  const problem =
    verdict.code === "mistrains"
      ? `would train on error turns with the format ${format}: ${verdict.why}`
      : `does not read the format ${format}`;
  const settings = engineSettings(engine, use);
  throw new AgentRefineError(`${title} ${problem}`, {
    fix: `Use 'format' ${use}${settings === undefined ? "" : ` (in ${title}: ${settings})`}.`,
  });
}

/** The titles of the engines that read a form of export without a word and train on error turns all the same. */
export function mistrainers(format: ExampleFormatName): readonly string[] {
  return ENGINE_NAMES.map((name) => ENGINES[name])
    .filter(({ mistrains }) => mistrains[format] !== undefined)
    .map(({ title }) => title);
}
