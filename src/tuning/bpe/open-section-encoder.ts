import { readBpeModel } from "./bpe-model.ts";
import { byteLevelEncoder } from "./byte-level.ts";
import { field, list } from "./json-field.ts";
import { metaspaceEncoder } from "./metaspace.ts";
import type { SectionEncoder } from "./section-encoder.ts";

/** Whether every added token stands for exactly its own text, wherever that is found. */
function hasPlainAddedTokens(tokenizer: object): boolean {
  const isNormalized = (field(tokenizer, "normalizer") ?? undefined) !== undefined;
  return list(field(tokenizer, "added_tokens")).every(
    (token) =>
      !field(token, "lstrip") &&
      !field(token, "rstrip") &&
      !field(token, "single_word") &&
      !(isNormalized && field(token, "normalized") !== false),
  );
}

/**
 * Our own encoder for the tokenizer of a `tokenizer.json`; undefined when it is of a kind that is not known here. Known
 * are the byte-level ones of Llama 3 and Qwen, and those of the SentencePiece kind of which Mistral's is one.
 */
export function openSectionEncoder(tokenizer: object): SectionEncoder | undefined {
  if (!hasPlainAddedTokens(tokenizer)) return undefined;
  const model = readBpeModel(tokenizer);
  return model && (byteLevelEncoder(tokenizer, model) ?? metaspaceEncoder(tokenizer, model));
}
