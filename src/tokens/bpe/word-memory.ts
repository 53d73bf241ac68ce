/** How many words are remembered before the older ones are given up, and how long one may be to be. */
const MAXIMUM_WORDS = 40_000;
const MAXIMUM_LENGTH = 64;

/** The ids of a word. Most words are one token, so one id is held as a number and not as a list. */
type WordIds = number | readonly number[];

/** A copy of a text, so that a remembered word does not hold on to the text from which it was cut. */
function copied(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/**
 * Remembers the ids of words, since most words come again: gives a function that appends a word's ids. When there are
 * too many words, those that were not met since the last time are forgotten, so frequent ones always stay.
 */
export function wordMemory(
  encode: (word: string) => readonly number[],
): (word: string, ids: number[]) => void {
  let recent = new Map<string, WordIds>();
  let earlier = new Map<string, WordIds>();
  const remember = (word: string, found: WordIds): void => {
    if (recent.size >= MAXIMUM_WORDS) {
      earlier = recent;
      recent = new Map();
    }
    recent.set(word, found);
  };
  const learn = (word: string): WordIds => {
    const known = earlier.get(word);
    const encoded = known ?? encode(word);
    const found = typeof encoded === "object" && encoded.length === 1 ? (encoded[0] ?? encoded) : encoded;
    if (word.length <= MAXIMUM_LENGTH) remember(copied(word), found);
    return found;
  };
  return (word, ids) => {
    const found = recent.get(word) ?? learn(word);
    if (typeof found === "number") ids.push(found);
    else for (const id of found) ids.push(id);
  };
}
