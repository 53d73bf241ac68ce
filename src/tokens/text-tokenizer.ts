import { Tokenizer } from "@huggingface/tokenizers";
import { AgentRefineError } from "../errors.ts";
import { readBpeModel } from "./bpe/bpe-model.ts";
import { byteLevelEncoder } from "./bpe/byte-level.ts";
import { metaspaceEncoder } from "./bpe/metaspace.ts";
import { type AddedToken, type SectionEncoder, sectionEncoding, type TextEncoding } from "./bpe/sections.ts";
import { field, list, type TokenizerFolder } from "./tokenizer-folder.ts";

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

export interface TextTokenizer extends TextEncoding {
  /** The ids of a text in which special tokens stand as text. None is added. */
  encode(text: string): readonly number[];
  /** The text of ids, special tokens included. */
  decode(ids: readonly number[]): string;
  /** Whether a text is one token of its own that no other text can become a part of. */
  isSpecial(text: string): boolean;
  /** The special token with which a text ends, or undefined. */
  specialAtEnd(text: string): string | undefined;
  /** The first special token that stands in a text, or undefined. */
  specialIn(text: string): string | undefined;
}

/** The words of a regular expression that matches any of the texts; longer ones first, as tokenizers do. */
function anyOf(texts: readonly string[], flags: string): RegExp {
  const words = [...texts]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(words.length === 0 ? "(?!)" : words.join("|"), flags);
}

function openLibrary({ path, tokenizer, config }: TokenizerFolder): Tokenizer {
  try {
    return new Tokenizer(tokenizer, config);
  } catch (error) {
    throw new AgentRefineError(`the tokenizer in ${path} cannot be used: ${error}`, {
      fix: "Give the folder of a model whose tokenizer.json is complete.",
      cause: error,
    });
  }
}

/** The added tokens of a `tokenizer.json`; a token with an empty text can never be found. */
function addedTokens(tokenizer: object): readonly (AddedToken & { readonly isSpecial: boolean })[] {
  return list(field(tokenizer, "added_tokens")).flatMap((token) => {
    const [id, content] = [field(token, "id"), field(token, "content")];
    return typeof id === "number" && typeof content === "string" && content !== ""
      ? [{ id, content, isSpecial: field(token, "special") === true }]
      : [];
  });
}

/**
 * A tokenizer from the files of its folder. Texts are encoded by our own encoder where it knows the kind, which is
 * several times as fast, and else by the library, which also decodes.
 *
 * @throws AgentRefineError when the library cannot read `tokenizer.json`; when our encoder can, not before a text is
 * decoded, because opening the library takes a large part of a second
 */
export function openTokenizer(folder: TokenizerFolder): TextTokenizer {
  const added = addedTokens(folder.tokenizer);
  const specials = added.filter(({ isSpecial }) => isSpecial).map(({ content }) => content);
  const special = new Set(specials);
  const pattern = anyOf(specials, "u");
  const encoder = openSectionEncoder(folder.tokenizer);
  let opened = encoder === undefined ? openLibrary(folder) : undefined;
  const library = (): Tokenizer => {
    opened ??= openLibrary(folder);
    return opened;
  };
  const everyAdded = anyOf(
    added.map(({ content }) => content),
    "gu",
  );
  const encoding: TextEncoding =
    encoder === undefined
      ? { encode: (text) => library().encode(text, { add_special_tokens: false }).ids, joins: () => false }
      : sectionEncoding(encoder, added, everyAdded);
  return {
    ...encoding,
    decode: (ids) =>
      ids.length === 0
        ? ""
        : library().decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
    isSpecial: (text) => special.has(text),
    specialAtEnd: (text) => specials.find((token) => text.endsWith(token)),
    specialIn: (text) => pattern.exec(text)?.[0],
  };
}
