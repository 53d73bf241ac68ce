import { ReasoningReader } from "../model/reasoning.ts";
import { MAXIMUM_TURN_TEXT, TurnReader } from "./turn-reader.ts";

/** An array with an object in it, by itself or under a key, as servers write it that keep to a JSON Schema. */
const BEGINS_ARRAY = /^\s*(?:\{\s*"[^"\\]{0,40}"\s*:\s*)?\[\s*\{/;
/** How many characters say whether it is one, however many come at once. */
const BEGINNING = 1000;
/** What may yet become the beginning of one. */
const MAY_BEGIN_ARRAY = /^\s*(?:\{\s*(?:"[^"\\]{0,40}(?:"\s*(?::\s*(?:\[\s*)?)?)?)?|\[\s*)$/;

/**
 * Turns text that arrives in pieces into JSON values, one a line, each as soon as its line has ended. Lines that do
 * not begin with `{`, such as words, fences and brackets, are passed over, and a comma at the end of a line is harmless.
 * A line that cannot be read ends the reading at its turn. Reasoning in front is passed over. An array of turns, by
 * itself or under a key, is read too, as the schema of this form demands one.
 */
export class LineReader {
  readonly #reasoning = new ReasoningReader();
  #state: "between" | "inside" | "passing-over" | "done" = "between";
  #held = "";
  #hasRead = false;
  #array: TurnReader | undefined;
  #problem: string | undefined;

  /** What keeps the text from being lines of turns; nothing is read after it. */
  get problem(): string | undefined {
    return this.#problem ?? this.#array?.problem;
  }

  /** Takes the next piece and returns the values that it completes. */
  push(piece: string): readonly unknown[] {
    return this.#read(this.#reasoning.push(piece));
  }

  /** Says that the text has ended, and returns the values of what may have been reasoning till then. */
  end(): readonly unknown[] {
    const { text, open } = this.#reasoning.end();
    const values = [...this.#read(text)];
    if (this.#array !== undefined) return [...values, ...this.#array.end()];
    if (this.#state === "inside" && this.#held.trimStart().startsWith("{")) this.#finishLine(values);
    if (!this.#hasRead && this.#problem === undefined) {
      this.#problem = `there is no line with a turn in the reply${open ? ", which ends in its reasoning" : ""}`;
    }
    return values;
  }

  #read(text: string): readonly unknown[] {
    if (this.#array !== undefined) return this.#array.push(text);
    const values: unknown[] = [];
    let at = 0;
    while (at < text.length && this.#state !== "done") {
      if (this.#state === "between") {
        const character = text.charAt(at);
        if (character.trim() === "") at += 1;
        else this.#state = this.#stateAt(character);
        continue;
      }
      const newline = text.indexOf("\n", at);
      const end = newline === -1 ? text.length : newline + 1;
      const isInside = this.#state === "inside";
      const heldBefore = this.#held.length;
      if (isInside) this.#held += text.slice(at, end);
      at = end;
      if (isInside && heldBefore < BEGINNING && this.#isArray())
        return [...values, ...this.#readArray(text.slice(end))];
      if (this.#held.length > MAXIMUM_TURN_TEXT) {
        this.#fail(`the turn is longer than ${MAXIMUM_TURN_TEXT} characters`);
      } else if (newline !== -1) this.#endLine(values);
    }
    return values;
  }

  /** How a line is read that begins with this character. */
  #stateAt(character: string): "inside" | "passing-over" {
    return character === "{" || (character === "[" && !this.#hasRead) ? "inside" : "passing-over";
  }

  #isArray(): boolean {
    return !this.#hasRead && BEGINS_ARRAY.test(this.#held.slice(0, BEGINNING));
  }

  #readArray(rest: string): readonly unknown[] {
    this.#array = new TurnReader();
    const values = [...this.#array.push(this.#held), ...this.#array.push(rest)];
    this.#held = "";
    this.#state = "done";
    return values;
  }

  #endLine(values: unknown[]): void {
    if (this.#state === "inside") {
      // The array may yet begin on the next line.
      if (!this.#hasRead && this.#held.length < BEGINNING && MAY_BEGIN_ARRAY.test(this.#held)) return;
      if (this.#held.startsWith("{")) this.#finishLine(values);
      this.#held = "";
    }
    if (this.#state !== "done") this.#state = "between";
  }

  #finishLine(values: unknown[]): void {
    const line = this.#held.trimEnd();
    try {
      values.push(JSON.parse(line.endsWith("},") ? line.slice(0, -1) : line));
      this.#hasRead = true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : "it cannot be parsed";
      this.#fail(`the turn is not a whole JSON object on one line: ${reason}`);
    }
  }

  #fail(problem: string): void {
    this.#problem = problem;
    this.#state = "done";
  }
}
