import { AgentRefineError } from "../errors.ts";
import type { JournalBytes, LinePlace } from "../runs/journal-bytes.ts";
import { openLines } from "./read-run.ts";

/** Bytes that are read at once; lines that belong together mostly stand near each other. */
const WINDOW = 64 * 1024;

function grown<Numbers extends Float64Array | Uint32Array>(
  numbers: Numbers,
  make: (length: number) => Numbers,
) {
  const more = make(2 * numbers.length);
  more.set(numbers);
  return more;
}

/** A line of a table: whose it is, by the place in the whole list and by a mark, and where it stands. */
interface MarkedLine extends LinePlace {
  readonly index: number;
  readonly mark: number;
}

/** Where the lines of a journal stand, in 28 bytes each. */
export class LineTable {
  #count = 0;
  #index = new Float64Array(256);
  #start = new Float64Array(256);
  #length = new Uint32Array(256);
  #mark = new Float64Array(256);
  #order: Uint32Array | undefined;
  #next = 0;

  /** How many lines there are. */
  get size(): number {
    return this.#count;
  }

  /** The marks of all lines, as they stand in the file. */
  get marks(): Float64Array {
    return this.#mark.subarray(0, this.#count);
  }

  /** Takes the next line. */
  add({ index, mark, start, length }: MarkedLine): void {
    const at = this.#count;
    if (at === this.#index.length) {
      this.#index = grown(this.#index, (size) => new Float64Array(size));
      this.#start = grown(this.#start, (size) => new Float64Array(size));
      this.#length = grown(this.#length, (size) => new Uint32Array(size));
      this.#mark = grown(this.#mark, (size) => new Float64Array(size));
    }
    this.#index[at] = index;
    this.#start[at] = start;
    this.#length[at] = length;
    this.#mark[at] = mark;
    this.#count += 1;
  }

  /** The line at a place of the file, from 0. */
  at(line: number): MarkedLine {
    const [index = 0, mark = 0] = [this.#index[line], this.#mark[line]];
    const [start = 0, length = 0] = [this.#start[line], this.#length[line]];
    return { index, mark, start, length };
  }

  /** The place in the whole list of the line at a place of the file. */
  indexAt(line: number): number {
    return this.#index[line] ?? 0;
  }

  /** The mark of the line of a place in the whole list; to be asked when lines stand in the order of their places. */
  markOf(index: number): number | undefined {
    // Mostly the list is whole, and each line of the place that it stands at.
    let [low, high] = [0, this.#count];
    if (this.#index[index] === index) [low, high] = [index, index + 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.indexAt(middle) <= index) low = middle;
      else high = middle;
    }
    return low < high && this.#index[low] === index ? this.#mark[low] : undefined;
  }

  /** Begins to take the lines in the order of their places, those of one place as they stand in the file. */
  rewind(): void {
    const order = new Uint32Array(this.#count);
    for (let at = 0; at < order.length; at += 1) order[at] = at;
    const index = this.#index;
    this.#order = order.sort((one, other) => (index[one] ?? 0) - (index[other] ?? 0) || one - other);
    this.#next = 0;
  }

  /** The next line in that order, without taking it. */
  peek(): MarkedLine | undefined {
    const at = this.#order?.[this.#next];
    return at === undefined ? undefined : this.at(at);
  }

  /** Takes it. */
  skip(): void {
    this.#next += 1;
  }
}

/** Reads lines of a file at their places, a window at a time. */
export class PlacedLines {
  readonly #path: string;
  readonly #journal: JournalBytes;
  #window: Buffer = Buffer.alloc(0);
  #from = 0;

  private constructor(path: string, journal: JournalBytes) {
    this.#path = path;
    this.#journal = journal;
  }

  /** Throws AgentRefineError. */
  static async open(path: string): Promise<PlacedLines> {
    return new PlacedLines(path, await openLines(path));
  }

  /** The bytes of a line with its line feed. */
  async line({ start, length }: LinePlace): Promise<Buffer> {
    const end = start + length + 1;
    if (start < this.#from || end > this.#from + this.#window.length) {
      const size = Math.max(WINDOW, length + 1);
      this.#window = await this.#journal.read(start, size);
      this.#from = start;
      if (this.#window.length < length + 1)
        throw new AgentRefineError(`${this.#path} was changed while it was read`, { fix: "Start again." });
    }
    return this.#window.subarray(start - this.#from, end - this.#from);
  }

  async close(): Promise<void> {
    await this.#journal[Symbol.asyncDispose]();
  }
}
