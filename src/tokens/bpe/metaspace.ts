import { field } from "../tokenizer-folder.ts";
import type { BpeModel } from "./bpe-model.ts";
import { mergeTokens } from "./merge-tokens.ts";
import type { SectionEncoder } from "./sections.ts";
import { wordMemory } from "./word-memory.ts";

/** The sign that stands for a space in these vocabularies. */
const SPACE = "\u2581";
/** Before a space, after anything but a space. */
const BEFORE_SPACE = /(?<=[^\u2581])(?=\u2581)/u;

function byteName(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

function wordEncoder({ vocabulary, merges }: BpeModel): ((word: string) => readonly number[]) | undefined {
  const byteIds = Array.from({ length: 256 }, (_unused, byte) => vocabulary.get(byteName(byte)));
  if (byteIds.includes(undefined)) return undefined;
  const utf8 = new TextEncoder();
  return (word) => {
    const tokens: number[] = [];
    for (const character of word) {
      const id = vocabulary.get(character);
      if (id !== undefined) tokens.push(id);
      else for (const byte of utf8.encode(character)) tokens.push(byteIds[byte] ?? 0);
    }
    mergeTokens(tokens, merges);
    return tokens;
  };
}

/**
 * The encoder of tokenizers of the SentencePiece kind, such as Mistral's, whose vocabulary shows that spaces only ever
 * begin tokens; undefined for others. No merge then reaches over the place before a space, and what stands on its two
 * sides is merged independently.
 */
export function metaspaceEncoder(tokenizer: object, model: BpeModel): SectionEncoder | undefined {
  const preTokenizer = field(tokenizer, "pre_tokenizer");
  const scheme = field(preTokenizer, "prepend_scheme");
  const isKnown =
    (field(tokenizer, "normalizer") ?? undefined) === undefined &&
    field(preTokenizer, "type") === "Metaspace" &&
    (scheme === "always" || scheme === "never" || scheme === "first") &&
    field(preTokenizer, "replacement") === SPACE &&
    field(preTokenizer, "split") === false &&
    model.hasByteFallback &&
    !model.ignoresMerges &&
    ![...model.vocabulary.keys()].some((token) => BEFORE_SPACE.test(token));
  const encodeWord = isKnown ? wordEncoder(model) : undefined;
  if (encodeWord === undefined) return undefined;
  const append = wordMemory(encodeWord);
  const beginsWithSpace = (text: string): boolean => text.startsWith(" ") || text.startsWith(SPACE);
  return {
    encode(section, isFirst, ids) {
      const isPrefixed =
        !beginsWithSpace(section) && (scheme === "always" || (scheme === "first" && isFirst));
      const text = `${isPrefixed ? SPACE : ""}${section.replaceAll(" ", SPACE)}`;
      for (const word of text.split(BEFORE_SPACE)) append(word, ids);
    },
    joins: (left, right) =>
      left === ""
        ? scheme !== "first" || beginsWithSpace(right)
        : !/[ \u2581]$/u.test(left) && beginsWithSpace(right),
  };
}
