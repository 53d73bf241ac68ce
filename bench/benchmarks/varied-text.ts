import { type Random, randomFor } from "../../src/random.ts";

/** How many of the words that are put in are made up, so that no other text has them: names, terms, slips. */
const MADE_UP = 0.05;

function madeUp(random: Random, words: readonly string[]): string {
  const [one, other] = [random.pick(words), random.pick(words)];
  return one.slice(0, Math.ceil(one.length / 2)) + other.slice(Math.floor(other.length / 2));
}

function asCapitalised(word: string, like: string): string {
  const first = like.charAt(0);
  return first === first.toLowerCase() ? word : word.charAt(0).toUpperCase() + word.slice(1);
}

/** The words of texts in order, each as often as it is said. */
export function wordsOf(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.toLowerCase().match(/\p{L}+/gu) ?? []);
}

/**
 * A text with other words: each word becomes one drawn from `words`, as often as it is said there, or a made-up one,
 * and each digit another. Punctuation, spaces and capitals stay, so that length and form stay about the same.
 */
export function variedText(
  text: string,
  words: readonly string[],
  ...seed: readonly (string | number)[]
): string {
  const random = randomFor("varied", ...seed);
  return text.replace(/\p{L}+|\d/gu, (found) => {
    if (/\d/.test(found)) return `${random.integer(10)}`;
    const word = random.chance(MADE_UP) ? madeUp(random, words) : random.pick(words);
    return asCapitalised(word, found);
  });
}
