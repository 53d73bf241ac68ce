import { type FileHandle, open } from "node:fs/promises";
import { systemErrorCode } from "../errors.ts";
import { PackedReader } from "./packed-journal.ts";

/** Where a line of a journal stands, in bytes from its beginning, without its line feed. */
export interface LinePlace {
  readonly start: number;
  readonly length: number;
}

/** The bytes of a journal for reading, however they are kept. Places are those in the file as it was written. */
export interface JournalBytes extends AsyncDisposable {
  readonly size: number;
  /** The bytes of a place; fewer when the journal ends before. */
  read(start: number, length: number): Promise<Buffer>;
  /** All bytes from a place on. */
  blocks(from: number): AsyncIterable<Buffer>;
}

const BLOCK = 256 * 1024;

/** Where a packed journal is. */
export function packedPath(path: string): string {
  return `${path}.gz`;
}

/**
 * Where the lines are that were written after so many bytes of a journal had been packed. Once more are packed, a file
 * of this name is of no meaning, so that a kill between packing and removing it does no harm.
 */
export function tailPath(path: string, packed: number): string {
  return path.replace(/(?=\.jsonl$)/, `.after-${packed}`);
}

class PlainBytes implements JournalBytes {
  readonly #file: FileHandle;
  readonly size: number;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  async read(start: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  }

  blocks(from: number): AsyncIterable<Buffer> {
    // Of the open file: one of its name may be another by now, or none.
    return this.#file.createReadStream({ start: from, highWaterMark: BLOCK, autoClose: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/** A packed journal and what was written after it. */
class PackedBytes implements JournalBytes {
  readonly #packed: PackedReader;
  readonly #tail: PlainBytes | undefined;

  constructor(packed: PackedReader, tail: PlainBytes | undefined) {
    this.#packed = packed;
    this.#tail = tail;
  }

  get size(): number {
    return this.#packed.size + (this.#tail?.size ?? 0);
  }

  async read(start: number, length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    const end = start + length;
    let at = start;
    while (at < Math.min(end, this.#packed.size)) {
      const block = this.#packed.blocks[this.#packed.indexOf(at)];
      if (block === undefined) break;
      const bytes = await this.#packed.unpack(block);
      parts.push(bytes.subarray(at - block.start, end - block.start));
      at = block.start + block.length;
    }
    at = Math.max(start, this.#packed.size);
    if (end > at && this.#tail !== undefined)
      parts.push(await this.#tail.read(at - this.#packed.size, end - at));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  async *blocks(from: number): AsyncGenerator<Buffer> {
    const { size, blocks } = this.#packed;
    for (const block of from < size ? blocks.slice(this.#packed.indexOf(from)) : []) {
      const bytes = await this.#packed.unpack(block);
      yield bytes.subarray(Math.max(0, from - block.start));
    }
    if (this.#tail !== undefined) yield* this.#tail.blocks(Math.max(0, from - size));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#packed[Symbol.asyncDispose]();
    await this.#tail?.[Symbol.asyncDispose]();
  }
}

async function unlessMissing<Value>(opening: Promise<Value>): Promise<Value | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function openPlain(path: string): Promise<PlainBytes> {
  const file = await open(path);
  return new PlainBytes(file, (await file.stat()).size);
}

/** How many bytes of a journal are packed; undefined when it is not packed. What is not packed counts, if it is there. */
export async function packedSize(path: string): Promise<number | undefined> {
  await using plain = await unlessMissing(openPlain(path));
  if (plain !== undefined) return undefined;
  await using packed = await unlessMissing(PackedReader.open(packedPath(path)));
  return packed?.size;
}

/** Opens a journal for reading; undefined when there is none. Rejects with what the system says. */
export async function openBytes(path: string): Promise<JournalBytes | undefined> {
  const plain = await unlessMissing(openPlain(path));
  if (plain !== undefined) return plain;
  const packed = await unlessMissing(PackedReader.open(packedPath(path)));
  // Between the two looks it may have been unpacked.
  if (packed === undefined) return unlessMissing(openPlain(path));
  const tail = await unlessMissing(openPlain(tailPath(path, packed.size)));
  if (tail !== undefined || (await packedSize(path)) === packed.size) return new PackedBytes(packed, tail);
  // What followed has been packed, too, or all was unpacked since the look at the packed file.
  await packed[Symbol.asyncDispose]();
  return openBytes(path);
}
