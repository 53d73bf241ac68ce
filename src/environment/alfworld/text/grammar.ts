import * as z from "zod";
import { AgentRefineError, errorMessage } from "../../../errors.ts";
import { type Condition, readQuery, readSymbols, type TextSymbol } from "./symbols.ts";

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
