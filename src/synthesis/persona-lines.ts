import type * as z from "zod";
import { AgentRefineError, storageError } from "../errors.ts";
import { lineBlocks } from "../lines.ts";
import { markOf } from "../persona/persona.ts";
import { LONGEST_LINE, type RecordKind, readPlaced } from "../runs/journal.ts";
import { type JournalBytes, type LinePlace, openBytes } from "../runs/journal-bytes.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import type { PendingPersona } from "./live.ts";
import { openLines, type Replay } from "./read-run.ts";
import { type PlacedPersona, personaLineSchema, type ReplyRecord } from "./record.ts";

// The lines of a run's `personas.jsonl`.

const PERSONAS: RecordKind<z.infer<typeof personaLineSchema>> = {
  schema: personaLineSchema,
  name: "a persona",
};

function damaged({ personas }: Pick<RunPaths, "personas">, line: number, problem: string): AgentRefineError {
  return new AgentRefineError(`${personas} is damaged: line ${line} ${problem}`, {
    fix: "Restore the file from a copy.",
  });
}

const UNORDERED = "is of a place that is not after that of the one before it";

/** Reads the personas of a run in their order, with where their lines stand. Throws AgentRefineError. */
export async function* readPersonaLines(
  paths: RunPaths,
): AsyncGenerator<PlacedPersona & LinePlace, void, undefined> {
  let line = 0;
  let before = -1;
  for await (const { value, start, length } of readPlaced(paths.personas, PERSONAS)) {
    const { index = line, id, persona: text } = value;
    line += 1;
    if (index <= before) throw damaged(paths, line, UNORDERED);
    yield { index, persona: { id, text }, start, length };
    before = index;
  }
}

/** How a line begins that we have written, when its id has nothing that JSON writes otherwise. */
const BEGINNING = /^\{(?:"index":(\d{1,15}),)?"id":"([^"\\\x80-\xff]*)"/;
const BEGINNING_BYTES = 160;

/** Reads a line, of which the number is told to who looks for what is wrong. Throws AgentRefineError. */
export function readPersonaLine(
  paths: Pick<RunPaths, "personas">,
  number: number,
  bytes: Buffer,
): z.infer<typeof personaLineSchema> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw damaged(paths, number, "is not valid JSON");
  }
  const parsed = personaLineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw damaged(paths, number, "is not a persona");
}

function beginningOf(line: Buffer): Pick<z.infer<typeof personaLineSchema>, "index" | "id"> | undefined {
  const [, index, id] = BEGINNING.exec(line.toString("latin1", 0, BEGINNING_BYTES)) ?? [];
  if (id === undefined) return undefined;
  return index === undefined ? { id } : { index: Number(index), id };
}

/**
 * Where the personas of a run stand, each with its mark, in their order. Of most lines only the beginning is read, so
 * that a hundred thousand take a moment. Throws AgentRefineError.
 */
export async function personaLineTable(paths: RunPaths): Promise<LineTable> {
  const table = new LineTable();
  let before = -1;
  try {
    await using file = await openBytes(paths.personas);
    for await (const lines of lineBlocks(file?.blocks(0) ?? [], LONGEST_LINE)) {
      for (const { number, start, bytes, isEnded } of lines) {
        // A last line that no line feed ends is a torn one, here as elsewhere.
        if (bytes === undefined || !isEnded) continue;
        const { index = number - 1, id } = beginningOf(bytes) ?? readPersonaLine(paths, number, bytes);
        if (index <= before) throw damaged(paths, number, UNORDERED);
        table.add({ index, mark: markOf(id), start, length: bytes.length });
        before = index;
      }
    }
  } catch (error) {
    throw storageError(error, "read", paths.personas);
  }
  return table;
}

const NO_REPLIES: ReadonlyMap<number, ReplyRecord> = new Map();

/** The lines of the personas of a run that have not ended: first of those that have replies, each in order. */
function* pendingLines(
  personas: LineTable,
  { hasEnded, replies }: Replay,
  isWanted: (index: number) => boolean,
): Generator<number> {
  for (const isBegun of replies.size > 0 ? [true, false] : [false]) {
    for (let line = 0; line < personas.size; line += 1) {
      const index = personas.indexAt(line);
      if (replies.has(index) === isBegun && !hasEnded(index) && isWanted(index)) yield line;
    }
  }
}

/**
 * The personas of a run that have not ended, with the replies that were bought for them: first those that have any,
 * so that what was paid for is finished first, each in order. `isWanted` says which, by their places.
 */
export async function* pendingPersonas(
  paths: RunPaths,
  personas: LineTable,
  replay: Replay,
  isWanted: (index: number) => boolean,
): AsyncGenerator<PendingPersona> {
  if (personas.size === 0) return;
  const lines = await PlacedLines.open(paths.personas);
  try {
    for (const line of pendingLines(personas, replay, isWanted)) {
      const place = personas.at(line);
      const { id, persona: text } = readPersonaLine(paths, line + 1, await lines.line(place));
      const { index } = place;
      yield { index, persona: { id, text }, replies: replay.replies.get(index) ?? NO_REPLIES };
    }
  } finally {
    await lines.close();
  }
}

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
export interface MarkedLine extends LinePlace {
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

  /** The lines in the order of their places, those of one place as they stand in the file. */
  *inOrder(): Generator<MarkedLine, void, undefined> {
    const order = new Uint32Array(this.#count);
    for (let at = 0; at < order.length; at += 1) order[at] = at;
    const index = this.#index;
    order.sort((one, other) => (index[one] ?? 0) - (index[other] ?? 0) || one - other);
    for (const line of order) yield this.at(line);
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
