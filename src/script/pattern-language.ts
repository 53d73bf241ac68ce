import { choiceOf, type Language, sizeOf } from "./language.ts";

/** Repetitions that have no end of their own end here. */
const LONGEST = 120;
/** Characters of the longest text of a pattern. */
const MOST_CHARACTERS = 600;
/** From so many characters on a class stands for any text, which is not left empty. */
const ANY_TEXT = 20;

function characters(from: string, to: string): readonly string[] {
  const [first = 0, last = -1] = [from.codePointAt(0), to.codePointAt(0)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_each, at) =>
    String.fromCodePoint(first + at),
  );
}

/** What of a class is offered: no quote and no backslash, which stand otherwise in JSON, and nothing beyond ASCII. */
const OFFERED: ReadonlySet<string> = new Set(
  characters(" ", "~").filter((character) => character !== '"' && character !== "\\"),
);
const SETS: Readonly<Record<string, readonly string[]>> = {
  d: characters("0", "9"),
  w: [...characters("a", "z"), ...characters("A", "Z"), ...characters("0", "9"), "_"],
  s: [" "],
};
const PUNCTUATION = /^[!-/:-@[-`{-~ ]$/;
/** What means something in a pattern when it stands there by itself. */
const SPECIAL = /^[\\^$.|?*+()[\]{}]$/;

/** A part of the pattern that is not understood, so that nothing is said of it. */
class NotUnderstood extends Error {}

interface Repetition {
  readonly least: number;
  readonly most: number;
}

/** Reads a pattern of Python's syntax; whatever it does not know ends the reading. */
class Reader {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source.replace(/^\^/, "").replace(/(?<!\\)\$$/, "");
  }

  run(): Language {
    const language = this.#choice();
    if (this.#at < this.#source.length) throw new NotUnderstood();
    return language;
  }

  #take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const taken = expression.exec(this.#source) ?? undefined;
    if (taken !== undefined) this.#at += taken[0].length;
    return taken;
  }

  #choice(): Language {
    const options = [this.#sequence()];
    while (this.#take(/\|/y) !== undefined) options.push(this.#sequence());
    return choiceOf(options);
  }

  #sequence(): Language {
    const parts: Language[] = [];
    for (let part = this.#atom(); part !== undefined; part = this.#atom()) {
      const repetition = this.#repetition();
      parts.push(repetition === undefined ? part : repeated(part, repetition));
    }
    return { kind: "sequence", parts };
  }

  #atom(): Language | undefined {
    const next = this.#source.charAt(this.#at);
    if (next === "" || next === "|" || next === ")") return undefined;
    if (next === "(") return this.#group();
    if (next === "[") return { kind: "character", of: this.#class() };
    if (this.#take(/\./y) !== undefined) return { kind: "character", of: OFFERED };
    if (next === "\\") {
      const { set, text } = this.#escape();
      return set === undefined ? { kind: "text", text } : { kind: "character", of: new Set(set) };
    }
    if (SPECIAL.test(next)) throw new NotUnderstood();
    return { kind: "text", text: this.#take(/./suy)?.[0] ?? "" };
  }

  #group(): Language {
    if (this.#take(/\((?:\?:|\?P<\w+>|(?!\?))/y) === undefined) throw new NotUnderstood();
    this.#depth += 1;
    if (this.#depth > 8) throw new NotUnderstood();
    const language = this.#choice();
    this.#depth -= 1;
    if (this.#take(/\)/y) === undefined) throw new NotUnderstood();
    return language;
  }

  #escape(): { readonly set?: readonly string[]; readonly text: string } {
    this.#at += 1;
    const letter = this.#take(/./suy)?.[0] ?? "";
    const set = Object.hasOwn(SETS, letter) ? SETS[letter] : undefined;
    if (set !== undefined) return { set, text: "" };
    if (PUNCTUATION.test(letter)) return { text: letter };
    throw new NotUnderstood();
  }

  #class(): ReadonlySet<string> {
    const isNegated = this.#take(/\[\^?/y)?.[0] === "[^";
    const members = new Set<string>();
    let isFirst = true;
    while (isFirst || this.#take(/\]/y) === undefined) {
      isFirst = false;
      for (const member of this.#members()) members.add(member);
    }
    // Of what is left out, all must be known; of what is let in, what is offered suffices.
    const of = new Set([...OFFERED].filter((character) => members.has(character) !== isNegated));
    if (of.size === 0) throw new NotUnderstood();
    return of;
  }

  #members(): readonly string[] {
    if (this.#source.charAt(this.#at) === "\\") {
      const { set, text } = this.#escape();
      if (set !== undefined) return set;
      return this.#range(text);
    }
    const low = this.#take(/[^\\]/suy)?.[0];
    if (low === undefined) throw new NotUnderstood();
    return this.#range(low);
  }

  #range(low: string): readonly string[] {
    if (this.#take(/-(?!\])/y) === undefined) return [low];
    const high = this.#take(/[^\\[\]]/suy)?.[0];
    if (high === undefined || low > high || high > "\u00ff") throw new NotUnderstood();
    return characters(low, high);
  }

  #repetition(): Repetition | undefined {
    const [sign, exact, least, most] = this.#take(/[*+?]|\{(?:(\d{1,3})|(\d{0,3}),(\d{0,3}))\}/y) ?? [];
    if (sign === undefined) return undefined;
    this.#take(/\?/y);
    if (this.#take(/[*+?{]/y) !== undefined) throw new NotUnderstood();
    if (sign === "*") return { least: 0, most: LONGEST };
    if (sign === "+") return { least: 1, most: LONGEST };
    if (sign === "?") return { least: 0, most: 1 };
    const from = Number(exact ?? least);
    const to = most === undefined || most === "" ? Math.max(from, LONGEST) : Number(most);
    return { least: from, most: exact === undefined ? to : from };
  }
}

function isAnyText(part: Language): boolean {
  return part.kind === "character" && part.of.size >= ANY_TEXT;
}

function repeated(part: Language, { least, most }: Repetition): Language {
  if (most < least) throw new NotUnderstood();
  if (part.kind !== "character" || !isAnyText(part)) return { kind: "repeat", part, least, most };
  // Spaces at its ends would be trimmed off an action.
  const inner: Language = {
    kind: "character",
    of: new Set([...part.of].filter((character) => character !== " ")),
  };
  const tail: Language = {
    kind: "sequence",
    parts: [{ kind: "repeat", part, least: Math.max(0, least - 2), most: Math.max(0, most - 2) }, inner],
  };
  if (most < 2) return most === 0 ? { kind: "sequence", parts: [] } : inner;
  const parts =
    least >= 2 ? [inner, tail] : [inner, { kind: "repeat", part: tail, least: 0, most: 1 } as const];
  return { kind: "sequence", parts };
}

/** What the texts of a language are at one of their ends: whether there may be a space, and whether there may be nothing. */
function endOf(
  language: Language,
  end: "first" | "last",
): { readonly space: boolean; readonly empty: boolean } {
  switch (language.kind) {
    case "text": {
      const edge = end === "first" ? language.text.at(0) : language.text.at(-1);
      return { space: edge !== undefined && edge.trim() === "", empty: edge === undefined };
    }
    case "character":
      return { space: language.of.has(" "), empty: false };
    case "choice": {
      const ends = language.options.map((option) => endOf(option, end));
      return { space: ends.some(({ space }) => space), empty: ends.some(({ empty }) => empty) };
    }
    case "repeat": {
      const { space, empty } = endOf(language.part, end);
      return { space: space && language.most > 0, empty: empty || language.least === 0 };
    }
    case "sequence":
      return endOfSequence(end === "first" ? language.parts : language.parts.toReversed(), end);
  }
}

function endOfSequence(parts: readonly Language[], end: "first" | "last"): ReturnType<typeof endOf> {
  for (const part of parts) {
    const { space, empty } = endOf(part, end);
    if (space || !empty) return { space, empty: false };
  }
  return { space: false, empty: true };
}

function isOffered(language: Language): boolean {
  const edges = [endOf(language, "first"), endOf(language, "last")];
  return edges.every(({ space, empty }) => !space && !empty) && sizeOf(language) <= MOST_CHARACTERS;
}

/**
 * A part of the texts that a pattern accepts as a whole, in Python's syntax: every text of it is accepted, and what a
 * pattern of letters, classes, groups, alternatives and repetitions is made for is in it. Undefined for patterns that
 * say more, and for such as could begin or end with a space, which is trimmed off an action.
 */
export function patternLanguage(pattern: string): Language | undefined {
  try {
    const language = new Reader(pattern).run();
    return isOffered(language) ? language : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}
