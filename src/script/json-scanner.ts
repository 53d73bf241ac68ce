import { splitReasoning } from "../model/reasoning.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * Finds where a JSON object or array closes in text that arrives in pieces. It looks at each character once
 * and knows nothing but strings and brackets: whether the value is valid is for `JSON.parse` to say.
 */
export class JsonScanner {
  depth = 0;
  deepest = 0;
  #inString = false;
  #escaped = false;

  /**
   * Reads on in `text` from `from`, which at first must be the opening bracket.
   * Returns the index of the bracket that closes the value, or -1 when the text ends before it.
   */
  scan(text: string, from: number): number {
    for (let i = from; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (this.#inString) this.#scanString(code);
      else if (code === QUOTE) this.#inString = true;
      else if (code === OPEN_BRACE || code === OPEN_BRACKET) this.#open();
      else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        this.depth -= 1;
        if (this.depth === 0) return i;
      }
    }
    return -1;
  }

  #scanString(code: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === BACKSLASH) this.#escaped = true;
    else if (code === QUOTE) this.#inString = false;
  }

  #open(): void {
    this.depth += 1;
    if (this.depth > this.deepest) this.deepest = this.depth;
  }
}

/** The one JSON object found in a reply, or why there is none. */
type ExtractedJson = { readonly value: unknown } | { readonly problem: string };

/**
 * Takes the one JSON object out of a reply. A code fence and words around it are harmless; a second object is
 * not, because nobody can say which one was meant. Nothing is repaired: repair silently turns `\d+` into `d+`
 * inside a regular expression.
 */
export function extractJsonObject(reply: string): ExtractedJson {
  const { text, open } = splitReasoning(reply);
  const start = text.indexOf("{");
  if (start === -1) {
    return { problem: `there is no JSON object in the reply${open ? ", which ends in its reasoning" : ""}` };
  }
  const end = new JsonScanner().scan(text, start);
  if (end === -1) return { problem: "the JSON object is not closed; the reply may have been cut off" };
  if (text.includes("{", end + 1)) {
    return { problem: "there is more than one JSON object, or text with braces beside it" };
  }
  try {
    return { value: JSON.parse(text.slice(start, end + 1)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : "it cannot be parsed" };
  }
}
