import type { FileHandle } from "node:fs/promises";
import { parseJournalLine } from "./journal-line.ts";

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
