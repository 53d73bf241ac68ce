/** A value in a text: a name, a word of one's own, several put together, or the first that is not empty. */
export type Expression =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "value"; readonly variable: string; readonly attribute: string }
  | { readonly kind: "join" | "first"; readonly parts: readonly Expression[] };

/** A variable of a query with its type. */
export interface Placeholder {
  readonly name: string;
  readonly type: string;
}

/** A fact with variables, of which all must hold together. */
export interface Condition {
  readonly predicate: string;
  readonly placeholders: readonly Placeholder[];
}

/** What a rule's text is made of. */
export type TextSymbol =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "rule"; readonly name: string }
  | { readonly kind: "expression"; readonly expression: Expression }
  | {
      /** One text for each match of the query; `isList` puts separators between them. */
      readonly kind: "each";
      readonly isList: boolean;
      readonly inner: TextSymbol;
      readonly query: readonly Condition[] | undefined;
    };

/** What cannot be read, in words. */
function unreadable(what: string, text: string): Error {
  return new Error(`${what} "${text.trim()}" cannot be read`);
}

function readTerm(term: string): Expression | undefined {
  if (/^['"]/.test(term)) return term.length > 1 ? { kind: "literal", text: term.slice(1, -1) } : undefined;
  const value = /^(\w+)(?:\.(\w+))?$/.exec(term);
  return value === null
    ? undefined
    : { kind: "value", variable: value[1] ?? "", attribute: value[2] ?? "name" };
}

/** Reads the part of Python's expressions that grammars use: names with attributes, quoted texts, `+` and `or`. */
function readExpression(text: string): Expression {
  const words = text.match(/'[^']*'|"[^"]*"|[\w.]+|\S/g) ?? [];
  const choices: Expression[][] = [[]];
  words.forEach((word, place) => {
    if (place % 2 === 0) {
      const term = readTerm(word);
      if (term === undefined) throw unreadable("the expression", text);
      choices.at(-1)?.push(term);
    } else if (word === "or") choices.push([]);
    else if (word !== "+") throw unreadable("the expression", text);
  });
  if (words.length % 2 === 0) throw unreadable("the expression", text);
  const joined = choices.map((terms): Expression => onlyOr("join", terms));
  return onlyOr("first", joined);
}

function onlyOr(kind: "join" | "first", parts: readonly Expression[]): Expression {
  const [only, ...others] = parts;
  return only !== undefined && others.length === 0 ? only : { kind, parts };
}

/** Reads `p(x:t, y:u) & q(x:t)`. A variable without a type has its own name as type. */
export function readQuery(text: string): readonly Condition[] {
  return text.split("&").map((part) => {
    const match = /^\s*([\w/-]+)\s*\(([^()]*)\)\s*$/.exec(part);
    if (match === null) throw unreadable("the condition", part);
    const inner = (match[2] ?? "").trim();
    const placeholders = inner === "" ? [] : inner.split(",").map(readPlaceholder);
    return { predicate: match[1] ?? "", placeholders };
  });
}

function readPlaceholder(text: string): Placeholder {
  const match = /^\s*(\w+)\s*(?::\s*([\w/-]+)\s*)?$/.exec(text);
  if (match === null) throw unreadable("the variable", text);
  return { name: match[1] ?? "", type: match[2] ?? match[1] ?? "" };
}

/** Reads symbols from left to right; what cannot be read ends the text, as in the original. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  *symbols(): Generator<TextSymbol> {
    for (;;) {
      this.#skipBlanks();
      const symbol = this.#symbol();
      if (symbol === undefined) return;
      yield symbol;
    }
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0];
    if (taken !== undefined) this.#at += taken.length;
    return taken;
  }

  /** Tabs between symbols, and blank lines and comments where a line begins, are not part of a text. */
  #skipBlanks(): void {
    for (;;) {
      const before = this.#at;
      this.#take(/\t+/y);
      const isLineStart = this.#at === 0 || this.#text[this.#at - 1] === "\n";
      if (isLineStart) this.#take(/(?:\/\/.*|\s*)\n?/y);
      if (this.#at === before) return;
    }
  }

  #symbol(): TextSymbol | undefined {
    const begin = this.#at;
    const symbol =
      this.#list() ?? this.#reset(begin) ?? this.#each(false) ?? this.#reset(begin) ?? this.#rule();
    if (symbol !== undefined) return symbol;
    this.#at = begin;
    const text = this.#take(/[^;|"<>[\]#{}]+/y);
    return text === undefined ? undefined : { kind: "text", text };
  }

  #reset(begin: number): undefined {
    this.#at = begin;
    return undefined;
  }

  #rule(): TextSymbol | undefined {
    const tag = this.#take(/#[\w()/!<>\-\s,.]+#/y);
    return tag === undefined ? undefined : { kind: "rule", name: tag.slice(1, -1) };
  }

  #list(): TextSymbol | undefined {
    if (this.#take(/\[\t*/y) === undefined) return undefined;
    const each = this.#each(true);
    return this.#take(/\t*\]/y) === undefined ? undefined : each;
  }

  #each(isList: boolean): TextSymbol | undefined {
    if (this.#take(/\{\t*/y) === undefined) return undefined;
    const statement = (): TextSymbol | undefined => {
      const text = this.#take(/[^|[\]{}\n<>]+/y);
      return text === undefined ? undefined : { kind: "expression", expression: readExpression(text) };
    };
    const inner = this.#rule() ?? statement();
    const given = this.#take(/\s*\|\s*[^;|{}\n[\]#]+/y);
    if (inner === undefined || this.#take(/\t*\}/y) === undefined) return undefined;
    if (given === undefined && !isList) return inner;
    return {
      kind: "each",
      isList,
      inner,
      query: given === undefined ? undefined : readQuery(given.trim().slice(1)),
    };
  }
}

/** Reads the text of a rule. Throws an Error that tells what cannot be read. */
export function readSymbols(text: string): readonly TextSymbol[] {
  return [...new Reader(text).symbols()];
}
