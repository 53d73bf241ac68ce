import {
  type CharacterRange,
  type CharacterSet,
  characterSet,
  type SimplePart,
  type SimplePattern,
} from "./simple-pattern.ts";

/** What `\d`, `\w` and `\s` accept in Python, in ASCII and beyond. */
interface CharacterClass {
  readonly ranges: readonly CharacterRange[];
  readonly beyondAscii: RegExp;
}
const DIGITS: CharacterRange = { first: 0x30, last: 0x39 };
const CLASSES: ReadonlyMap<string, CharacterClass> = new Map([
  ["d", { ranges: [DIGITS], beyondAscii: /\p{Nd}/u }],
  [
    "w",
    {
      ranges: [{ first: 0x61, last: 0x7a }, { first: 0x41, last: 0x5a }, DIGITS, { first: 0x5f, last: 0x5f }],
      beyondAscii: /[\p{L}\p{N}]/u,
    },
  ],
  [
    "s",
    {
      ranges: [
        { first: 0x1c, last: 0x20 },
        { first: 0x09, last: 0x0d },
      ],
      beyondAscii: /[\x85\p{Z}]/u,
    },
  ],
]);
const ANY_BUT_LINE_FEED: CharacterSet = characterSet(true, [{ first: 0x0a, last: 0x0a }], []);

const SPECIAL = new Set("\\^$.|?*+()[]{}");
const QUANTIFIERS = "?*+{";
/** Characters that stand for themselves. */
const PLAIN_TEXT = /[^\\^$.|?*+()[\]{}]+/y;
const GROUP_OPENING = /\?(?::|P<([A-Za-z_][A-Za-z0-9_]*)>)/y;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** How long an action is, usually, in characters. */
const USUAL_LENGTH = 40;

/** Thrown inside the reader for anything that is not simple; never leaves this module. */
class NotSimple extends Error {}

function single(character: string): CharacterRange {
  const code = character.codePointAt(0) ?? 0;
  return { first: code, last: code };
}

class SimplePatternReader {
  #source = "";
  #at = 0;
  #groups: (string | undefined)[] = [];
  #ways = 1;

  read(source: string): SimplePattern {
    this.#source = source;
    this.#at = 0;
    this.#groups = [];
    this.#ways = 1;
    const parts = this.#whole();
    return { parts, groups: this.#groups, ways: this.#ways };
  }

  #whole(): readonly SimplePart[] {
    if (this.#peek() === "^") this.#at += 1;
    const parts = this.#sequence();
    if (this.#peek() === "$" && this.#at === this.#source.length - 1) this.#at += 1;
    if (this.#at < this.#source.length) throw new NotSimple();
    return parts;
  }

  /** The next character, for comparisons with special ones; "" at the end. */
  #peek(ahead = 0): string {
    return this.#source.charAt(this.#at + ahead);
  }

  /** Takes the next character, whole also where it has two units. */
  #next(): string {
    const code = this.#source.codePointAt(this.#at);
    if (code === undefined) throw new NotSimple();
    const character = code > 0xffff ? String.fromCodePoint(code) : this.#source.charAt(this.#at);
    this.#at += character.length;
    return character;
  }

  #sequence(): readonly SimplePart[] {
    const parts: SimplePart[] = [];
    for (let next = this.#peek(); next !== "" && !"|)$".includes(next); next = this.#peek()) {
      parts.push(next === "(" ? this.#group() : (this.#plainText() ?? this.#atom()));
    }
    return parts;
  }

  /** Plain characters up to one that has a quantifier of its own. */
  #plainText(): SimplePart | undefined {
    PLAIN_TEXT.lastIndex = this.#at;
    let text = PLAIN_TEXT.exec(this.#source)?.[0] ?? "";
    const after = this.#peek(text.length);
    if (after !== "" && QUANTIFIERS.includes(after)) {
      text = text.slice(0, (text.codePointAt(text.length - 2) ?? 0) > 0xffff ? -2 : -1);
    }
    if (text === "") return undefined;
    this.#at += text.length;
    return { kind: "text", text };
  }

  #atom(): SimplePart {
    const set = this.#set();
    const symbol = this.#quantifier();
    if (symbol === undefined) return { kind: "set", set };
    if (symbol === "?") return this.#option({ kind: "set", set });
    this.#ways *= USUAL_LENGTH + 1;
    return { kind: "repeat", set, isRequired: symbol === "+", isLazy: this.#isLazy() };
  }

  #set(): CharacterSet {
    const character = this.#next();
    if (character === "[") return this.#listedSet();
    if (character === ".") return ANY_BUT_LINE_FEED;
    if (character !== "\\" && SPECIAL.has(character)) throw new NotSimple();
    const ranges: CharacterRange[] = [];
    const beyondAscii: RegExp[] = [];
    if (character !== "\\") ranges.push(single(character));
    else this.#escaped(ranges, beyondAscii);
    return characterSet(false, ranges, beyondAscii);
  }

  /** Takes what follows a backslash; returns the character when it is one and no class. */
  #escaped(ranges: CharacterRange[], beyondAscii: RegExp[]): string | undefined {
    const escaped = this.#next();
    const listed = CLASSES.get(escaped);
    if (listed !== undefined) {
      ranges.push(...listed.ranges);
      beyondAscii.push(listed.beyondAscii);
      return undefined;
    }
    if (LETTER_OR_DIGIT.test(escaped)) throw new NotSimple();
    ranges.push(single(escaped));
    return escaped;
  }

  #listedSet(): CharacterSet {
    const isNegated = this.#peek() === "^";
    if (isNegated) this.#at += 1;
    if (this.#peek() === "]") throw new NotSimple();
    const ranges: CharacterRange[] = [];
    const beyondAscii: RegExp[] = [];
    for (let next = this.#next(); next !== "]"; next = this.#next()) {
      if (next === "[") throw new NotSimple();
      const first = next === "\\" ? this.#escaped(ranges, beyondAscii) : next;
      if (this.#peek() === "-" && this.#peek(1) !== "]") ranges.push(this.#range(first));
      else if (next !== "\\") ranges.push(single(next));
    }
    return characterSet(isNegated, ranges, beyondAscii);
  }

  /** Takes the rest of a range; `first` is undefined where a class stands before the dash. */
  #range(first: string | undefined): CharacterRange {
    this.#at += 1;
    const last = this.#next();
    if (first === undefined || last === "\\" || last === "[") throw new NotSimple();
    const range = { first: single(first).first, last: single(last).last };
    if (range.last < range.first) throw new NotSimple();
    return range;
  }

  /** Takes the quantifier of an atom or a group, if there is one, without the `?` that makes it lazy. */
  #quantifier(): string | undefined {
    const symbol = this.#peek();
    if (symbol === "" || !QUANTIFIERS.includes(symbol)) return undefined;
    const after = this.#peek(1);
    if (symbol === "{" || (after !== "" && "*+{".includes(after))) throw new NotSimple();
    this.#at += 1;
    return symbol;
  }

  #isLazy(): boolean {
    const isLazy = this.#peek() === "?";
    if (isLazy) this.#at += 1;
    return isLazy;
  }

  #option(part: SimplePart): SimplePart {
    this.#ways *= 2;
    return { kind: "option", part, isLazy: this.#isLazy() };
  }

  #group(): SimplePart {
    this.#at += 1;
    const capture = this.#groupOpening();
    const alternatives = [this.#sequence()];
    while (this.#peek() === "|") {
      this.#at += 1;
      alternatives.push(this.#sequence());
    }
    if (this.#next() !== ")") throw new NotSimple();
    this.#ways *= alternatives.length;
    const symbol = this.#quantifier();
    const group: SimplePart = { kind: "group", capture, alternatives };
    if (symbol === undefined) return group;
    // A group that repeats could hold something that repeats.
    if (symbol !== "?") throw new NotSimple();
    return this.#option(group);
  }

  /** Takes what follows the bracket, and returns the group's place among those that capture. */
  #groupOpening(): number | undefined {
    let name: string | undefined;
    if (this.#peek() === "?") {
      GROUP_OPENING.lastIndex = this.#at;
      const opening = GROUP_OPENING.exec(this.#source);
      if (opening === null) throw new NotSimple();
      this.#at += opening[0].length;
      name = opening[1];
      if (name === undefined) return undefined;
      if (this.#groups.includes(name)) throw new NotSimple();
    }
    return this.#groups.push(name) - 1;
  }
}

/** One for all patterns: V8 forgets the compiled code of a class of which no object lives. */
const READER: SimplePatternReader = new SimplePatternReader();

/** Reads a pattern in Python's syntax as a simple one; undefined when it is not, or is no pattern at all. */
export function readSimplePattern(source: string): SimplePattern | undefined {
  if (!source.isWellFormed()) return undefined;
  try {
    return READER.read(source);
  } catch (error) {
    if (error instanceof NotSimple) return undefined;
    throw error;
  }
}
