import { Tokenizer } from "@huggingface/tokenizers";
import { AgentRefineError } from "../errors.ts";
import { cachedEncoder } from "./cached-encoder.ts";
import { safeCuts } from "./safe-cuts.ts";
import type { TokenizerFolder } from "./tokenizer-folder.ts";

/** Turns texts into token ids and back. */
export interface TextTokenizer {
  /** The ids of a text in which special tokens stand as text. None is added. */
  encode(text: string): readonly number[];
  /** The text of ids, special tokens included. */
  decode(ids: readonly number[]): string;
  /** Whether a text is one token of its own that no other text can become a part of. */
  isSpecial(text: string): boolean;
  /** Whether a text ends with a special token. */
  endsInSpecial(text: string): boolean;
  /** The first special token that stands in a text, or undefined. */
  specialIn(text: string): string | undefined;
}

interface AddedToken {
  readonly content: string;
  readonly special: boolean;
}

/** The words of a regular expression that matches any of the texts; longer ones first, as tokenizers do. */
function anyOf(texts: readonly string[], flags: string): RegExp {
  const words = [...texts]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return new RegExp(words.length === 0 ? "(?!)" : words.join("|"), flags);
}

/**
 * A tokenizer from the files of its folder.
 *
 * @throws AgentRefineError when the library cannot read `tokenizer.json`
 */
export function openTokenizer(folder: TokenizerFolder): TextTokenizer {
  const { path, tokenizer, config } = folder;
  let library: Tokenizer;
  try {
    library = new Tokenizer(tokenizer, config);
  } catch (error) {
    throw new AgentRefineError(`the tokenizer in ${path} cannot be used: ${error}`, {
      fix: "Give the folder of a model whose tokenizer.json is complete.",
      cause: error,
    });
  }
  const added: readonly AddedToken[] = [...library.get_added_tokens_decoder().values()];
  const specials = added
    .filter(({ special, content }) => special && content !== "")
    .map(({ content }) => content);
  const special = new Set(specials);
  const pattern = anyOf(specials, "u");
  const encode = (text: string): readonly number[] => library.encode(text, { add_special_tokens: false }).ids;
  const cuts = safeCuts(folder);
  const everyAdded = anyOf(
    added.map(({ content }) => content).filter((content) => content !== ""),
    "gu",
  );
  return {
    encode: cuts === undefined ? encode : cachedEncoder(encode, everyAdded, cuts),
    decode: (ids) =>
      ids.length === 0
        ? ""
        : library.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
    isSpecial: (text) => special.has(text),
    endsInSpecial: (text) => specials.some((token) => text.endsWith(token)),
    specialIn: (text) => pattern.exec(text)?.[0],
  };
}
