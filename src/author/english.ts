/** Whether the name is spoken with a vowel at its beginning; only what the vocabulary needs. */
function beginsWithVowelSound(name: string): boolean {
  if (/^(?:uni|us[be]|uti|ura|eu|one)/.test(name)) return false;
  return /^(?:[aeiou]|hour|honest|heir|x-ray)/.test(name);
}

/** The name with its indefinite article: "a key", "an oven". */
export function withArticle(name: string): string {
  return `${beginsWithVowelSound(name) ? "an" : "a"} ${name}`;
}

/** A list in words: "a", "a and b", "a, b and c". */
export function joinWords(words: readonly string[], conjunction: "and" | "or" = "and"): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/** The text with a capital at its beginning. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Small numbers in words. */
export function numberWord(number: number): string {
  return ["no", "one", "two", "three", "four", "five", "six"][number] ?? String(number);
}
