import { field, list } from "../tokenizer-folder.ts";
import { type Merge, type MergeTable, mergeTable } from "./merge-tokens.ts";

export interface BpeModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly merges: MergeTable;
  /** Whether a word that is a token is never put together from others. */
  readonly ignoresMerges: boolean;
  /** Whether a character that is no token is written as its bytes. */
  readonly hasByteFallback: boolean;
}

function readVocabulary(value: unknown): ReadonlyMap<string, number> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const vocabulary = new Map<string, number>();
  for (const [token, id] of Object.entries(value)) {
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id >= 2 ** 31) return undefined;
    vocabulary.set(token, id);
  }
  return vocabulary;
}

function readMerge(value: unknown, vocabulary: ReadonlyMap<string, number>): Merge | undefined {
  const [left, right, ...more]: readonly unknown[] =
    typeof value === "string" ? value.split(" ") : list(value);
  if (typeof left !== "string" || typeof right !== "string" || more.length > 0) return undefined;
  const ids = [left, right, left + right].map((token) => vocabulary.get(token));
  const [leftId, rightId, merged] = ids;
  return leftId === undefined || rightId === undefined || merged === undefined
    ? undefined
    : { left: leftId, right: rightId, merged };
}

/** Reads the model of a `tokenizer.json`; undefined when it is another one, or has a setting that is not known here. */
export function readBpeModel(tokenizer: object): BpeModel | undefined {
  const model = field(tokenizer, "model");
  const isPlain =
    field(model, "type") === "BPE" &&
    ["dropout", "continuing_subword_prefix", "end_of_word_suffix"].every((key) => !field(model, key));
  const vocabulary = isPlain ? readVocabulary(field(model, "vocab")) : undefined;
  if (vocabulary === undefined) return undefined;
  const merges: Merge[] = [];
  for (const value of list(field(model, "merges"))) {
    const merge = readMerge(value, vocabulary);
    if (merge === undefined) return undefined;
    merges.push(merge);
  }
  return {
    vocabulary,
    merges: mergeTable(merges),
    ignoresMerges: field(model, "ignore_merges") === true,
    hasByteFallback: field(model, "byte_fallback") === true,
  };
}
