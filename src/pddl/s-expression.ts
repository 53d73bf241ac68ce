import { AgentRefineError } from "../errors.ts";

/** Where something stands in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A word of a PDDL text, in lower case. */
interface Word {
  readonly kind: "word";
  readonly text: string;
  readonly position: Position;
}

/** A parenthesised list. */
export interface List {
  readonly kind: "list";
  readonly items: readonly SExpression[];
  readonly position: Position;
}

/** What a PDDL text is made of. */
export type SExpression = Word | List;

const DEEPEST_NESTING = 200;

/** The error of a PDDL text, with its place. */
export function pddlError(problem: string, position: Position): AgentRefineError {
  return new AgentRefineError(`PDDL, line ${position.line}, column ${position.column}: ${problem}`, {
    fix: "Correct the PDDL text at that place.",
  });
}

/**
 * Comments run to the end of their line, and a `?` begins a word of its own. A comma is a letter, as for Fast Downward:
 * `?l - location, ?r` gives ?l the type `location,`.
 */
interface Token {
  readonly text: string;
  readonly position: Position;
}

/** Calls `take` with each token; letters count as lower case. */
function eachToken(text: string, take: (token: Token) => void): void {
  const token = /;[^\n]*|[()]|\?[^\s();?]*|[^\s();?]+|\n/g;
  const lower = text.toLowerCase();
  let line = 1;
  let lineStart = 0;
  for (let match = token.exec(lower); match !== null; match = token.exec(lower)) {
    const found = match[0];
    if (found === "\n") {
      line += 1;
      lineStart = match.index + 1;
    } else if (!found.startsWith(";")) {
      take({ text: found, position: { line, column: match.index - lineStart + 1 } });
    }
  }
}

interface OpenList {
  readonly items: SExpression[];
  readonly position: Position;
}

/** Takes one token into the lists that are open; gives the whole list when the token closes it. */
function takeToken(stack: OpenList[], { text, position }: Token): List | undefined {
  if (text === "(") {
    if (stack.length >= DEEPEST_NESTING) throw pddlError("lists are nested too deeply", position);
    stack.push({ items: [], position });
    return undefined;
  }
  const top = stack.at(-1);
  if (top === undefined) throw pddlError(`expected "(" but found "${text}"`, position);
  if (text !== ")") {
    top.items.push({ kind: "word", text, position });
    return undefined;
  }
  stack.pop();
  const list: List = { kind: "list", items: top.items, position: top.position };
  const parent = stack.at(-1);
  if (parent === undefined) return list;
  parent.items.push(list);
  return undefined;
}

/**
 * Reads the one list that a PDDL file consists of. Letters count as lower case. Throws an
 * {@link AgentRefineError} with line and column.
 */
export function readSExpression(text: string): List {
  const stack: OpenList[] = [];
  let whole: List | undefined;
  eachToken(text, (token) => {
    if (whole !== undefined) {
      throw pddlError(`"${token.text}" stands after the end of the definition`, token.position);
    }
    whole = takeToken(stack, token);
  });
  const open = stack.at(-1);
  if (open !== undefined) throw pddlError('this "(" is never closed', open.position);
  if (whole === undefined) throw pddlError("the text is empty", { line: 1, column: 1 });
  return whole;
}

/** The expression as a list; anything else is an error that says what was expected. */
export function asList(expression: SExpression | undefined, expected: string, near: Position): List {
  if (expression?.kind === "list") return expression;
  throw pddlError(`expected ${expected}`, expression?.position ?? near);
}

/** The text of the expression, which must be a word; anything else is an error that says what was expected. */
export function asWord(expression: SExpression | undefined, expected: string, near: Position): string {
  if (expression?.kind === "word") return expression.text;
  throw pddlError(`expected ${expected}`, expression?.position ?? near);
}

/** The first word of a list, or undefined. */
export function headOf(list: List): string | undefined {
  const head = list.items[0];
  return head?.kind === "word" ? head.text : undefined;
}
