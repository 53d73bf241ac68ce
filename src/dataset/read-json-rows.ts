import { JsonScanner } from "../script/json-scanner.ts";

/** A row of a file as a JSON value, or why there is none. */
export type JsonRow =
  | { readonly value: unknown; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

/** How long one row may be, in characters. */
const MAXIMUM_ROW = 16_000_000;
const SPACE = /\s/;

function parsed(text: string): JsonRow {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: "is not JSON" };
  }
}

/** Cuts text that arrives in pieces into objects: whether they are lines or items of an array, brackets tell. */
class ObjectCutter {
  #scanner = new JsonScanner();
  #held: string[] = [];
  #length = 0;
  #inObject = false;
  /** What is wrong with the text between objects; nothing is read after it. */
  problem: string | undefined;

  get isInside(): boolean {
    return this.#inObject;
  }

  *push(piece: string): Generator<JsonRow> {
    let at = 0;
    while (at < piece.length && this.problem === undefined) {
      if (!this.#inObject) at = this.#between(piece, at);
      else {
        const end = this.#scanner.scan(piece, at);
        this.#hold(piece.slice(at, end === -1 ? piece.length : end + 1));
        at = end === -1 ? piece.length : end + 1;
        if (end !== -1) yield this.#release();
      }
    }
  }

  #between(piece: string, at: number): number {
    const character = piece.charAt(at);
    if (character === "{") {
      this.#inObject = true;
      return at;
    }
    if (!SPACE.test(character) && !"[],\ufeff".includes(character)) {
      this.problem = `expected a JSON object but found ${JSON.stringify(piece.slice(at, at + 20))}`;
    }
    return at + 1;
  }

  #hold(text: string): void {
    this.#length += text.length;
    if (this.#length > MAXIMUM_ROW) this.problem = `a row has more than ${MAXIMUM_ROW} characters`;
    else this.#held.push(text);
  }

  #release(): JsonRow {
    const row = parsed(this.#held.join(""));
    this.#held = [];
    this.#length = 0;
    this.#inObject = false;
    this.#scanner = new JsonScanner();
    return row;
  }
}

/**
 * The objects of a file of JSON Lines or of one JSON array, as other projects publish them, one after the other from
 * text that arrives in pieces. Holds one row at a time. What cannot be read at all ends the rows with a problem.
 */
export async function* readJsonRows(
  pieces: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<JsonRow> {
  const cutter = new ObjectCutter();
  for await (const piece of pieces) {
    yield* cutter.push(piece);
    if (cutter.problem !== undefined) break;
  }
  if (cutter.problem !== undefined) yield { problem: cutter.problem };
  else if (cutter.isInside) yield { problem: "the file ends in the middle of a row" };
}
