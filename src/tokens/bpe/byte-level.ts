import { field, list } from "../tokenizer-folder.ts";
import type { BpeModel } from "./bpe-model.ts";
import { mergeTokens } from "./merge-tokens.ts";
import type { SectionEncoder } from "./sections.ts";
import { wordMemory } from "./word-memory.ts";

/**
 * The patterns by which Llama 3, Qwen 2 and GPT-2 cut texts into words, as they stand in `tokenizer.json`, in the
 * words of JavaScript. White space is Unicode's, which has other characters than `\s` here; `(?i:'s)` also means ſ,
 * the one letter beside S that becomes an s. All three match at every place of a text and never look back.
 */
const PATTERNS: ReadonlyMap<string, RegExp> = new Map([
  [
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    /'(?:[sSſtTmMdD]|[rRvV][eE]|[lL][lL])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n]*|\p{White_Space}*[\r\n]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu,
  ],
  [
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    /'(?:[sSſtTmMdD]|[rRvV][eE]|[lL][lL])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n]*|\p{White_Space}*[\r\n]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu,
  ],
  [
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
    /'(?:[stmd]|[rv]e|ll)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu,
  ],
]);

/** The pattern of a pre-tokenizer that cuts by a known pattern and then writes bytes as characters. */
function knownPattern(preTokenizer: unknown): RegExp | undefined {
  const [split, bytes, ...others] = list(field(preTokenizer, "pretokenizers"));
  const pattern = field(field(split, "pattern"), "Regex");
  const isKnown =
    field(preTokenizer, "type") === "Sequence" &&
    others.length === 0 &&
    field(split, "type") === "Split" &&
    field(split, "behavior") === "Isolated" &&
    field(split, "invert") !== true &&
    field(bytes, "type") === "ByteLevel" &&
    field(bytes, "add_prefix_space") === false &&
    field(bytes, "use_regex") === false;
  return isKnown && typeof pattern === "string" ? PATTERNS.get(pattern) : undefined;
}

/** The characters by which byte-level vocabularies write bytes: printable ones themselves, others from 256 on. */
function byteCharacters(): readonly string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_unused, byte) => {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
    return String.fromCharCode(isPrintable ? byte : next++);
  });
}

function wordEncoder(model: BpeModel): ((word: string) => readonly number[]) | undefined {
  const characters = byteCharacters();
  const byteIds = characters.map((character) => model.vocabulary.get(character));
  if (byteIds.includes(undefined)) return undefined;
  const utf8 = new TextEncoder();
  return (word) => {
    const bytes = utf8.encode(word);
    if (model.ignoresMerges) {
      let name = "";
      for (const byte of bytes) name += characters[byte] ?? "";
      const id = model.vocabulary.get(name);
      if (id !== undefined) return [id];
    }
    const tokens: number[] = [];
    for (const byte of bytes) tokens.push(byteIds[byte] ?? 0);
    mergeTokens(tokens, model.merges);
    return tokens;
  };
}

/** How far the words of `text` reach that begin before `end`. */
function wordEnds(text: string, end: number, pattern: RegExp): readonly number[] {
  const ends: number[] = [];
  // Every place of a text begins a word, so the last one found ends where the next begins.
  pattern.lastIndex = 0;
  while (pattern.lastIndex < end && pattern.test(text)) ends.push(pattern.lastIndex);
  return ends;
}

/**
 * The encoder of byte-level tokenizers that cut words by a known pattern, such as those of Llama 3 and Qwen; undefined
 * for others.
 *
 * Words are encoded one by one, and where a word ends depends on nothing before it. So two texts that stand together
 * have the tokens that they have apart when the words of the first are the same in both.
 */
export function byteLevelEncoder(tokenizer: object, model: BpeModel): SectionEncoder | undefined {
  const normalizer = field(tokenizer, "normalizer") ?? undefined;
  const composes = field(normalizer, "type") === "NFC";
  const pattern = knownPattern(field(tokenizer, "pre_tokenizer"));
  const encodeWord = wordEncoder(model);
  if (pattern === undefined || encodeWord === undefined || (normalizer !== undefined && !composes)) {
    return undefined;
  }
  const normalized = (text: string): string => (composes ? text.normalize("NFC") : text);
  const append = wordMemory(encodeWord);
  return {
    encode(section, _isFirst, ids) {
      for (const word of normalized(section).match(pattern) ?? []) append(word, ids);
    },
    joins(left, right) {
      const first = normalized(left);
      const whole = normalized(left + right);
      if (composes && whole !== first + normalized(right)) return false;
      const ends = wordEnds(whole, first.length, pattern);
      const endsApart = wordEnds(first, first.length, pattern);
      return ends.length === endsApart.length && ends.every((end, place) => end === endsApart[place]);
    },
  };
}
