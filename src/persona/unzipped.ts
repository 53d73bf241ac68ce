import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

async function* bytesOf(source: Readable): AsyncGenerator<Buffer, void, undefined> {
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
 * The bytes of a stream, unpacked when they begin with gzip's magic number, whatever the file is called. The
 * stream is destroyed when the reader stops, also in the middle.
 */
export async function* unzipped(source: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    const chunks = bytesOf(source);
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
    const unpacked: AsyncIterable<Buffer> = gunzip;
    yield* unpacked;
  } finally {
    source.destroy();
  }
}
