import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { TrainingEngineName } from "../dataset/engines.ts";
import { AgentRefineError, storageError } from "../errors.ts";
import { exists } from "../runs/atomic-file.ts";
import { highestTokenId, readTokenizerFolder, tokenizerHash } from "../tokens/tokenizer-folder.ts";
import { TRAINING_ENGINES } from "./engines.ts";
import { billionsInName } from "./recipe.ts";

export interface ModelChoice {
  /** Its folder, or its id on the Hugging Face hub. */
  readonly model: string;
  /** Its tokenizer folder; the model's folder when not given. */
  readonly tokenizer?: string | undefined;
  /** What relative paths are relative to; the working directory when not given. */
  readonly directory?: string | undefined;
}

/** A number of the configuration; what is none tells nothing. */
const count = z.number().int().positive().optional().catch(undefined);

const shapeSchema = z.object({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  intermediate_size: count,
  num_attention_heads: count,
  num_key_value_heads: count,
  head_dim: count,
  num_local_experts: count,
  num_experts: count,
  n_routed_experts: count,
  moe_intermediate_size: count,
  tie_word_embeddings: z.boolean().optional().catch(undefined),
});
/** Models that also see keep the form of their language model in `text_config`. */
const configurationSchema = shapeSchema.extend({ text_config: shapeSchema.optional().catch(undefined) });

type Shape = z.infer<typeof shapeSchema>;

/** The parameters of a model of Llama's kind: embeddings, attention and feed-forward layers, or experts. */
function parameters(shape: Shape): number | undefined {
  const { vocab_size: vocabulary, hidden_size: width, num_hidden_layers: layers } = shape;
  const { intermediate_size: inner, num_attention_heads: heads } = shape;
  if (!(vocabulary && width && layers && inner && heads)) return undefined;
  const headWidth = shape.head_dim ?? width / heads;
  const keyHeads = shape.num_key_value_heads ?? heads;
  const attention = 2 * width * headWidth * (heads + keyHeads);
  const experts = shape.num_local_experts ?? shape.num_experts ?? shape.n_routed_experts;
  const feedForward =
    experts === undefined ? 3 * width * inner : experts * 3 * width * (shape.moe_intermediate_size ?? inner);
  const embeddings = vocabulary * width * (shape.tie_word_embeddings === true ? 1 : 2);
  return embeddings + layers * (attention + feedForward);
}

/**
 * What the `config.json` in a model's folder tells: how many tokens its embeddings know, and about how many thousands
 * of millions of parameters it has, undefined when its form is not known.
 *
 * @throws AgentRefineError when it cannot be read or is no JSON object
 */
export async function readModelConfiguration(folder: string) {
  const path = join(folder, "config.json");
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw storageError(error, "read", path);
  });
  try {
    const read = configurationSchema.parse(JSON.parse(text));
    const { text_config: shape = read } = read;
    const found = parameters(shape);
    return { vocabulary: shape.vocab_size, billions: found && found / 1e9 };
  } catch (error) {
    throw new AgentRefineError(`${path} is not a model's configuration`, {
      fix: "Copy the file again.",
      cause: error,
    });
  }
}

/** The model of a training, and the tokenizer that goes with it. */
export interface TrainingModel {
  /** The model's folder as an absolute path, since the engine works elsewhere; or its id. */
  readonly name: string;
  /** The tokenizer folder as an absolute path. */
  readonly tokenizer: string;
  /** Thousands of millions of parameters, by its name or its `config.json`; undefined when neither tells. */
  readonly billions: number | undefined;
}

const HUB_ID = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)?$/;

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** The model in a folder of this machine, `shown` as it was given; undefined when it is an id. */
async function localModel(shown: string, directory: string) {
  const path = resolve(directory, shown);
  if (!(await exists(path))) {
    if (HUB_ID.test(shown)) return undefined;
    throw new AgentRefineError(`there is no folder ${shown}, and it is not an id of the Hugging Face hub`, {
      fix: "Give the folder of a model, or an id such as meta-llama/Meta-Llama-3-8B.",
    });
  }
  if (!(await isFile(join(path, "config.json")))) {
    throw new AgentRefineError(`${shown} is not the folder of a model: it has no config.json`, {
      fix: "Give the folder that holds config.json and the weights.",
    });
  }
  const hasTokenizer = await isFile(join(path, "tokenizer.json"));
  return { ...(await readModelConfiguration(path)), shown, path, hasTokenizer };
}

type LocalModel = NonNullable<Awaited<ReturnType<typeof localModel>>>;

/** Refuses a tokenizer whose ids mean something else to the model, or nothing. */
async function requireFitting(given: string, path: string, model: LocalModel): Promise<void> {
  const { shown, vocabulary } = model;
  if (model.hasTokenizer) {
    if ((await tokenizerHash(path)) === (await tokenizerHash(model.path))) return;
    throw new AgentRefineError(`${given} is not the tokenizer of ${shown}: their tokenizer.json differ`, {
      fix: "Leave 'tokenizer' out, or copy its tokenizer.json and tokenizer_config.json to the model if it was made with them.",
    });
  }
  const highest = highestTokenId(await readTokenizerFolder(path));
  if (vocabulary === undefined || highest < vocabulary) return;
  throw new AgentRefineError(
    `the tokenizer in ${given} has ids up to ${highest}, and ${shown} knows ${vocabulary} tokens (vocab_size)`,
    { fix: "Give the tokenizer that the model was made with." },
  );
}

async function tokenizerOf(
  given: string | undefined,
  model: LocalModel | undefined,
  directory: string,
): Promise<string> {
  if (given !== undefined) {
    const path = resolve(directory, given);
    await readTokenizerFolder(path);
    if (model !== undefined) await requireFitting(given, path, model);
    return path;
  }
  if (model?.hasTokenizer !== true) {
    throw new AgentRefineError("no tokenizer was given, and the model is not a local folder that has one", {
      fix: "Give the folder with the model's tokenizer.json as 'tokenizer'.",
    });
  }
  return model.path;
}

/**
 * Finds the model and the tokenizer of a training, and makes sure that they fit together where that can be known.
 *
 * @param model a folder, or an id of the Hugging Face hub
 * @param tokenizer its tokenizer folder; the model's own when left out
 * @throws AgentRefineError when one is missing, or they do not
 */
export async function trainingModel(
  engine: TrainingEngineName,
  { model, tokenizer, directory = "." }: ModelChoice,
): Promise<TrainingModel> {
  const local = await localModel(model, directory);
  // It has no setting for a tokenizer that stands elsewhere than the model, and finds that out late.
  const lacksOwn =
    TRAINING_ENGINES[engine].needsOwnTokenizer &&
    local !== undefined &&
    !(await isFile(join(local.path, "tokenizer_config.json")));
  if (lacksOwn) {
    throw new AgentRefineError(`LLaMA-Factory takes the tokenizer from ${model}, which has none`, {
      fix: "Copy tokenizer.json and tokenizer_config.json there, or use trl or axolotl.",
    });
  }
  const name = local?.path ?? model;
  return {
    name,
    tokenizer: await tokenizerOf(tokenizer, local, directory),
    billions: billionsInName(name) ?? local?.billions,
  };
}
