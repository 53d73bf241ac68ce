/**
 * A pattern that V8's own engine can match without running away: a sequence of characters and classes, groups
 * and alternations, in which nothing that repeats is repeated again. Nearly all patterns of actions are.
 */
export interface SimplePattern {
  /** For `new RegExp(source, "u")`; matches the whole text. */
  readonly source: string;
  /** The names of its groups, in order; undefined for a group without one. */
  readonly groups: readonly (string | undefined)[];
  /** How many of its parts repeat without bound. */
  readonly repeats: number;
  /** In how many ways its options and alternations can be chosen. */
  readonly choices: number;
}

/** How much V8's engine may have to try, at worst, before RE2 is used instead. */
const MAXIMUM_TRIES = 100_000;

/** Whether the pattern is matched fast by trying: the number of ways to match is small for such a length. */
export function isTriable({ repeats, choices }: SimplePattern, length: number): boolean {
  return choices * (length + 1) ** repeats <= MAXIMUM_TRIES;
}

/** What `\d`, `\w` and `\s` mean: as in Python, or what is left of that in ASCII, which compiles at once. */
type Classes = ReadonlyMap<string, string>;
const UNICODE: Classes = new Map([
  ["d", "\\p{Nd}"],
  ["w", "\\p{L}\\p{N}_"],
  ["s", "\\t-\\r\\x1c-\\x20\\x85\\p{Z}"],
]);
const ASCII: Classes = new Map([
  ["d", "0-9"],
  ["w", "A-Za-z0-9_"],
  ["s", "\\t-\\r\\x1c-\\x20"],
]);

const SPECIAL = new Set("\\^$.|?*+()[]{}");

const PLAIN = /^[A-Za-z0-9 ]$/;

function literal(character: string): string {
  if (PLAIN.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

const GROUP_OPENING = /\?(?::|P<([A-Za-z_][A-Za-z0-9_]*)>)/y;

/** Thrown inside the reader for anything that is not simple; never leaves this module. */
class NotSimple extends Error {}

class SimplePatternReader {
  readonly groups: (string | undefined)[] = [];
  repeats = 0;
  choices = 1;
  readonly #source: string;
  readonly #classes: Classes;
  #at = 0;

  constructor(source: string, classes: Classes) {
    this.#source = source;
    this.#classes = classes;
  }

  read(): string {
    if (this.#peek() === "^") this.#at += 1;
    const source = this.#sequence();
    if (this.#peek() === "$" && this.#at === this.#source.length - 1) this.#at += 1;
    if (this.#at < this.#source.length) throw new NotSimple();
    return source;
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

  #sequence(): string {
    let source = "";
    for (let next = this.#peek(); next !== "" && !"|)$".includes(next); next = this.#peek()) {
      source += next === "(" ? this.#group() : this.#atom();
    }
    return source;
  }

  #atom(): string {
    const character = this.#next();
    return this.#atomSource(character) + this.#quantifier(true);
  }

  #atomSource(character: string): string {
    if (character === "\\") return this.#escape();
    if (character === "[") return this.#class();
    if (character === ".") return "[^\\n]";
    if (SPECIAL.has(character)) throw new NotSimple();
    return literal(character);
  }

  /** What follows an atom or a group; only an atom may repeat without bound. */
  #quantifier(mayRepeat: boolean): string {
    const quantifier = this.#peek();
    if (quantifier === "" || !"?*+{".includes(quantifier)) return "";
    if (quantifier === "{" || (quantifier !== "?" && !mayRepeat)) throw new NotSimple();
    this.#at += 1;
    if (quantifier === "?") this.choices *= 2;
    else this.repeats += 1;
    const after = this.#peek();
    if (after !== "" && "*+{".includes(after)) throw new NotSimple();
    if (after !== "?") return quantifier;
    this.#at += 1;
    return `${quantifier}?`;
  }

  #escape(): string {
    const escaped = this.#next();
    const escapedClass = this.#classes.get(escaped);
    if (escapedClass !== undefined) return `[${escapedClass}]`;
    if (/[\p{L}\p{N}]/u.test(escaped)) throw new NotSimple();
    return literal(escaped);
  }

  #class(): string {
    let source = "[";
    if (this.#peek() === "^") source += this.#next();
    if (this.#peek() === "]") throw new NotSimple();
    for (let next = this.#next(); next !== "]"; next = this.#next()) source += this.#classItem(next);
    return `${source}]`;
  }

  #classItem(first: string): string {
    if (first === "[") throw new NotSimple();
    if (first !== "\\") return literal(first) + this.#rangeEnd(first);
    const escaped = this.#next();
    const escapedClass = this.#classes.get(escaped);
    if (escapedClass === undefined) {
      if (/[\p{L}\p{N}]/u.test(escaped)) throw new NotSimple();
      return literal(escaped) + this.#rangeEnd(escaped);
    }
    if (this.#peek() === "-" && this.#peek(1) !== "]") throw new NotSimple();
    return escapedClass;
  }

  #rangeEnd(first: string): string {
    if (this.#peek() !== "-" || this.#peek(1) === "]") return "";
    this.#at += 1;
    const last = this.#next();
    if (last === "\\" || last === "[" || (last.codePointAt(0) ?? 0) < (first.codePointAt(0) ?? 0)) {
      throw new NotSimple();
    }
    return `-${literal(last)}`;
  }

  #group(): string {
    this.#at += 1;
    const opening = this.#groupOpening();
    const alternatives = [this.#sequence()];
    while (this.#peek() === "|") {
      this.#at += 1;
      alternatives.push(this.#sequence());
    }
    if (this.#next() !== ")") throw new NotSimple();
    this.choices *= alternatives.length;
    return `${opening}${alternatives.join("|")})${this.#quantifier(false)}`;
  }

  #groupOpening(): string {
    if (this.#peek() !== "?") {
      this.groups.push(undefined);
      return "(";
    }
    GROUP_OPENING.lastIndex = this.#at;
    const [opening, name] = GROUP_OPENING.exec(this.#source) ?? [];
    if (opening === undefined || (name !== undefined && this.groups.includes(name))) throw new NotSimple();
    this.#at += opening.length;
    if (name === undefined) return "(?:";
    this.groups.push(name);
    return "(";
  }
}

/**
 * Reads a pattern in Python's syntax as a simple one; undefined when it is not, or is no pattern at all. With
 * `isAscii` the result is only right for texts of ASCII.
 */
export function readSimplePattern(source: string, isAscii: boolean): SimplePattern | undefined {
  const reader = new SimplePatternReader(source, isAscii ? ASCII : UNICODE);
  try {
    const whole = reader.read();
    const { groups, repeats, choices } = reader;
    return { source: `^(?:${whole})$`, groups, repeats, choices };
  } catch (error) {
    if (error instanceof NotSimple) return undefined;
    throw error;
  }
}
