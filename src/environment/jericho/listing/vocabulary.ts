import { dictionaryAt } from "../zmachine/dictionary.ts";
import { type Memory, stringAt } from "../zmachine/text.ts";

/** A word of a game's dictionary, cut to the length that the game knows. */
export interface Word {
  readonly text: string;
  readonly isNoun: boolean;
  readonly isVerb: boolean;
  /** A verb that speaks to the program and not to the story; Inform alone tells. */
  readonly isMeta: boolean;
  readonly isPreposition: boolean;
  /** The number of its verb, counted from 0, and of its preposition; -1 when it is none. */
  readonly verb: number;
  readonly preposition: number;
}

/** Who made a story: their dictionaries and grammars differ. */
type Maker = "inform" | "infocom";

/** Of the games that are played here, those of version 3 are Infocom's. */
export function makerOf({ story }: Memory): Maker {
  return story.version === 3 ? "infocom" : "inform";
}

function informWord(memory: Memory, text: string, data: number): Word {
  const flags = memory.byte(data);
  return {
    text,
    isNoun: (flags & 0x80) !== 0,
    isVerb: (flags & 1) !== 0,
    isMeta: (flags & 2) !== 0,
    isPreposition: (flags & 8) !== 0,
    verb: (flags & 1) !== 0 ? 255 - memory.byte(data + 1) : -1,
    preposition: (flags & 8) !== 0 ? memory.byte(data + 2) : -1,
  };
}

/** The flags' last two bits say which part of speech the first of the two numbers belongs to. */
function infocomWord(memory: Memory, text: string, data: number): Word {
  const flags = memory.byte(data);
  const number = (first: number) => memory.byte((flags & 3) === first ? data + 1 : data + 2);
  return {
    text,
    isNoun: (flags & 0xa0) !== 0,
    isVerb: (flags & 0x40) !== 0,
    isMeta: false,
    isPreposition: (flags & 8) !== 0,
    verb: (flags & 0x40) !== 0 ? 255 - number(1) : -1,
    preposition: (flags & 8) !== 0 ? number(0) : -1,
  };
}

/** All words of a story's dictionary, in its order. */
export function wordsOf(memory: Memory): readonly Word[] {
  const { entries, entryLength, count } = dictionaryAt(memory, memory.story.dictionary);
  const textLength = memory.story.version === 3 ? 4 : 6;
  const read = makerOf(memory) === "inform" ? informWord : infocomWord;
  return Array.from({ length: count }, (_, i) => {
    const entry = entries + i * entryLength;
    return read(memory, stringAt(memory, entry), entry + textLength);
  });
}

/** Verbs of players by how common they are, the most common first: of several that do the same, the first is listed. */
const COMMON: readonly string[] = `
  examine look north east west south take ask wait get put open down up push search read turn enter give
  talk drop out eat wear show climb throw hit pull listen touch close yes smell press jump tell load
  unlock stand go use shoot remove in cut break kiss sit move sing drink play think say tie dig pour kill
  sleep kick buy attack light consult wave pray point knock no clean rub dance burn fill shake wake blow
  attach hide call swim ride switch reach exit connect follow lick count see make plug ring type set lock
  write cast answer feel empty lift pick squeeze taste leave run walk insert swing hug adjust feed cross
  raise extinguish board to off on into
`
  .trim()
  .split(/\s+/);

const RANK: ReadonlyMap<string, number> = new Map(COMMON.map((verb, rank) => [verb, rank]));

/** How common a verb is: the lower, the more. A word that a game cuts short counts as the whole one. */
export function rankOf(verb: string, cutAt: number): number {
  const exact = RANK.get(verb);
  if (exact !== undefined) return exact;
  if (verb.length < cutAt) return COMMON.length;
  const found = COMMON.findIndex((each) => each.startsWith(verb));
  return found < 0 ? COMMON.length : found;
}

/** The most common of several words; the first of those that are equally so. */
export function mostCommon(words: readonly string[], cutAt: number): string {
  return words.reduce((best, word) => (rankOf(word, cutAt) < rankOf(best, cutAt) ? word : best));
}
