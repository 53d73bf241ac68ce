import type { Story } from "./story.ts";

/** Reads a machine's memory. */
export interface Memory {
  readonly story: Story;
  byte(address: number): number;
  word(address: number): number;
}

/** Characters 155 to 223 of ZSCII in Latin-1; the two ligatures are not in it. */
const BEYOND_ASCII = "äöüÄÖÜß»«ëïÿËÏáéíóúýÁÉÍÓÚÝàèìòùÀÈÌÒÙâêîôûÂÊÎÔÛåÅøØãñõÃÑÕæÆçÇþðÞÐ£??¡¿";
const FIRST_BEYOND = 155;
const QUESTION = 63;

const ALPHABET = `abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ^0123456789.,!?_#'"/\\-:()`;
const LETTERS = 26;

/** A ZSCII character in Latin-1, a question mark for those that it has not. */
export function fromZscii(memory: Memory, code: number): number {
  if (code < FIRST_BEYOND) return code;
  const table = memory.story.characters;
  const place = code - FIRST_BEYOND;
  if (table === 0) return place < BEYOND_ASCII.length ? BEYOND_ASCII.charCodeAt(place) : QUESTION;
  if (place >= memory.byte(table)) return QUESTION;
  const character = memory.word(table + 1 + 2 * place);
  return character < 0x100 ? character : QUESTION;
}

/** A character of Latin-1 in ZSCII. */
export function toZscii(memory: Memory, code: number): number {
  if (code < 0xa0) return code;
  const table = memory.story.characters;
  if (table === 0) {
    const place = BEYOND_ASCII.indexOf(String.fromCharCode(code));
    return place < 0 ? QUESTION : FIRST_BEYOND + place;
  }
  for (let place = 0; place < memory.byte(table); place += 1) {
    if (memory.word(table + 1 + 2 * place) === code) return FIRST_BEYOND + place;
  }
  return QUESTION;
}

function letter(memory: Memory, set: number, place: number): number {
  const table = memory.story.alphabet;
  if (set === 2 && place === 1) return NEW_LINE;
  if (table === 0) return ALPHABET.charCodeAt(LETTERS * set + place);
  return fromZscii(memory, memory.byte(table + LETTERS * set + place));
}

const NEW_LINE = 13;

/** Where in a string its reading stands. */
interface Reading {
  set: number;
  /** 0 a character, 1 to 3 an abbreviation of that block, 4 and 5 the two halves of a ZSCII code. */
  expects: number;
  half: number;
}

function readCharacter(memory: Memory, reading: Reading, code: number, to: number[]): void {
  const { expects, set } = reading;
  if (expects === 4) {
    reading.half = code;
    reading.expects = 5;
  } else if (expects === 5) {
    reading.expects = 0;
    to.push(fromZscii(memory, (reading.half << 5) | code));
  } else if (expects > 0) {
    reading.expects = 0;
    const abbreviation = memory.word(memory.story.abbreviations + 64 * (expects - 1) + 2 * code);
    read(memory, 2 * abbreviation, to);
  } else if (code === 4 || code === 5) {
    reading.set = code - 3;
  } else {
    reading.set = 0;
    if (code === 0) to.push(32);
    else if (code < 4) reading.expects = code;
    else if (code === 6 && set === 2) reading.expects = 4;
    else to.push(letter(memory, set, code - 6));
  }
}

function read(memory: Memory, address: number, to: number[]): void {
  const reading: Reading = { set: 0, expects: 0, half: 0 };
  for (let at = address; ; at += 2) {
    const word = memory.word(at);
    readCharacter(memory, reading, (word >> 10) & 31, to);
    readCharacter(memory, reading, (word >> 5) & 31, to);
    readCharacter(memory, reading, word & 31, to);
    if ((word & 0x8000) !== 0 || at >= memory.story.bytes.length) return;
  }
}

/** The characters of the string at a byte address, in Latin-1. */
export function charactersAt(memory: Memory, address: number): readonly number[] {
  const characters: number[] = [];
  read(memory, address, characters);
  return characters;
}

/** The address after a string, without reading it. */
export function afterString(memory: Memory, address: number): number {
  let at = address;
  while ((memory.word(at) & 0x8000) === 0 && at < memory.story.bytes.length) at += 2;
  return at + 2;
}

/** A string as text. */
export function stringAt(memory: Memory, address: number): string {
  return String.fromCharCode(...charactersAt(memory, address)).replaceAll("\r", "\n");
}

/** The codes that stand for a character in a word of the dictionary. */
function codesOf(memory: Memory, character: number): readonly number[] {
  let found = 0;
  while (found < ALPHABET.length && letter(memory, 0, found) !== character) found += 1;
  const set = Math.floor(found / LETTERS);
  if (found < ALPHABET.length) return set === 0 ? [found + 6] : [3 + set, (found % LETTERS) + 6];
  const code = toZscii(memory, character);
  return [5, 6, code >> 5, code & 31];
}

/** A word as the dictionary has it: two or three words of three codes each, cut and padded. */
export function encodeWord(memory: Memory, text: string): readonly number[] {
  const length = memory.story.version === 3 ? 6 : 9;
  const codes: number[] = [];
  for (let i = 0; i < text.length && codes.length < length; i += 1) {
    codes.push(...codesOf(memory, text.charCodeAt(i)));
  }
  while (codes.length < length) codes.push(5);
  const words: number[] = [];
  for (let i = 0; i < length; i += 3) {
    words.push(((codes[i] ?? 0) << 10) | ((codes[i + 1] ?? 0) << 5) | (codes[i + 2] ?? 0));
  }
  return words.map((word, i) => (i === words.length - 1 ? word | 0x8000 : word));
}
