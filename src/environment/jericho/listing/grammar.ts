import { type Memory, stringAt } from "../zmachine/text.ts";
import { makerOf, type Word } from "./vocabulary.ts";

/** Stands for a thing in a sentence. */
export const THING = null;

/** A sentence that a game understands: what comes after one of its verbs. Choices are words for one place. */
export interface Sentence {
  readonly verb: number;
  /** What the game does at it. */
  readonly action: number;
  readonly rest: readonly (readonly string[] | typeof THING)[];
}

type Part = Sentence["rest"][number];

/** Where the sentences of each verb begin: a table at the end of what may be written. */
function verbTables(memory: Memory): readonly number[] {
  const base = memory.story.dynamicSize;
  const first = memory.word(base);
  const count = Math.min(255, (first - base) >> 1);
  return Array.from({ length: Math.max(0, count) }, (_, verb) => memory.word(base + 2 * verb));
}

const LINE = 8;

/** Whether the tables follow each other as tables of lines of eight bytes do. */
function hasFixedLines(memory: Memory, tables: readonly number[]): boolean {
  return tables.every((table, i) => {
    const next = tables[i + 1];
    return next === undefined || next === table + 1 + LINE * memory.byte(table);
  });
}

function prepositions(words: readonly Word[], number: number): readonly string[] {
  return words.filter((word) => word.isPreposition && word.preposition === number).map(({ text }) => text);
}

/** Inform's first form of grammars: up to six tokens of a byte each. */
function firstForm(memory: Memory, words: readonly Word[], at: number): Omit<Sentence, "verb"> {
  const rest: Part[] = [];
  let things = memory.byte(at);
  for (let i = 1; i <= 6; i += 1) {
    const token = memory.byte(at + i);
    if (token >= 180) {
      rest.push(prepositions(words, token));
    } else if (things > 0) {
      things -= 1;
      rest.push(THING);
    }
  }
  return { action: memory.byte(at + 7), rest };
}

/** Infocom's lines: how many things, the words before each of them, and what is done. */
function infocomLine(memory: Memory, words: readonly Word[], at: number): Omit<Sentence, "verb"> {
  const rest: Part[] = [];
  const things = memory.byte(at) & 3;
  for (let i = 1; i <= 2; i += 1) {
    const preposition = memory.byte(at + i);
    if (preposition !== 0) rest.push(prepositions(words, preposition));
    if (i <= things) rest.push(THING);
  }
  return { action: memory.byte(at + 7), rest };
}

const END = 15;
const IS_WORD = 2;
/** A word that is another choice for the place of the one before. */
const IS_CHOICE = 0x10;

/** Inform's second form: tokens of three bytes until an end. Returns the sentence and where the next begins. */
function secondForm(memory: Memory, at: number): { sentence: Omit<Sentence, "verb">; next: number } {
  const rest: Part[] = [];
  let token = at + 2;
  while (memory.byte(token) !== END && token < memory.story.bytes.length) {
    const type = memory.byte(token);
    if ((type & 15) === IS_WORD) {
      const text = stringAt(memory, memory.word(token + 1));
      const before = rest.at(-1);
      if ((type & IS_CHOICE) !== 0 && before != null) rest[rest.length - 1] = [...before, text];
      else rest.push([text]);
    } else {
      rest.push(THING);
    }
    token += 3;
  }
  return { sentence: { action: memory.word(at) & 0x3ff, rest }, next: token + 1 };
}

function secondForms(memory: Memory, table: number): readonly Omit<Sentence, "verb">[] {
  const sentences: Omit<Sentence, "verb">[] = [];
  let at = table + 1;
  for (let left = memory.byte(table); left > 0; left -= 1) {
    const { sentence, next } = secondForm(memory, at);
    sentences.push(sentence);
    at = next;
  }
  return sentences;
}

/** The sentences that a game understands, by its grammar tables. */
export function sentencesOf(memory: Memory, words: readonly Word[]): readonly Sentence[] {
  const tables = verbTables(memory);
  const isInform = makerOf(memory) === "inform";
  const readLine = isInform ? firstForm : infocomLine;
  const isFixed = !isInform || hasFixedLines(memory, tables);
  return tables.flatMap((table, verb) => {
    const lines = isFixed
      ? Array.from({ length: memory.byte(table) }, (_, i) => readLine(memory, words, table + 1 + LINE * i))
      : secondForms(memory, table);
    return lines
      .filter(({ rest }) => rest.every((part) => part === THING || part.length > 0))
      .map((line) => ({ ...line, verb }));
  });
}
