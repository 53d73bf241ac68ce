/** Where the bytes of a file go. A chunk belongs to the sink; the next one comes when the promise is fulfilled. */
export interface Sink {
  write(chunk: Uint8Array | string): Promise<void>;
}

/** Lines are gathered into chunks of at least this many characters, so that small rows do not cost a write each. */
const CHUNK_CHARACTERS = 65_536;
const ESCAPE = /\\(?:ud[0-9a-f]{3}|.)/g;

/**
 * A row as one line of JSON. A lone half of a surrogate pair, which models do write and which Python's readers
 * refuse, becomes U+FFFD, as it does wherever text is written as UTF-8.
 */
export function jsonLine(row: object): string {
  const line = JSON.stringify(row);
  if (!line.includes("\\ud")) return `${line}\n`;
  return `${line.replace(ESCAPE, (found) => (found.startsWith("\\ud") ? "\ufffd" : found))}\n`;
}

/** Writes rows as JSON Lines, in memory that does not grow with their number. Gives the number of rows. */
export async function writeJsonl(
  rows: AsyncIterable<object> | Iterable<object>,
  sink: Sink,
): Promise<number> {
  let count = 0;
  let chunk = "";
  for await (const row of rows) {
    chunk += jsonLine(row);
    count += 1;
    if (chunk.length >= CHUNK_CHARACTERS) {
      await sink.write(chunk);
      chunk = "";
    }
  }
  if (chunk !== "") await sink.write(chunk);
  return count;
}
