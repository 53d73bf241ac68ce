import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TokenizerFolder } from "../tokenizer-folder.ts";

/**
 * The characters that stand for bytes in byte-level vocabularies: printable ones for themselves, others from 256 on.
 */
function byteCharacters(): readonly string[] {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_unused, byte) =>
    String.fromCharCode(isPrintable(byte) ? byte : next++),
  );
}

const LLAMA3_PATTERN =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** The patterns of other families: Qwen 2's, and GPT-2's. */
export const OTHER_PATTERNS: readonly string[] = [
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
];

const SPECIALS = [
  "<|begin_of_text|>",
  "<|start_header_id|>",
  "<|end_header_id|>",
  "<|eot_id|>",
  "<|im_start|>",
  "<|im_end|>",
];

/** A template of ChatML's kind that is stable and ends each answer with a token and a line break. */
export const CHATML_TEMPLATE: string =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

function vocabulary(specials: readonly string[]): {
  readonly vocab: object;
  readonly merges: readonly object[];
} {
  const bytes = byteCharacters();
  const space = bytes[32] ?? "";
  const line = bytes[10] ?? "";
  const merges = [
    ["T", "h"],
    ["i", "n"],
    ["o", "n"],
    ["t", "i"],
    [space, "t"],
    [space, "a"],
    ["Th", "o"],
    ["u", "g"],
    ["ug", "h"],
    ["Tho", "ugh"],
    ["Though", "t"],
    ["Thought", ":"],
    [line, line],
    [`${line}${line}`, "Thought:"],
    ["A", "c"],
    ["ti", "on"],
    ["Ac", "tion"],
    [line, "Action"],
  ] as const;
  const tokens = [...specials, ...bytes, ...merges.map(([a, b]) => a + b)];
  return { vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges };
}

/**
 * A byte-level tokenizer shaped like Llama 3's, small enough to be built by the test itself: every byte, a few merges
 * of which some reach over a line break when no pattern cuts there, and the special tokens of two templates.
 */
export function tinyTokenizer(
  options: {
    readonly chatTemplate?: string;
    readonly specials?: readonly string[];
    readonly cutsWords?: boolean;
    readonly pattern?: string;
  } = {},
): TokenizerFolder {
  const {
    chatTemplate = CHATML_TEMPLATE,
    specials = SPECIALS,
    cutsWords = true,
    pattern = LLAMA3_PATTERN,
  } = options;
  const { vocab, merges } = vocabulary(specials);
  const addedTokens = specials.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
  const split = { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false };
  return {
    path: "tiny",
    tokenizer: {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: addedTokens,
      normalizer: null,
      pre_tokenizer: cutsWords ? { type: "Sequence", pretokenizers: [split, byteLevel] } : byteLevel,
      post_processor: null,
      decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab,
        merges,
      },
    },
    config: {
      tokenizer_class: "PreTrainedTokenizerFast",
      bos_token: "<|begin_of_text|>",
      eos_token: "<|eot_id|>",
    },
    bosToken: "<|begin_of_text|>",
    eosToken: "<|eot_id|>",
    chatTemplate,
  };
}

/** Writes a tokenizer as a folder of a Hugging Face model. */
export async function writeTokenizer(path: string, folder: TokenizerFolder): Promise<void> {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "tokenizer.json"), JSON.stringify(folder.tokenizer));
  await writeFile(
    join(path, "tokenizer_config.json"),
    JSON.stringify({ ...folder.config, chat_template: folder.chatTemplate }),
  );
}
