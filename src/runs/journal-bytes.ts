import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { systemErrorCode } from "../errors.ts";

/** Where a line of a journal stands, in bytes from its beginning, without its line feed. */
export interface BytePlace {
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

class PlainBytes implements JournalBytes {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly size: number;

  constructor(path: string, file: FileHandle, size: number) {
    this.#path = path;
    this.#file = file;
    this.size = size;
  }

  async read(start: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  }

  blocks(from: number): AsyncIterable<Buffer> {
    return createReadStream(this.#path, { start: from, highWaterMark: BLOCK });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/** Opens a journal for reading; undefined when there is none. Rejects with what the system says. */
export async function openBytes(path: string): Promise<JournalBytes | undefined> {
  try {
    const file = await open(path);
    return new PlainBytes(path, file, (await file.stat()).size);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
