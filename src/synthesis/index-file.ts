import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import * as z from "zod";
import { isFields } from "../model/call.ts";
import { writeAtomically } from "../runs/atomic-file.ts";
import type { LinePlace } from "../runs/journal-bytes.ts";
import type { PersonaTable, TableRest, Texts } from "./persona-table.ts";
import { EMPTY_TALLY, type FailedRecord, type Tally } from "./tally.ts";

// An index in a file: parts, one after the other, each with a head in JSON, the rows that changed since the part before
// and the texts that came with them. It grows by a part; one that a kill has torn is none.

/** Changes when what an index holds changes; one of another version is made anew. */
const INDEX_VERSION = 4;

const journalSchema = z.object({
  /** How far the journal was read: the end of its last whole line. */
  size: z.int().nonnegative(),
  lines: z.int().nonnegative(),
  /** A hash of its beginning and of what stands before `size`: tells whether the journal is still the same one. */
  mark: z.string(),
});
export type ReadJournal = Readonly<z.infer<typeof journalSchema>>;

function isTally(value: unknown): value is Tally {
  return isFields(value) && Object.keys(EMPTY_TALLY).every((key) => Object.hasOwn(value, key));
}

const stateSchema = z.object({
  calls: journalSchema,
  syntheses: journalSchema,
  /** The personas that were counted: the size of their file and its hash. */
  personas: z.object({ size: z.int(), count: z.int().nonnegative(), hash: z.string() }),
  damage: z.array(z.string()).readonly(),
  tally: z.custom<Tally>(isTally),
  /** The models of calls whose price was unknown when they were bought; empty text for the run's only one. */
  unpriced: z.array(z.string()).readonly(),
  failed: z.array(z.tuple([z.int(), z.custom<FailedRecord>(isFields)])).readonly(),
});

/** What an index knows beside its rows. */
export type IndexState = Readonly<z.infer<typeof stateSchema>>;

const headSchema = z.object({
  version: z.literal(INDEX_VERSION),
  rows: z.int().nonnegative(),
  check: z.int(),
  texts: z.int().nonnegative(),
  textsCheck: z.int(),
  rest: z.custom<TableRest>(isFields),
  state: stateSchema,
});

/** A part of an index file. */
interface Part {
  readonly head: z.infer<typeof headSchema>;
  /** Where its rows begin; its texts follow, and then the next part. */
  readonly rows: number;
}

/** Digits before a head: eight that tell its length, and eight that check it. */
const DIGITS = 16;
const WINDOW = 64 * 1024;
const PIECE = 1024 * 1024;

function readAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, at));
}

/** Bytes of a file, a piece at a time, each in the place of the one before. */
function* piecesOf(file: number, at: number, length: number): Generator<Buffer> {
  const piece = Buffer.allocUnsafe(Math.min(PIECE, length));
  for (let from = 0; from < length; from += PIECE)
    yield piece.subarray(0, readSync(file, piece, 0, Math.min(PIECE, length - from), at + from));
}

/** Texts of which those that were saved are read from the file again, and the others are held. */
export class IndexTexts implements Texts {
  readonly #held = new Map<number, Buffer>();
  #end = 0;
  #parts: { readonly start: number; readonly at: number; readonly length: number }[] = [];
  #file: number | undefined;
  #window: { readonly start: number; readonly bytes: Buffer } = { start: -1, bytes: Buffer.alloc(0) };

  add(bytes: Buffer): number {
    const start = this.#end;
    this.#held.set(start, bytes);
    this.#end += bytes.length;
    return start;
  }

  read({ start, length }: LinePlace): Buffer {
    const held = this.#held.get(start);
    if (held !== undefined) return held;
    const from = start - this.#window.start;
    if (this.#window.start >= 0 && from >= 0 && from + length <= this.#window.bytes.length)
      return this.#window.bytes.subarray(from, from + length);
    const part = this.#parts.findLast((each) => each.start <= start);
    if (part === undefined || this.#file === undefined) throw new RangeError(`there is no text at ${start}`);
    const most = part.start + part.length - start;
    this.#window = {
      start,
      bytes: readAt(this.#file, part.at + start - part.start, Math.max(length, Math.min(WINDOW, most))),
    };
    return this.#window.bytes.subarray(0, length);
  }

  get length(): number {
    return this.#end;
  }

  /** The texts that no file has yet. */
  held(): readonly Buffer[] {
    return [...this.#held.values()];
  }

  /** The texts that a file has, a piece at a time. */
  *fromFile(): Generator<Buffer> {
    for (const { at, length } of this.#parts) yield* piecesOf(this.#file ?? -1, at, length);
  }

  /** From now on these parts of the file have the texts from the first on; later ones are still held. */
  saved(path: string, parts: readonly { readonly at: number; readonly length: number }[]): void {
    this.close();
    this.#file = openSync(path, "r");
    let start = 0;
    this.#parts = parts.map(({ at, length }) => {
      const part = { start, at, length };
      start += length;
      return part;
    });
    this.#end = Math.max(start, this.#end);
    for (const at of this.#held.keys()) if (at < start) this.#held.delete(at);
  }

  get parts(): readonly { readonly at: number; readonly length: number }[] {
    return this.#parts;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** The whole parts of an index file; none when there is no such file, or when it is another's. */
export function readParts(path: string): readonly Part[] {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return [];
  }
  const parts: Part[] = [];
  try {
    for (let at = 0; ; ) {
      const digits = readAt(file, at, DIGITS).toString("latin1");
      if (!/^[0-9a-f]{16}$/.test(digits)) return parts;
      const length = Number.parseInt(digits.slice(0, 8), 16);
      if (length > fstatSync(file).size) return parts;
      const bytes = readAt(file, at + DIGITS, length);
      if (crc32(bytes) !== Number.parseInt(digits.slice(8), 16)) return parts;
      const head = headSchema.parse(JSON.parse(bytes.toString("utf8")));
      const rows = at + DIGITS + length;
      const end = rows + head.rows + head.texts;
      // The last byte of a part that was written whole is there.
      if (end > rows && readAt(file, end - 1, 1).length === 0) return parts;
      parts.push({ head, rows });
      at = end;
    }
  } catch {
    return parts;
  } finally {
    closeSync(file);
  }
}

export function endOf(parts: readonly Part[]): number {
  const last = parts.at(-1);
  return last === undefined ? 0 : last.rows + last.head.rows + last.head.texts;
}

/** Fills a table with the rows of an index file. Throws anything when they are damaged. */
export function loadParts(
  path: string,
  parts: readonly Part[],
  table: PersonaTable,
  texts: IndexTexts,
): void {
  const file = openSync(path, "r");
  try {
    for (const { head, rows } of parts) {
      const bytes = readAt(file, rows, head.rows);
      let textsCheck = 0;
      for (const piece of piecesOf(file, rows + head.rows, head.texts)) textsCheck = crc32(piece, textsCheck);
      if (crc32(bytes) !== head.check || textsCheck !== head.textsCheck)
        throw new Error(`${path} is damaged`);
      table.putRows(bytes);
    }
  } finally {
    closeSync(file);
  }
  const last = parts.at(-1);
  if (last !== undefined) table.putRest(last.head.rest);
  texts.saved(
    path,
    parts.map(({ head, rows }) => ({ at: rows + head.rows, length: head.texts })),
  );
}

/** What is to be kept of an index, as it was at one moment. */
interface Snapshot {
  readonly rows: Buffer;
  readonly held: readonly Buffer[];
  readonly rest: TableRest;
}

/** Takes what has changed since the last time, or all. */
export function snapshotOf(table: PersonaTable, texts: IndexTexts, isWhole: boolean): Snapshot {
  if (isWhole) table.markAll();
  return { rows: table.takeChanged(), held: texts.held(), rest: table.rest };
}

function digitsOf(number: number): string {
  return number.toString(16).padStart(DIGITS / 2, "0");
}

/** The head of a part with these texts, and how long they are. */
function headOf(
  { rows, rest }: Snapshot,
  pieces: Iterable<Buffer>,
  state: IndexState,
): { readonly head: Buffer; readonly length: number } {
  let [texts, textsCheck] = [0, 0];
  for (const piece of pieces) {
    texts += piece.length;
    textsCheck = crc32(piece, textsCheck);
  }
  const sizes = { rows: rows.length, check: crc32(rows), texts, textsCheck };
  const bytes = Buffer.from(JSON.stringify({ version: INDEX_VERSION, ...sizes, rest, state }));
  const head = Buffer.concat([Buffer.from(digitsOf(bytes.length) + digitsOf(crc32(bytes))), bytes]);
  return { head, length: texts };
}

/** Adds what has changed to an index file whose parts end at `end`. Gives where they end now. */
export async function appendPart(
  path: string,
  end: number,
  snapshot: Snapshot,
  state: IndexState,
  texts: IndexTexts,
): Promise<number> {
  const { rows, held } = snapshot;
  const { head, length } = headOf(snapshot, held, state);
  await using file = await open(path, "r+");
  await file.truncate(end);
  const bytes = Buffer.concat([head, rows, ...held]);
  await file.write(bytes, 0, bytes.length, end);
  texts.saved(path, [...texts.parts, { at: end + head.length + rows.length, length }]);
  return end + bytes.length;
}

/** Writes an index file anew, as one part. Gives where it ends. */
export async function writeIndex(
  path: string,
  snapshot: Snapshot,
  state: IndexState,
  texts: IndexTexts,
): Promise<number> {
  const { rows, held } = snapshot;
  const all = function* (): Generator<Buffer> {
    yield* texts.fromFile();
    yield* held;
  };
  const { head, length } = headOf(snapshot, all(), state);
  await writeAtomically(path, async (file) => {
    for (const piece of [head, rows]) await file.write(piece);
    for (const piece of texts.fromFile()) await file.write(piece);
    if (held.length > 0) await file.write(Buffer.concat(held));
  });
  const at = head.length + rows.length;
  texts.saved(path, [{ at, length }]);
  return at + length;
}
