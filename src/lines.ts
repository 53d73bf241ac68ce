import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { AgentRefineError, storageError, systemErrorCode } from "./errors.ts";

const NEWLINE = 0x0a;

/** A line of bytes without its line feed. */
interface ByteLine {
  /** From 1. */
  readonly number: number;
  /** Where it begins, in bytes from the beginning. */
  readonly start: number;
  /** Undefined when the line is longer than what may be held. */
  readonly bytes: Buffer | undefined;
  /** Whether a line feed ends it: a last line without one may be torn. */
  readonly isEnded: boolean;
}

/**
 * Splits bytes into lines and never holds more than `longest` bytes of one beside the block that is read. What stands
 * after the last line feed is a line when there is anything.
 */
export async function* byteLines(
  blocks: AsyncIterable<Buffer> | Iterable<Buffer>,
  longest: number,
): AsyncGenerator<ByteLine, void, undefined> {
  for await (const lines of lineBlocks(blocks, longest)) for (const line of lines) yield line;
}

/** The lines of {@link byteLines}, a block's at once, each to be taken: for hundreds of thousands of short ones. */
export async function* lineBlocks(
  blocks: AsyncIterable<Buffer> | Iterable<Buffer>,
  longest: number,
): AsyncGenerator<Iterable<ByteLine>, void, undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  let [number, start] = [1, 0];
  const line = (last: Buffer, isEnded: boolean): ByteLine => {
    length += last.length;
    if (length > longest) return { number, start, bytes: undefined, isEnded };
    return { number, start, bytes: parts.length === 0 ? last : Buffer.concat([...parts, last]), isEnded };
  };
  function* linesOf(block: Buffer): Generator<ByteLine> {
    let from = 0;
    for (let end = block.indexOf(NEWLINE); end !== -1; end = block.indexOf(NEWLINE, from)) {
      yield line(block.subarray(from, end), true);
      start += length + 1;
      number += 1;
      parts = [];
      length = 0;
      from = end + 1;
    }
    const rest = block.subarray(from);
    length += rest.length;
    if (length > longest) parts = [];
    else if (rest.length > 0) parts.push(rest);
  }
  for await (const block of blocks) yield linesOf(block);
  if (length > 0) yield [line(Buffer.alloc(0), false)];
}

async function* buffersOf(source: Readable): AsyncGenerator<Buffer, void, undefined> {
  const chunks: AsyncIterable<Uint8Array | string> = source;
  for await (const chunk of chunks) {
    yield typeof chunk === "string"
      ? Buffer.from(chunk)
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  }
}

async function* continued(
  head: Buffer,
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  yield head;
  yield* rest;
}

/**
 * The bytes of a stream, decompressed when they begin with gzip's magic number, whatever the file is called. The
 * stream is destroyed when the reader stops, also in the middle.
 */
export async function* decompressed(source: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    const chunks = buffersOf(source);
    let head: Buffer = Buffer.alloc(0);
    while (head.length < 2) {
      const next = await chunks.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
    const all = continued(head, chunks);
    if (head[0] !== 0x1f || head[1] !== 0x8b) {
      yield* all;
      return;
    }
    const gunzip = createGunzip();
    // What goes wrong also reaches the reader of `gunzip`, who is the one to hear of it.
    pipeline(Readable.from(all), gunzip).catch(() => undefined);
    const bytes: AsyncIterable<Buffer> = gunzip;
    yield* bytes;
  } finally {
    source.destroy();
  }
}

/**
 * What to throw when a file of the user's could not be read: an {@link AgentRefineError} that names it. Errors that
 * come neither from the system nor from the gzip format are defects and come back as they are.
 */
export function readingError(error: unknown, name: string): unknown {
  if (systemErrorCode(error)?.startsWith("Z_") !== true) return storageError(error, "read", name);
  return new AgentRefineError(`cannot read ${name}: it is a damaged or incomplete gzip file`, {
    fix: "Download or compress the file again; `gzip -t` checks it.",
    cause: error,
  });
}
