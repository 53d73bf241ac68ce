import { hash32 } from "../random.ts";

/**
 * Words are runs of letters and digits. Chinese, Japanese, Thai, Lao, Khmer and Burmese put no space between
 * words, so each of their characters counts as one.
 */
const UNSPACED =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const WORD = new RegExp(`[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+`, "gu");

/**
 * The set of runs of `size` words in a text, each hashed to 32 bits, sorted and without repetition. Case,
 * punctuation and the ways of writing a letter make no difference. A text with fewer words is one shingle.
 */
export function wordShingles(text: string, size: number): Uint32Array {
  const plain = text.normalize("NFKC").toLowerCase();
  const words = plain.match(WORD) ?? [];
  if (words.length < size) return Uint32Array.of(hash32(words.length === 0 ? plain : words.join(" ")));
  const hashes = new Set<number>();
  for (let start = 0; start + size <= words.length; start += 1) {
    hashes.add(hash32(size === 1 ? (words[start] ?? "") : words.slice(start, start + size).join(" ")));
  }
  return Uint32Array.from(hashes).sort();
}

/** Jaccard's similarity of two sets that are sorted and not empty: the share of the union that both have. */
export function jaccard(one: Uint32Array, other: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    const left = one[i] ?? 0;
    const right = other[j] ?? 0;
    if (left === right) shared += 1;
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return shared / (one.length + other.length - shared);
}
