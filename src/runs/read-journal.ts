import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type * as z from "zod";
import { AgentRefineError, systemErrorCode } from "../errors.ts";
import { byteLines } from "../lines.ts";
import { storageError } from "./storage-error.ts";

const MEBIBYTE = 1024 * 1024;

/** No line that we write comes near this; a damaged file must not fill the memory. */
const LONGEST_LINE = 256 * MEBIBYTE;

function damaged(path: string, line: number, problem: string): AgentRefineError {
  return new AgentRefineError(`${path} is damaged: line ${line} ${problem}`, {
    fix: "Restore the file from a copy, or remove that line if what it recorded may be lost.",
  });
}

/** What a line of a journal holds. */
interface JournalLine {
  readonly record: unknown;
}

/** Reads one line, given without its newline. Undefined when it is torn: not UTF-8 or not JSON. */
function parseJournalLine(bytes: Buffer): JournalLine | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    return { record: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return undefined;
  }
}

/** A record of a journal and where it stands. */
export interface PlacedRecord {
  readonly record: unknown;
  /** In bytes from the beginning of the file. */
  readonly start: number;
  /** In bytes, without the line feed. */
  readonly length: number;
}

/**
 * The records of a journal in order, read as a stream. A missing file has none. Torn lines at the end are left
 * out, exactly those that `openJournal` would cut; a bad line before a good one is an AgentRefineError.
 */
export async function* readJournal(path: string): AsyncGenerator<PlacedRecord, void, undefined> {
  let firstBad: number | undefined;
  try {
    const blocks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: MEBIBYTE / 4 });
    for await (const { number, start, bytes, isEnded } of byteLines(blocks, LONGEST_LINE)) {
      if (bytes === undefined) throw damaged(path, number, `is longer than ${LONGEST_LINE / MEBIBYTE} MiB`);
      if (!isEnded) break;
      const line = parseJournalLine(bytes);
      if (line === undefined) firstBad ??= number;
      else if (firstBad !== undefined) throw damaged(path, firstBad, "is not valid JSON");
      else yield { record: line.record, start, length: bytes.length };
    }
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return;
    throw storageError(error, "read", path);
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

/** A record of a journal, checked, and where its line stands in the file, in bytes. */
export interface PlacedValue<Value> {
  readonly value: Value;
  readonly start: number;
  readonly length: number;
}

/** The records of a journal in order, each checked, with their places. A missing file has none. Throws AgentRefineError. */
export async function* readPlaced<Value>(
  path: string,
  { schema, name, removal }: RecordKind<Value>,
): AsyncGenerator<PlacedValue<Value>, void, undefined> {
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

/** The records alone; see {@link readPlaced}. */
export async function* readRecords<Value>(
  path: string,
  kind: RecordKind<Value>,
): AsyncGenerator<Value, void, undefined> {
  for await (const { value } of readPlaced(path, kind)) yield value;
}

const NEWLINE = 0x0a;
const BLOCK = 64 * 1024;

/** The bytes of a file from `start` to `end`. */
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
export async function soundLength(file: FileHandle, size: number): Promise<number> {
  let end = await lineStart(file, size);
  while (end > 0) {
    const start = await lineStart(file, end - 1);
    if (parseJournalLine(await readRange(file, start, end - 1)) !== undefined) return end;
    end = start;
  }
  return 0;
}
