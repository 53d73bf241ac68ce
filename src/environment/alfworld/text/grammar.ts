import * as z from "zod";
import { AgentRefineError, errorMessage } from "../../../errors.ts";

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

/** One way to write a symbol, in force when its condition has a match. */
export interface TextRule {
  readonly condition: readonly Condition[] | undefined;
  readonly symbols: readonly TextSymbol[];
}

/** How an action is told: as a command, and what is answered when it is done. */
interface ActionText {
  readonly template: readonly TextSymbol[];
  readonly feedback: readonly TextSymbol[];
}

/** The texts of a game (twl2): of its actions by their names in lower case, and the rules behind them. */
export interface Grammar {
  readonly actions: ReadonlyMap<string, ActionText>;
  readonly rules: ReadonlyMap<string, readonly TextRule[]>;
}

const rulesSchema = z.record(
  z.string(),
  z.array(z.looseObject({ rhs: z.string(), condition: z.string().optional() })),
);

/** Reads a document part by part. */
class Document {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Takes what the sticky expression matches behind blanks and comments. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const blanks = /(?:\s+|#.*)*/y;
    blanks.lastIndex = this.#at;
    const from = this.#at + (blanks.exec(this.#text)?.[0].length ?? 0);
    pattern.lastIndex = from;
    const match = pattern.exec(this.#text) ?? undefined;
    if (match !== undefined) this.#at = from + match[0].length;
    return match;
  }

  error(problem: string): AgentRefineError {
    const line = this.#text.slice(0, this.#at).split("\n").length;
    return new AgentRefineError(`grammar, line ${line}: ${problem}`);
  }

  /** Reads what a part holds; a problem in it is told with the line where the part ends. */
  reading<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (error instanceof AgentRefineError) throw error;
      throw this.error(errorMessage(error));
    }
  }
}

const BLOCK = /grammar\s*::\s*"""([\s\S]*?)"""\s*;/y;
const IGNORED = /pddl\s*::\s*"""[\s\S]*?"""\s*;/y;
const FIELD = /(template|feedback)\s*::\s*"([^"]*)"\s*;/y;
const ACTION = /action\s+([\w/-]+)\s*\{/y;

type Rules = ReadonlyMap<string, readonly TextRule[]>;

/** Blocks of rules that were read already: games differ in the block that tells their task, and in no other. */
const blocks = new Map<string, Rules>();
const MOST_BLOCKS = 64;

function parseRules(json: string): Rules {
  const read = rulesSchema.safeParse(JSON.parse(json));
  if (!read.success) throw new Error(`not a table of rules: ${z.prettifyError(read.error)}`);
  const entries = Object.entries(read.data).map(([name, rules]) => {
    const made = rules.map(
      ({ rhs, condition }): TextRule => ({
        symbols: readSymbols(rhs),
        condition: condition ? readQuery(condition) : undefined,
      }),
    );
    return [name, made] as const;
  });
  return new Map(entries);
}

function readRules(document: Document, json: string, into: Map<string, readonly TextRule[]>): void {
  const rules = blocks.get(json) ?? document.reading(() => parseRules(json));
  if (blocks.size >= MOST_BLOCKS) blocks.clear();
  blocks.set(json, rules);
  for (const [name, own] of rules) into.set(name, own);
}

function readAction(document: Document, rules: Map<string, readonly TextRule[]>): ActionText {
  const texts: Record<string, readonly TextSymbol[]> = {};
  for (;;) {
    const block = document.take(BLOCK);
    const field = block ?? document.take(FIELD);
    if (block !== undefined) {
      const lines = (block[1] ?? "").split("\n").filter((line) => !line.trimStart().startsWith("#"));
      readRules(document, lines.join("\n"), rules);
    } else if (field !== undefined) {
      texts[field[1] ?? ""] = document.reading(() => readSymbols(field[2] ?? ""));
    } else if (document.take(IGNORED) === undefined) break;
  }
  if (document.take(/\}/y) === undefined) throw document.error('expected the "}" of an action');
  const { template, feedback } = texts;
  if (template === undefined || feedback === undefined) {
    throw document.error("an action has a template and a feedback");
  }
  return { template, feedback };
}

/** Reads a game's grammar. Throws an AgentRefineError with the line that cannot be read. */
export function readGrammar(text: string): Grammar {
  const document = new Document(text);
  const rules = new Map<string, readonly TextRule[]>();
  const actions = new Map<string, ActionText>();
  for (;;) {
    const block = document.take(BLOCK);
    const action = block === undefined ? document.take(ACTION) : undefined;
    if (block !== undefined) readRules(document, block[1] ?? "", rules);
    else if (action !== undefined) actions.set((action[1] ?? "").toLowerCase(), readAction(document, rules));
    else break;
  }
  if (document.take(/$/y) === undefined) throw document.error("expected a grammar or an action");
  return { actions, rules };
}
