import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AgentRefineError } from "../errors.ts";
import { storageError } from "../runs/storage-error.ts";

/** What a local model's `config.json` tells of it. */
export interface ModelConfiguration {
  /** How many tokens its embeddings know; undefined when that is not told. */
  readonly vocabulary: number | undefined;
  /** About how many parameters it has, in thousands of millions; undefined when its form is not known. */
  readonly billions: number | undefined;
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
 * Reads the `config.json` of a model's folder.
 *
 * @throws AgentRefineError when it cannot be read or is no JSON object
 */
export async function readModelConfiguration(folder: string): Promise<ModelConfiguration> {
  const path = join(folder, "config.json");
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw storageError(error, "read", path);
  });
  let read: z.infer<typeof configurationSchema>;
  try {
    read = configurationSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new AgentRefineError(`${path} is not a model's configuration`, {
      fix: "Copy the file again.",
      cause: error,
    });
  }
  const { text_config: shape = read } = read;
  const found = parameters(shape);
  return {
    vocabulary: shape.vocab_size,
    billions: found === undefined ? undefined : found / 1e9,
  };
}
