import { isUtf8 } from "node:buffer";

/** What a line of a journal holds. */
export interface JournalLine {
  readonly record: unknown;
}

/** Reads one line, given without its newline. Undefined when it is torn: not UTF-8 or not JSON. */
export function parseJournalLine(bytes: Buffer): JournalLine | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    return { record: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return undefined;
  }
}
