import type { TokenizerFolder } from "./tokenizer-folder.ts";

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Before a space and a letter, after anything but white space. */
const BEFORE_WORD = /(?<=\S)(?= \p{L})/u;
/** Before a space, after anything but a space and the sign that stands for one. */
const BEFORE_SPACE = /(?<=[^ \u2581])(?= )/u;

/**
 * The patterns by which GPT-2, Llama 3 and Qwen 2 cut texts into words. Each begins a word at a single space that a
 * letter follows, whatever stands before it, and none reaches over such a place.
 */
const KNOWN_PATTERNS: ReadonlySet<string> = new Set([
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
]);

function splitsByKnownPattern(preTokenizer: unknown): boolean {
  const [split, bytes, ...others] = list(field(preTokenizer, "pretokenizers"));
  const pattern = field(field(split, "pattern"), "Regex");
  return (
    field(preTokenizer, "type") === "Sequence" &&
    others.length === 0 &&
    field(split, "type") === "Split" &&
    field(split, "behavior") === "Isolated" &&
    field(split, "invert") !== true &&
    typeof pattern === "string" &&
    KNOWN_PATTERNS.has(pattern) &&
    field(bytes, "type") === "ByteLevel" &&
    field(bytes, "add_prefix_space") === false &&
    field(bytes, "use_regex") === false
  );
}

/**
 * Whether spaces only ever begin tokens: then no merge reaches over the place before a space, and what stands on its
 * two sides is merged independently.
 */
function spacesBeginTokens(tokenizer: object): boolean {
  const preTokenizer = field(tokenizer, "pre_tokenizer");
  const vocabulary = field(field(tokenizer, "model"), "vocab");
  const scheme = field(preTokenizer, "prepend_scheme");
  return (
    field(preTokenizer, "type") === "Metaspace" &&
    (scheme === "always" || scheme === "never") &&
    field(preTokenizer, "replacement") === "\u2581" &&
    field(field(tokenizer, "model"), "byte_fallback") === true &&
    typeof vocabulary === "object" &&
    vocabulary !== null &&
    !Object.keys(vocabulary).some((token) => /[^\u2581]\u2581/u.test(token))
  );
}

/**
 * A pattern for places at which a text between special tokens can be cut so that the tokens of the pieces are the
 * tokens of the whole; undefined when none is known for the tokenizer. Known are the byte-level tokenizers of GPT-2,
 * Llama 3 and Qwen, and those of the SentencePiece kind whose vocabulary shows it, such as Mistral's.
 */
export function safeCuts({ tokenizer }: TokenizerFolder): RegExp | undefined {
  const normalizer = field(tokenizer, "normalizer");
  const dropout = field(field(tokenizer, "model"), "dropout");
  if (field(field(tokenizer, "model"), "type") !== "BPE" || (dropout ?? 0) !== 0) return undefined;
  const plainTokens = list(field(tokenizer, "added_tokens")).every(
    (token) => !field(token, "lstrip") && !field(token, "rstrip") && !field(token, "single_word"),
  );
  if (!plainTokens) return undefined;
  const isUnchanged = normalizer === null || normalizer === undefined;
  if (isUnchanged && spacesBeginTokens(tokenizer)) return BEFORE_SPACE;
  // Composing characters (NFC) does not reach over a space either.
  if (!isUnchanged && field(normalizer, "type") !== "NFC") return undefined;
  return splitsByKnownPattern(field(tokenizer, "pre_tokenizer")) ? BEFORE_WORD : undefined;
}
