/** Where text goes that a game sends to its own memory. */
interface Redirection {
  readonly table: number;
  size: number;
}

/** Characters of Latin-1, one after another: a string that grew by each would leave a string for each behind. */
class Characters {
  #bytes = Buffer.alloc(1024);
  length = 0;

  at(place: number): number {
    return this.#bytes[place] ?? 0;
  }

  add(code: number): void {
    if (this.length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, this.#bytes]);
    this.#bytes[this.length] = code;
    this.length += 1;
  }

  /** Replaces them by the characters of a text. */
  set(text: string): void {
    this.length = 0;
    for (let i = 0; i < text.length; i += 1) this.add(text.charCodeAt(i));
  }

  toString(): string {
    return this.#bytes.toString("latin1", 0, this.length);
  }
}

/** Writes to a machine's memory. */
interface TextMemory {
  setByte(address: number, value: number): void;
  setWord(address: number, value: number): void;
}

/** What a screen shows when its window has changed: positions of the lower window and what is not shown yet. */
export interface ScreenState {
  readonly pending: string;
  readonly previous: number;
  readonly column: number;
}

const WIDTH = 128;
/** A step shows no more than this; what comes after it is lost, as in Jericho. */
const LONGEST = 8191;
/** Below this many free columns an input line begins on a new line. */
const SPACE_FOR_INPUT = 10;
const NEW_LINE = 10;
const RETURN = 13;
const SPACE = 32;
const TAB = 9;
const GAP = 11;
const HYPHEN = 45;

/**
 * The screen as Jericho sees it: a stream of characters, in the order in which the game sends them. Status lines and
 * quotations of upper windows stand in it where they were drawn, lines are never wrapped, and input is not echoed but
 * for its line end. The last word stays back until something ends it: it is shown with the text of the next step.
 */
export class Screen {
  readonly #shown = new Characters();
  readonly #pending = new Characters();
  /** The character before, which matters after a hyphen; 0 for none. */
  #previous = 0;
  #window = 0;
  /** The next column of the window that is written to, from 1. */
  #column = 1;
  #lowerColumn = 1;
  #buffered = true;
  #on = true;
  readonly #redirections: Redirection[] = [];
  readonly #memory: TextMemory;

  constructor(memory: TextMemory) {
    this.#memory = memory;
  }

  /** What was shown since the last call. */
  take(): string {
    const text = this.#shown.toString();
    this.#shown.length = 0;
    return text;
  }

  get state(): ScreenState {
    return { pending: this.#pending.toString(), previous: this.#previous, column: this.#column };
  }

  /** Goes back to a state in which the game waited for input in the lower window. */
  restore({ pending, previous, column }: ScreenState): void {
    this.#shown.length = 0;
    this.#pending.set(pending);
    this.#previous = previous;
    this.#window = 0;
    this.#column = column;
    this.#on = true;
    this.#buffered = true;
    this.#redirections.length = 0;
  }

  /** Prints a character of Latin-1. */
  print(code: number): void {
    if (!this.#buffered && this.#redirections.length === 0) {
      if (this.#on) this.#printUnbuffered(code);
      return;
    }
    if (code === RETURN) {
      this.newLine();
      return;
    }
    if (code === 0) return;
    const endsWord = code === SPACE || code === TAB || code === GAP;
    if (endsWord || (this.#previous === HYPHEN && code !== HYPHEN)) this.flush();
    this.#previous = code;
    this.#pending.add(code);
  }

  /** Prints characters of Latin-1, one after another. */
  write(codes: readonly number[]): void {
    for (const code of codes) this.print(code);
  }

  #printUnbuffered(code: number): void {
    if (this.#column > WIDTH) {
      if (this.#window !== 0) return;
      this.#break();
    }
    this.#show(code);
    this.#column += 1;
  }

  /** A change of style stands in the text, unseen, and ends a hyphen. */
  style(): void {
    if (this.#redirections.length > 0 || !this.#on || !this.#buffered) return;
    if (this.#previous === HYPHEN) this.flush();
    this.#previous = 1;
  }

  newLine(): void {
    this.flush();
    const redirection = this.#redirections.at(-1);
    if (redirection !== undefined) this.#store(redirection, RETURN);
    else if (this.#on) this.#break();
  }

  #break(): void {
    if (this.#shown.length < LONGEST) this.#shown.add(NEW_LINE);
    this.#column = 1;
  }

  #show(code: number): void {
    if (this.#shown.length >= LONGEST) return;
    if (code >= 0xa0 || (code >= SPACE && code <= 126)) this.#shown.add(code);
    else if (code === TAB) this.#blank(this.#column === 1 ? 3 : 1);
    else if (code === GAP) this.#blank(2);
  }

  #blank(count: number): void {
    for (let i = 0; i < count; i += 1) this.#shown.add(SPACE);
  }

  #store(redirection: Redirection, code: number): void {
    this.#memory.setByte(redirection.table + 2 + redirection.size, code);
    redirection.size += 1;
    this.#memory.setWord(redirection.table, redirection.size);
  }

  /** Shows what is held back. */
  flush(): void {
    const pending = this.#pending;
    const count = pending.length;
    if (count === 0) return;
    pending.length = 0;
    this.#previous = 0;
    const redirection = this.#redirections.at(-1);
    if (redirection !== undefined) {
      for (let i = 0; i < count; i += 1) this.#store(redirection, pending.at(i));
    } else if (this.#on) {
      // In Jericho words do not move the cursor: its frotz has lost their width with the wrapping of lines.
      for (let i = 0; i < count; i += 1) this.#show(pending.at(i));
    }
  }

  /** Output stream 3: text goes to a table in memory until it is closed; such tables nest. */
  redirect(table: number): void {
    this.flush();
    this.#memory.setWord(table, 0);
    this.#redirections.push({ table, size: 0 });
  }

  closeRedirection(): void {
    this.flush();
    this.#redirections.pop();
  }

  /** Output stream 1. */
  turn(on: boolean): void {
    this.flush();
    this.#on = on;
  }

  buffer(on: boolean): void {
    this.flush();
    this.#buffered = on;
  }

  /** Chooses the window that is written to: 0 is the lower one, whose place is kept. */
  select(window: number): void {
    this.flush();
    if (this.#window === 0) this.#lowerColumn = this.#column;
    this.#window = window;
    this.#column = window === 0 ? this.#lowerColumn : 1;
    this.style();
  }

  /** Erases the whole screen and goes back to the lower window. */
  clear(): void {
    this.select(0);
    this.#column = 1;
  }

  /** The status line of version 3: the room on the left; score and moves on the right. */
  status(room: () => void, parts: readonly (readonly [column: number, text: string])[]): void {
    this.select(7);
    this.style();
    this.print(SPACE);
    room();
    for (const [fromRight, text] of parts) {
      this.#pad(fromRight);
      for (let i = 0; i < text.length; i += 1) this.print(text.charCodeAt(i));
    }
    this.#pad(0);
    this.select(0);
  }

  #pad(fromRight: number): void {
    this.flush();
    for (; this.#column <= WIDTH - fromRight; this.#column += 1) this.#show(SPACE);
  }

  /** Shows what is held back and makes space for a line of input, of which `length` characters stand there. */
  beforeLine(length: number): void {
    this.flush();
    if (this.#window === 0 && WIDTH - this.#column + 1 + length < SPACE_FOR_INPUT) this.#break();
  }

  /** The line of input was ended. */
  afterLine(): void {
    this.#break();
  }
}
