import { signed } from "./definition.ts";
import { encodeWord, fromZscii, type Memory } from "./text.ts";

/** A dictionary of a story: what separates words, and where its entries are. */
interface Dictionary {
  readonly separators: readonly number[];
  readonly entryLength: number;
  readonly entries: number;
  readonly count: number;
  readonly isSorted: boolean;
}

/** Reads the head of a dictionary. */
export function dictionaryAt(memory: Memory, address: number): Dictionary {
  const separators = Array.from({ length: memory.byte(address) }, (_, i) => memory.byte(address + 1 + i));
  const head = address + 1 + separators.length;
  const count = signed(memory.word(head + 1));
  return {
    separators,
    entryLength: memory.byte(head),
    entries: head + 3,
    count: Math.abs(count),
    isSorted: count > 0,
  };
}

/** How an encoded word compares with the entry at an address: below 0 when it comes before it. */
function compare(memory: Memory, word: readonly number[], entry: number): number {
  for (let i = 0; i < word.length; i += 1) {
    const difference = (word[i] ?? 0) - memory.word(entry + 2 * i);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The address of an encoded word's entry; 0 when there is none. */
function entryOf(memory: Memory, dictionary: Dictionary, word: readonly number[]): number {
  const { entries, entryLength, count, isSorted } = dictionary;
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = isSorted ? (low + high) >> 1 : low;
    const entry = entries + middle * entryLength;
    const order = compare(memory, word, entry);
    if (order === 0) return entry;
    if (order > 0 || !isSorted) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}

/** Memory that words are written to. */
export interface WritableMemory extends Memory {
  setByte(address: number, value: number): void;
  setWord(address: number, value: number): void;
}

interface Token {
  readonly from: number;
  readonly length: number;
}

const SPACE = 32;

/** Where words stand in a line: what is between blanks, and each separator. */
function tokensOf(line: readonly number[], separators: readonly number[]): readonly Token[] {
  const tokens: Token[] = [];
  let from = -1;
  const end = (at: number) => {
    if (from >= 0) tokens.push({ from, length: at - from });
    from = -1;
  };
  line.forEach((code, at) => {
    if (separators.includes(code)) {
      end(at);
      tokens.push({ from: at, length: 1 });
    } else if (code === SPACE) {
      end(at);
    } else if (from < 0) {
      from = at;
    }
  });
  end(line.length);
  return tokens;
}

/** Splits the line of a text buffer into words and writes their entries to a parse buffer. */
export function tokenise(
  memory: WritableMemory,
  {
    text,
    parse,
    dictionary: given,
    keepUnknown,
  }: { text: number; parse: number; dictionary: number; keepUnknown: boolean },
): void {
  const isOld = memory.story.version <= 4;
  const start = isOld ? 1 : 2;
  const line: number[] = [];
  const length = isOld ? 255 : memory.byte(text + 1);
  for (let i = 0; i < length && !(isOld && memory.byte(text + start + i) === 0); i += 1) {
    line.push(memory.byte(text + start + i));
  }
  const dictionary = dictionaryAt(memory, given === 0 ? memory.story.dictionary : given);
  const tokens = tokensOf(line, dictionary.separators).slice(0, memory.byte(parse));
  memory.setByte(parse + 1, tokens.length);
  tokens.forEach((token, i) => {
    const word = line.slice(token.from, token.from + token.length);
    const characters = word.map((code) => String.fromCharCode(fromZscii(memory, code))).join("");
    const entry = entryOf(memory, dictionary, encodeWord(memory, characters));
    if (entry === 0 && keepUnknown) return;
    const at = parse + 2 + 4 * i;
    memory.setWord(at, entry);
    memory.setByte(at + 2, token.length);
    memory.setByte(at + 3, token.from + start);
  });
}
