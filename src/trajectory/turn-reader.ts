import { isFields } from "../model/call.ts";
import { ReasoningReader } from "../model/reasoning.ts";
import { JsonScanner } from "../script/json-scanner.ts";

/** How long the text of one turn may be, in characters, and how deep it may nest. */
export const MAXIMUM_TURN_TEXT = 40_000;
const MAXIMUM_TURN_DEPTH = 8;

/** Under which keys a reply that was bound to a schema has turns, in their order: see `reply-schema.ts`. */
const ROUND = ["player", "player_error", "dm"] as const;

/** The turns of an element of the array: itself, or those of a round. */
function turnsIn(value: unknown): readonly unknown[] {
  if (!isFields(value) || Object.hasOwn(value, "turn")) return [value];
  const turns = ROUND.flatMap((key) => (Object.hasOwn(value, key) ? [value[key]] : []));
  return turns.length > 0 && turns.length === Object.keys(value).length ? turns : [value];
}

type State = "before" | "first-turn" | "turn" | "inside" | "after-turn" | "done";

function isSpace(character: string): boolean {
  return character === " " || character === "\n" || character === "\r" || character === "\t";
}

/**
 * Turns text that arrives in pieces into JSON values, each as soon as it is complete. The array of turns may
 * stand inside a code fence, words or an object; it begins at the first `[` that is followed by `{` or `]`.
 * Reasoning in front of it is passed over, and nothing is read as long as what comes may be reasoning.
 */
export class TurnReader {
  /** What keeps the text from being a JSON array of turns; nothing is read after it. */
  problem: string | undefined;
  readonly #reasoning = new ReasoningReader();
  #state: State = "before";
  /** The beginning of a turn that is not complete. */
  #held: string[] = [];
  #heldLength = 0;
  #sawBracket = false;
  #sawEmptyArray = false;
  #scanner = new JsonScanner();

  /** Takes the next piece and returns the values that it completes. */
  push(piece: string): readonly unknown[] {
    return this.#read(this.#reasoning.push(piece));
  }

  /** Says that the text has ended, and returns the values of what may have been reasoning till then. */
  end(): readonly unknown[] {
    const { text, open } = this.#reasoning.end();
    const values = this.#read(text);
    if (this.problem !== undefined || this.#state === "done") return values;
    if (this.#state !== "before") this.problem = "the reply ends before the JSON array is closed";
    else if (!this.#sawEmptyArray) {
      this.problem = `there is no JSON array of turns in the reply${open ? ", which ends in its reasoning" : ""}`;
    }
    return values;
  }

  #read(piece: string): readonly unknown[] {
    const values: unknown[] = [];
    let at = 0;
    while (at < piece.length && this.problem === undefined && this.#state !== "done") {
      at = this.#advance(piece, at, values);
    }
    return values;
  }

  #advance(piece: string, at: number, values: unknown[]): number {
    switch (this.#state) {
      case "before":
        return this.#findArray(piece, at);
      case "inside":
        return this.#readInside(piece, at, values);
      default:
        return this.#readBetween(piece, at, values);
    }
  }

  #hold(text: string): void {
    this.#held.push(text);
    this.#heldLength += text.length;
  }

  #release(): string {
    const text = this.#held.join("");
    this.#held = [];
    this.#heldLength = 0;
    return text;
  }

  #findArray(piece: string, at: number): number {
    const character = piece.charAt(at);
    if (this.#sawBracket && (character === "{" || character === "]")) {
      this.#state = "first-turn";
      return at;
    }
    if (character === "[") this.#sawBracket = true;
    else if (!isSpace(character)) this.#sawBracket = false;
    return at + 1;
  }

  #readBetween(piece: string, at: number, values: unknown[]): number {
    const character = piece.charAt(at);
    if (isSpace(character)) return at + 1;
    if (this.#state === "after-turn") {
      if (character === ",") this.#state = "turn";
      else if (character === "]") this.#state = "done";
      else this.problem = `a comma or "]" is expected, not ${JSON.stringify(character)}`;
      return at + 1;
    }
    if (character === "]" && this.#state === "first-turn") {
      // "[]" may stand in the words before the array, so it is only believed when nothing else follows.
      this.#sawEmptyArray = true;
      this.#sawBracket = false;
      this.#state = "before";
    } else if (character === "{" || character === "[") {
      this.#scanner = new JsonScanner();
      this.#state = "inside";
      return at;
    } else if (/["\d\-tfn]/.test(character)) {
      // A value that is no object: nothing after it can be a trajectory.
      values.push(character);
      this.#state = "done";
    } else {
      this.problem = `a turn is expected, not ${JSON.stringify(character)}`;
    }
    return at + 1;
  }

  #readInside(piece: string, at: number, values: unknown[]): number {
    const end = this.#scanner.scan(piece, at);
    const stop = end === -1 ? piece.length : end + 1;
    this.#hold(piece.slice(at, stop));
    if (this.#heldLength > MAXIMUM_TURN_TEXT) {
      this.problem = `the turn is longer than ${MAXIMUM_TURN_TEXT} characters`;
    } else if (this.#scanner.deepest > MAXIMUM_TURN_DEPTH) {
      this.problem = `the turn is nested deeper than ${MAXIMUM_TURN_DEPTH} levels`;
    } else if (end !== -1) {
      this.#finishTurn(values);
    }
    return stop;
  }

  #finishTurn(values: unknown[]): void {
    try {
      values.push(...turnsIn(JSON.parse(this.#release())));
      this.#state = "after-turn";
    } catch (error) {
      this.problem = error instanceof Error ? error.message : "it cannot be parsed";
    }
  }
}
