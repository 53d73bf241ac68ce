import { AgentRefineError } from "../errors.ts";
import { JsonScanner } from "../script/json-scanner.ts";

const SPACE = /\s/;

/** `first`: a row or the array's end may come; `comma`: a comma or its end must; `next`: a row must. */
type Place = "before" | "first" | "object" | "comma" | "next" | "after";

/** What a character outside of objects leads to. */
const FOLLOWS: Readonly<Record<Place, Readonly<Record<string, Place>>>> = {
  before: { "[": "first" },
  first: { "{": "object", "]": "after" },
  object: {},
  comma: { ",": "next", "]": "after" },
  next: { "{": "object" },
  after: {},
};

/** Cuts a JSON array that arrives in pieces into the texts of the objects in it. */
class ObjectCutter {
  readonly #longest: number;
  readonly #name: string;
  #scanner = new JsonScanner();
  #held: string[] = [];
  #length = 0;
  #rows = 0;
  #place: Place = "before";

  constructor(longest: number, name: string) {
    this.#longest = longest;
    this.#name = name;
  }

  *push(piece: string): Generator<string> {
    let at = 0;
    while (at < piece.length) {
      if (this.#place !== "object") at = this.#outside(piece, at);
      else {
        const end = this.#scanner.scan(piece, at);
        const next = end === -1 ? piece.length : end + 1;
        this.#hold(piece.slice(at, next));
        at = next;
        if (end !== -1) yield this.#release();
      }
    }
  }

  end(): void {
    if (this.#place === "after") return;
    const where =
      this.#place === "object" ? `in the middle of row ${this.#rows + 1}` : "before its array does";
    throw this.#damaged(`the file ends ${where}`);
  }

  /** Takes a character outside of objects, and says where to read next. */
  #outside(piece: string, at: number): number {
    const character = piece.charAt(at);
    if (SPACE.test(character)) return at + 1;
    const place = FOLLOWS[this.#place][character];
    if (place === undefined) throw this.#unexpected(piece.slice(at, at + 20));
    this.#place = place;
    return place === "object" ? at : at + 1;
  }

  #unexpected(text: string): AgentRefineError {
    const where =
      this.#place === "after"
        ? "behind its array"
        : this.#place === "comma"
          ? `where a comma should follow row ${this.#rows}`
          : `where row ${this.#rows + 1} should be`;
    return this.#damaged(`${where} stands ${JSON.stringify(text)}`);
  }

  #damaged(problem: string): AgentRefineError {
    return new AgentRefineError(`cannot read ${this.#name}: ${problem}`, {
      fix: "Correct the file, or write it as JSON lines, of which a bad one is left out alone.",
    });
  }

  #hold(text: string): void {
    this.#length += text.length;
    if (this.#length > this.#longest) {
      throw this.#damaged(`row ${this.#rows + 1} has more than ${this.#longest} characters`);
    }
    this.#held.push(text);
  }

  #release(): string {
    const text = this.#held.join("");
    this.#held = [];
    this.#length = 0;
    this.#rows += 1;
    this.#place = "comma";
    this.#scanner = new JsonScanner();
    return text;
  }
}

/**
 * The texts of the objects in a JSON array, one after the other from text that arrives in pieces. Holds one of them at
 * a time.
 *
 * @param longest how many characters one may have
 * @param name the file as the user is told of it
 * @throws AgentRefineError where the array cannot be read on: its rows from there on would be lost without a word
 */
export async function* arrayObjects(
  pieces: AsyncIterable<string> | Iterable<string>,
  longest: number,
  name: string,
): AsyncGenerator<string> {
  const cutter = new ObjectCutter(longest, name);
  for await (const piece of pieces) yield* cutter.push(piece);
  cutter.end();
}
