import { createReadStream } from "node:fs";
import { AgentRefineError, systemErrorCode } from "../errors.ts";
import { byteLines } from "../lines.ts";
import { parseJournalLine } from "./journal-line.ts";
import { storageError } from "./storage-error.ts";

const MEBIBYTE = 1024 * 1024;

/** No line that we write comes near this; a damaged file must not fill the memory. */
const LONGEST_LINE = 256 * MEBIBYTE;

function damaged(path: string, line: number, problem: string): AgentRefineError {
  return new AgentRefineError(`${path} is damaged: line ${line} ${problem}`, {
    fix: "Restore the file from a copy, or remove that line if what it recorded may be lost.",
  });
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
