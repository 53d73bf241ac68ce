import { words } from "./python-text.ts";

const PUNCTUATION = /[!-/:-@[-`{-~]/g;
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
/** Answers that no other one is partly right about. */
const CLOSED = new Set(["yes", "no", "noanswer"]);

/** An answer without what its form leaves open: case, punctuation, articles, spaces. */
export function normalizeAnswer(answer: string): string {
  return words(answer.toLowerCase().replace(PUNCTUATION, "").replace(ARTICLES, " ")).join(" ");
}

function countWords(text: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of text) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function f1Of(given: string, right: string): number {
  if (given !== right && (CLOSED.has(given) || CLOSED.has(right))) return 0;
  const givenWords = words(given);
  const rightWords = words(right);
  const available = countWords(rightWords);
  let same = 0;
  for (const [word, count] of countWords(givenWords)) same += Math.min(count, available.get(word) ?? 0);
  if (same === 0) return 0;
  const precision = same / givenWords.length;
  const recall = same / rightWords.length;
  return (2 * precision * recall) / (precision + recall);
}

/** How right an answer is, by HotpotQA's measures: exact match (0 or 1), and F1 over its words, both normalised. */
export function scoreAnswer(answer: string, right: string): { readonly em: 0 | 1; readonly f1: number } {
  const given = normalizeAnswer(answer);
  const expected = normalizeAnswer(right);
  return { em: given === expected ? 1 : 0, f1: f1Of(given, expected) };
}
