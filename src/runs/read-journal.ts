import { createReadStream } from "node:fs";
import { AgentRefineError, systemErrorCode } from "../errors.ts";
import { parseJournalLine } from "./journal-line.ts";
import { storageError } from "./storage-error.ts";

const NEWLINE = 0x0a;
const MEBIBYTE = 1024 * 1024;

/** No line that we write comes near this; a damaged file must not fill the memory. */
const LONGEST_LINE = 256 * MEBIBYTE;

function damaged(path: string, line: number, problem: string): AgentRefineError {
  return new AgentRefineError(`${path} is damaged: line ${line} ${problem}`, {
    fix: "Restore the file from a copy, or remove that line if what it recorded may be lost.",
  });
}

/** The lines of a file as bytes, without their newlines. A last line that has no newline is left out. */
async function* wholeLines(path: string): AsyncGenerator<Buffer, void, undefined> {
  let parts: Buffer[] = [];
  let held = 0;
  let number = 1;
  const blocks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: MEBIBYTE / 4 });
  for await (const block of blocks) {
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end !== -1; end = block.indexOf(NEWLINE, start)) {
      const last = block.subarray(start, end);
      yield parts.length === 0 ? last : Buffer.concat([...parts, last]);
      parts = [];
      held = 0;
      start = end + 1;
      number += 1;
    }
    parts.push(block.subarray(start));
    held += block.length - start;
    if (held > LONGEST_LINE) throw damaged(path, number, `is longer than ${LONGEST_LINE / MEBIBYTE} MiB`);
  }
}

/**
 * The records of a journal in order, read as a stream. A missing file has none. Torn lines at the end are left
 * out, exactly those that `openJournal` would cut; a bad line before a good one is an AgentRefineError.
 */
export async function* readJournal(path: string): AsyncGenerator<unknown, void, undefined> {
  let number = 0;
  let firstBad: number | undefined;
  try {
    for await (const bytes of wholeLines(path)) {
      number += 1;
      const line = parseJournalLine(bytes);
      if (line === undefined) firstBad ??= number;
      else if (firstBad !== undefined) throw damaged(path, firstBad, "is not valid JSON");
      else yield line.record;
    }
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return;
    throw storageError(error, "read", path);
  }
}
