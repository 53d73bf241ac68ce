import { isUtf8 } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type * as z from "zod";
import { AgentRefineError, storageError } from "../errors.ts";
import { byteLines } from "../lines.ts";
import { syncFolder } from "./atomic-file.ts";
import {
  DamagedBlock,
  type JournalBytes,
  type LinePlace,
  openBytes,
  packedSize,
  tailPath,
} from "./journal-bytes.ts";

const NEWLINE = 0x0a;

/** The most bytes that are written at once; a longer line is written alone. */
const COMMIT_BYTES = 16 * 1024 * 1024;

/** An append-only file of JSON lines. Only one process may have it open: see `lockFolder`. */
export interface Journal {
  /**
   * Writes one line. Resolves to its place once the line is written, and on the disk when the journal syncs. Lines are
   * in the order of the calls. Rejects with an AgentRefineError when the disk refuses it, and from then on always:
   * the file then ends with a whole line, which may be one whose append was rejected.
   */
  append(record: unknown): Promise<LinePlace>;
  /** Waits for all lines, makes them durable and closes the file. Can be called again. */
  close(): Promise<void>;
  /** Bytes of torn lines that were cut off when the journal was opened. */
  readonly dropped: number;
}

interface JournalOptions {
  /** Whether each line must be on the disk before its `append` resolves. */
  readonly sync: boolean;
  /** Refuses every line with its reason from when it fires; that of the folder's lock. */
  readonly lost?: AbortSignal | undefined;
  /** Told of torn lines that were cut off. */
  readonly onNote?: ((note: string) => void) | undefined;
}

interface WaitingLine {
  readonly bytes: Buffer;
  readonly resolve: (place: LinePlace) => void;
  readonly reject: (error: Error) => void;
}

/** The file that lines are appended to. */
interface OpenedFile {
  readonly file: FileHandle;
  readonly path: string;
  readonly size: number;
  readonly dropped: number;
  readonly packed: number;
}

class FileJournal implements Journal {
  readonly dropped: number;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #sync: boolean;
  /** Bytes of the journal that are packed in a file of their own, before this one. */
  readonly #packed: number;
  readonly #lost: AbortSignal | undefined;
  /** Bytes of whole lines in the file. */
  #size: number;
  #waiting: WaitingLine[] = [];
  #committing: Promise<void> | undefined;
  #failure: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(opened: OpenedFile, { sync, lost }: JournalOptions) {
    this.#file = opened.file;
    this.#path = opened.path;
    this.#size = opened.size;
    this.#packed = opened.packed;
    this.#sync = sync;
    this.#lost = lost;
    this.dropped = opened.dropped;
  }

  async append(record: unknown): Promise<LinePlace> {
    if (this.#closing !== undefined) throw new Error(`${this.#path} is closed`);
    if (this.#failure !== undefined) throw this.#failure;
    const text = JSON.stringify(record);
    if (text === undefined) throw new TypeError("only a JSON value can be appended to a journal");
    return await new Promise<LinePlace>((resolve, reject) => {
      this.#waiting.push({ bytes: Buffer.from(`${text}\n`), resolve, reject });
      this.#committing ??= this.#commitWaiting();
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  /** Lines that arrive during a commit wait for it to end and share the next one. */
  async #commitWaiting(): Promise<void> {
    // Lines that are appended in the same turn of the event loop share a commit from the start.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const lines = this.#takeLines();
      try {
        if (this.#failure !== undefined) throw this.#failure;
        this.#lost?.throwIfAborted();
        let start = this.#packed + this.#size;
        await this.#commit(Buffer.concat(lines.map((line) => line.bytes)));
        for (const { bytes, resolve } of lines) {
          resolve({ start, length: bytes.length - 1 });
          start += bytes.length;
        }
      } catch (error) {
        this.#failure ??= storageError(error, "write", this.#path);
        for (const line of lines) line.reject(this.#failure);
      }
    }
    this.#committing = undefined;
  }

  #takeLines(): readonly WaitingLine[] {
    let count = 0;
    let bytes = 0;
    for (const line of this.#waiting) {
      bytes += line.bytes.length;
      if (count > 0 && bytes > COMMIT_BYTES) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(bytes: Buffer): Promise<void> {
    let written = 0;
    try {
      while (written < bytes.length) {
        written += (await this.#file.write(bytes, written, bytes.length - written)).bytesWritten;
      }
    } catch (error) {
      await this.#cutTornLine(bytes.subarray(0, written));
      throw error;
    }
    this.#size += bytes.length;
    if (this.#sync) await this.#file.datasync();
  }

  /** The whole lines that did fit are kept: each is something that was paid for. */
  async #cutTornLine(written: Buffer): Promise<void> {
    this.#size += written.lastIndexOf(NEWLINE) + 1;
    try {
      await this.#file.truncate(this.#size);
    } catch {
      // A disk that is broken may refuse this as well; the torn line is then cut when the journal is opened.
    }
  }

  async #finish(): Promise<void> {
    await this.#committing;
    try {
      if (this.#failure === undefined && !this.#sync) await this.#file.datasync();
    } catch (error) {
      throw storageError(error, "write", this.#path);
    } finally {
      await this.#file.close();
    }
  }
}

/**
 * Opens a journal for appending and creates it when it does not exist. What a killed process left half-written
 * at the end is cut off and never fatal. What is packed stays as it is: lines go into a file of their own after it.
 * Whether the lines before the last are valid is found by `readJournal`.
 */
export async function openJournal(path: string, options: JournalOptions): Promise<Journal> {
  let file: FileHandle | undefined;
  try {
    const packed = await packedSize(path);
    file = await open(packed === undefined ? path : tailPath(path, packed), "a+");
    await syncFolder(dirname(path));
    const { size } = await file.stat();
    const sound = await soundLength(file, size);
    if (sound < size) {
      await file.truncate(sound);
      await file.datasync();
      options.onNote?.(`dropped ${size - sound} bytes of a torn last line in ${path}`);
    }
    return new FileJournal({ file, path, size: sound, dropped: size - sound, packed: packed ?? 0 }, options);
  } catch (error) {
    await file?.close();
    throw storageError(error, "open", path);
  }
}

const MEBIBYTE = 1024 * 1024;

/** No line that we write comes near this; a damaged file must not fill the memory. */
export const LONGEST_LINE = 256 * MEBIBYTE;

function damaged(path: string, line: number, problem: string): AgentRefineError {
  return new AgentRefineError(`${path} is damaged: line ${line} ${problem}`, {
    fix: "Restore the file from a copy, or remove that line if what it recorded may be lost.",
  });
}

/** A line of a journal that a line feed ends: what it holds, or what is wrong with it. */
export interface PlacedLine extends LinePlace {
  /** From 1, counted from where the reading began. */
  readonly number: number;
  readonly record?: unknown;
  readonly problem?: string;
  /** Whether it stands for a whole block, which is never what a kill has left. */
  readonly isBlock?: true;
}

/** Reads one line, given without its newline; the problem of one that is torn is that it is not UTF-8 or not JSON. */
function parseJournalLine(bytes: Buffer | undefined): Pick<PlacedLine, "record" | "problem"> {
  if (bytes === undefined) return { problem: `is longer than ${LONGEST_LINE / MEBIBYTE} MiB` };
  const problem = "is not valid JSON";
  if (!isUtf8(bytes)) return { problem };
  try {
    return { record: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return { problem };
  }
}

/**
 * The lines of a journal in order, also those that are no JSON, from `from` on, where a line begins. A missing file
 * has none. A last line without a line feed is left out: it may be half written. Of a packed journal a block that
 * cannot be unpacked is one line with a problem.
 */
export async function* journalLines(path: string, from = 0): AsyncGenerator<PlacedLine, void, undefined> {
  try {
    await using journal = await openBytes(path);
    let [at, before]: [number | undefined, number] = [from, 0];
    while (journal !== undefined && at !== undefined) {
      const next: NextLines = yield* linesFrom(journal, at, before);
      [at, before] = [next?.at, next?.before ?? 0];
    }
  } catch (error) {
    throw storageError(error, "read", path);
  }
}

/** Where the lines go on after a block that could not be unpacked, and how many lines are before. */
type NextLines = { readonly at: number; readonly before: number } | undefined;

async function* linesFrom(
  journal: JournalBytes,
  from: number,
  before: number,
): AsyncGenerator<PlacedLine, NextLines, undefined> {
  let read = before;
  try {
    for await (const { number, start, bytes, isEnded } of byteLines(journal.blocks(from), LONGEST_LINE)) {
      if (!isEnded) return undefined;
      read = before + number;
      yield { number: read, start: from + start, length: bytes?.length ?? 0, ...parseJournalLine(bytes) };
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof DamagedBlock)) throw error;
    const { start, length, lines } = error.block;
    const problem = `and the ${lines - 1} after it cannot be unpacked`;
    yield { number: read + 1, start, length: length - 1, problem, isBlock: true };
    return { at: start + length, before: read + lines };
  }
}

/**
 * The records of a journal in order, read as a stream. A missing file has none. Torn lines at the end are left
 * out, exactly those that `openJournal` would cut; a bad line before a good one is an AgentRefineError.
 */
export async function* readJournal(
  path: string,
): AsyncGenerator<LinePlace & { readonly record: unknown }, void, undefined> {
  let firstBad: PlacedLine | undefined;
  for await (const line of journalLines(path)) {
    if (line.problem !== undefined && line.isBlock) throw damaged(path, line.number, line.problem);
    if (line.problem !== undefined) firstBad ??= line;
    else if (firstBad?.problem !== undefined) throw damaged(path, firstBad.number, firstBad.problem);
    else yield { record: line.record, start: line.start, length: line.length };
  }
}

/** What the lines of a journal are. */
export interface RecordKind<Value> {
  readonly schema: z.ZodType<Value>;
  /** With its article, such as `a call`. */
  readonly name: string;
  /** What comes of removing a line, as half a sentence; not given where lines count by their places. */
  readonly removal?: string;
}

/** The records of a journal in order, each checked, with their places. A missing file has none. Throws AgentRefineError. */
export async function* readPlaced<Value>(
  path: string,
  { schema, name, removal }: RecordKind<Value>,
): AsyncGenerator<LinePlace & { readonly value: Value }, void, undefined> {
  let line = 0;
  for await (const { record, start, length } of readJournal(path)) {
    line += 1;
    const parsed = schema.safeParse(record);
    if (!parsed.success) {
      throw new AgentRefineError(`${path} is damaged: line ${line} is not ${name}`, {
        fix: `Restore the file from a copy${removal === undefined ? "" : `, or remove that line; ${removal}`}.`,
      });
    }
    yield { value: parsed.data, start, length };
  }
}

/**
 * The records alone; see {@link readPlaced}. With `leftOut`, for those who show what there is, lines that cannot be read
 * are left out, and it is told of each in words.
 */
export async function* readRecords<Value>(
  path: string,
  kind: RecordKind<Value>,
  leftOut?: (words: string) => void,
): AsyncGenerator<Value, void, undefined> {
  if (leftOut === undefined) {
    for await (const { value } of readPlaced(path, kind)) yield value;
    return;
  }
  for await (const { number, record, problem } of journalLines(path)) {
    const parsed = kind.schema.safeParse(record);
    if (problem === undefined && parsed.success) yield parsed.data;
    else leftOut(`${basename(path)}: line ${number} ${problem ?? `is not ${kind.name}`}`);
  }
}

const BLOCK = 64 * 1024;

async function readRange(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) return bytes.subarray(0, filled);
    filled += bytesRead;
  }
  return bytes;
}

/** The position after the last newline before `end`; 0 when there is none. */
async function lineStart(file: FileHandle, end: number): Promise<number> {
  for (let blockEnd = end; blockEnd > 0; ) {
    const blockStart = Math.max(0, blockEnd - BLOCK);
    const block = await readRange(file, blockStart, blockEnd);
    const newline = block.lastIndexOf(NEWLINE);
    if (newline !== -1) return blockStart + newline + 1;
    blockEnd = blockStart;
  }
  return 0;
}

/**
 * How many bytes of a journal can be kept: up to the end of its last line that is whole and valid. Only the end
 * of the file is read, however long the file is. Usually at most one line is torn; a power cut can tear several,
 * because the disk may write the blocks of one commit in any order.
 */
async function soundLength(file: FileHandle, size: number): Promise<number> {
  let end = await lineStart(file, size);
  while (end > 0) {
    const start = await lineStart(file, end - 1);
    if (parseJournalLine(await readRange(file, start, end - 1)).problem === undefined) return end;
    end = start;
  }
  return 0;
}
