const NEWLINE = 0x0a;

/** A line of bytes without its newline. */
export interface ByteLine {
  /** From 1. */
  readonly number: number;
  /** Undefined when the line is longer than what may be held. */
  readonly bytes: Buffer | undefined;
}

/** Splits a stream into lines and never holds more than `longest` bytes of one beside the block being read. */
export async function* boundedLines(
  blocks: AsyncIterable<Buffer>,
  longest: number,
): AsyncGenerator<ByteLine, void, undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 1;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length > longest) parts = [];
    else parts.push(part);
  };
  const line = (): ByteLine => ({ number, bytes: length > longest ? undefined : Buffer.concat(parts) });
  for await (const block of blocks) {
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end !== -1; end = block.indexOf(NEWLINE, start)) {
      take(block.subarray(start, end));
      yield line();
      parts = [];
      length = 0;
      number += 1;
      start = end + 1;
    }
    take(block.subarray(start));
  }
  if (length > 0) yield line();
}
