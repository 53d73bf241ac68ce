const SPACE = "\\t-\\r\\x1c-\\x20";
const UNICODE_SPACE = `${SPACE}\\x{85}\\p{Z}`;

/** How RE2 spells the sets of Python, which are Unicode there and ASCII here; outside a class and inside one. */
const SETS = {
  unicode: {
    outside: {
      d: "\\p{Nd}",
      D: "\\P{Nd}",
      w: "[\\p{L}\\p{N}_]",
      W: "[^\\p{L}\\p{N}_]",
      s: `[${UNICODE_SPACE}]`,
      S: `[^${UNICODE_SPACE}]`,
    },
    // RE2 has no short form for the negations of `\w` and `\s` inside a class; they stay as they are.
    inside: { d: "\\p{Nd}", D: "\\P{Nd}", w: "\\p{L}\\p{N}_", W: "\\W", s: UNICODE_SPACE, S: "\\S" },
  },
  ascii: {
    outside: { d: "\\d", D: "\\D", w: "\\w", W: "\\W", s: `[${SPACE}]`, S: `[^${SPACE}]` },
    inside: { d: "\\d", D: "\\D", w: "\\w", W: "\\W", s: SPACE, S: "\\S" },
  },
} as const;
const ANCHORS: Readonly<Record<string, string>> = { A: "\\A", Z: "\\z", b: "\\b", B: "\\B" };

/** What was read last, which says whether it can be repeated. */
type Last = "nothing" | "anchor" | "atom" | "repeat";

interface Piece {
  readonly text: string;
  /** A set, such as `\d`, cannot end a range; an anchor cannot be repeated. */
  readonly kind: "atom" | "set" | "anchor";
}

/** Reads a pattern from left to right as Python's `re` does (3.11 to 3.13) and writes it for RE2. */
class Translation {
  readonly #source: string;
  readonly #sets: (typeof SETS)["unicode" | "ascii"];
  #at = 0;
  #last: Last = "nothing";
  #result = "";
  readonly #end: string;

  constructor(source: string, isAscii: boolean, isSearch: boolean) {
    this.#source = source;
    // Python's `$` also stands before a line end that ends the text, which a match of the whole text never needs.
    this.#end = isSearch ? "(?:\\n?\\z)" : "$";
    this.#sets = isAscii ? SETS.ascii : SETS.unicode;
  }

  run(): string {
    while (this.#at < this.#source.length) this.#step(this.#source.charAt(this.#at));
    return this.#result;
  }

  #step(character: string): void {
    const repeat = this.#take(/[*+?]|\{(?:\d+|\d*,\d*)\}/y);
    if (repeat !== undefined) this.#repeat(repeat);
    else if (character === "(") this.#open();
    else if (character === "[") this.#emit(this.#readClass(), "atom");
    else if (character === "\\") {
      const { text, kind } = this.#escape(false);
      this.#emit(text, kind === "anchor" ? "anchor" : "atom");
    } else {
      this.#at += 1;
      this.#plain(character);
    }
  }

  #plain(character: string): void {
    if (character === "|") this.#emit("|", "nothing");
    else if (character === "^") this.#emit("^", "anchor");
    else if (character === "$") this.#emit(this.#end, "anchor");
    else this.#emit(character === "{" ? "\\{" : character, "atom");
  }

  #emit(text: string, last: Last): void {
    this.#result += text;
    this.#last = last;
  }

  /** Takes what the sticky expression matches here. */
  #take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const taken = expression.exec(this.#source)?.[0];
    if (taken !== undefined) this.#at += taken.length;
    return taken;
  }

  #repeat(repeat: string): void {
    if (this.#last === "repeat") throw new Error(`"${repeat}" repeats what is repeated already`);
    if (this.#last !== "atom") throw new Error(`there is nothing to repeat before "${repeat}"`);
    const lazy = this.#take(/\?/y) ?? "";
    if (lazy === "" && this.#take(/\+/y) !== undefined) {
      throw new Error(`possessive repetitions such as "${repeat}+" cannot be matched in linear time`);
    }
    this.#emit(repeat.replace("{,", "{0,") + lazy, "repeat");
  }

  #open(): void {
    const name = this.#take(/\(\?P?<(?![=!])[^>]*>/y);
    if (name !== undefined && !name.startsWith("(?P<")) {
      throw new Error(`a named group is written (?P<name>…), not ${name}`);
    }
    if (name?.charAt(4).match(/\d/)) throw new Error(`the name of ${name} begins with a digit`);
    const flags = this.#take(/\(\?[a-zA-Z]*(?:-[a-zA-Z]*)?[:)]/y);
    if (flags !== undefined) this.#checkFlags(flags);
    // Lookaround and the like are refused by RE2.
    this.#emit(name ?? flags ?? this.#take(/\(\??/y) ?? "", "nothing");
  }

  #checkFlags(flags: string): void {
    const [on = "", off] = flags.slice(2, -1).split("-");
    const unknown = /[^ims]/.exec(on + (off ?? ""))?.[0];
    if (unknown !== undefined) throw new Error(`the flag "${unknown}" of ${flags} is not known`);
    if (off === "" || [...on].some((flag) => off?.includes(flag))) throw new Error(`${flags} is no flags`);
    const isFirst = /^(?:\(\?[ims]+\))*$/.test(this.#source.slice(0, this.#at));
    if (flags.endsWith(")") && !isFirst) throw new Error(`the flags ${flags} do not stand at the beginning`);
  }

  #readClass(): string {
    let text = this.#take(/\[\^?/y) ?? "";
    // A "]" that comes first stands for itself.
    do text += this.#range();
    while (this.#take(/\]/y) === undefined);
    return `${text}]`;
  }

  /** A member of a class, or a range of them. */
  #range(): string {
    const low = this.#member();
    if (this.#take(/-(?!\])/y) === undefined) return low.text;
    const high = this.#member();
    if (low.kind === "set" || high.kind === "set") {
      throw new Error(`${low.text}-${high.text} is no range of characters`);
    }
    return `${low.text}-${high.text}`;
  }

  /** One character or set of a class. RE2 reads `[:alpha:]` in a class as a name, and Python does not. */
  #member(): Piece {
    if (this.#source.charAt(this.#at) === "\\") return this.#escape(true);
    const character = this.#take(/./suy);
    if (character === undefined) throw new Error("a class is not closed with ]");
    return { text: /[[\]^\-\\]/.test(character) ? `\\${character}` : character, kind: "atom" };
  }

  #escape(isInside: boolean): Piece {
    this.#at += 1;
    const code = this.#take(isInside ? /[0-7]{1,3}/y : /0[0-7]{0,2}|[1-7][0-7]{2}/y);
    if (code !== undefined) return codePoint(Number.parseInt(code, 8), 0o377, `\\${code}`);
    const letter = this.#take(/./suy);
    if (letter === undefined) throw new Error("it ends with a backslash");
    const set = Object.entries(isInside ? this.#sets.inside : this.#sets.outside).find(
      ([key]) => key === letter,
    );
    if (set !== undefined) return { text: set[1], kind: "set" };
    const anchor = isInside ? undefined : ANCHORS[letter];
    if (anchor !== undefined) return { text: anchor, kind: "anchor" };
    if (isInside && letter === "b") return { text: "\\x08", kind: "atom" };
    if (/[afnrtv]/.test(letter)) return { text: `\\${letter}`, kind: "atom" };
    if (/[xuU]/.test(letter)) return this.#hexadecimal(letter);
    if (/[0-9]/.test(letter)) throw new Error(`\\${letter} refers back to a group`);
    if (/[a-zA-Z]/.test(letter)) throw new Error(`Python does not know \\${letter}`);
    return { text: letter <= "\x7f" ? `\\${letter}` : letter, kind: "atom" };
  }

  #hexadecimal(letter: string): Piece {
    const digits = letter === "x" ? 2 : letter === "u" ? 4 : 8;
    const hex = this.#take(new RegExp(`[0-9a-fA-F]{${digits}}`, "y"));
    if (hex === undefined) throw new Error(`\\${letter} needs ${digits} hexadecimal digits`);
    return codePoint(Number.parseInt(hex, 16), 0x10ffff, `\\${letter}${hex}`);
  }
}

function codePoint(code: number, most: number, written: string): Piece {
  if (code > most) throw new Error(`${written} is no character`);
  return { text: `\\x{${code.toString(16)}}`, kind: "atom" };
}

/**
 * Rewrites a pattern from Python's syntax to RE2's. What means the same in both is left as it is; what only one
 * knows is respelt, or refused with its reason by an Error, as RE2 refuses what it cannot match in linear time.
 * With `isAscii` the result is only right for texts of ASCII, and compiles ten times as fast. With `isSearch` it is
 * looked for anywhere in a text, as `re.search` does.
 */
export function pythonToRe2(source: string, isAscii: boolean, isSearch = false): string {
  return new Translation(source, isAscii, isSearch).run();
}
