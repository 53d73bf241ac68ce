import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./atomic-file.ts";
import { soundLength } from "./read-journal.ts";
import { storageError } from "./storage-error.ts";

const NEWLINE = 0x0a;

/** The most bytes that are written at once; a longer line is written alone. */
const COMMIT_BYTES = 16 * 1024 * 1024;

/** An append-only file of JSON lines. Only one process may have it open: see `lockFolder`. */
export interface Journal {
  /**
   * Writes one line. Resolves once the line is written, and on the disk when the journal syncs. Lines are in
   * the order of the calls. Rejects with an AgentRefineError when the disk refuses it, and from then on always:
   * the file then ends with a whole line, which may be one whose append was rejected.
   */
  append(record: unknown): Promise<void>;
  /** Waits for all lines, makes them durable and closes the file. Can be called again. */
  close(): Promise<void>;
  /** Bytes of torn lines that were cut off when the journal was opened. */
  readonly dropped: number;
}

/** How a journal is kept. */
export interface JournalOptions {
  /** Whether each line must be on the disk before its `append` resolves. */
  readonly sync: boolean;
}

interface WaitingLine {
  readonly bytes: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class FileJournal implements Journal {
  readonly dropped: number;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #sync: boolean;
  /** Bytes of whole lines in the file. */
  #size: number;
  #waiting: WaitingLine[] = [];
  #committing: Promise<void> | undefined;
  #failure: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(file: FileHandle, path: string, size: number, dropped: number, sync: boolean) {
    this.#file = file;
    this.#path = path;
    this.#size = size;
    this.#sync = sync;
    this.dropped = dropped;
  }

  async append(record: unknown): Promise<void> {
    if (this.#closing !== undefined) throw new Error(`${this.#path} is closed`);
    if (this.#failure !== undefined) throw this.#failure;
    const text = JSON.stringify(record);
    if (text === undefined) throw new TypeError("only a JSON value can be appended to a journal");
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ bytes: Buffer.from(`${text}\n`), resolve, reject });
      this.#committing ??= this.#commitWaiting();
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  /** Lines that arrive during a commit wait for it to end and share the next one. */
  async #commitWaiting(): Promise<void> {
    // Lines that are appended in the same turn of the event loop share a commit from the start.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const lines = this.#takeLines();
      try {
        if (this.#failure !== undefined) throw this.#failure;
        await this.#commit(Buffer.concat(lines.map((line) => line.bytes)));
        for (const line of lines) line.resolve();
      } catch (error) {
        this.#failure ??= storageError(error, "write", this.#path);
        for (const line of lines) line.reject(this.#failure);
      }
    }
    this.#committing = undefined;
  }

  #takeLines(): readonly WaitingLine[] {
    let count = 0;
    let bytes = 0;
    for (const line of this.#waiting) {
      bytes += line.bytes.length;
      if (count > 0 && bytes > COMMIT_BYTES) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(bytes: Buffer): Promise<void> {
    let written = 0;
    try {
      while (written < bytes.length) {
        written += (await this.#file.write(bytes, written, bytes.length - written)).bytesWritten;
      }
    } catch (error) {
      await this.#cutTornLine(bytes.subarray(0, written));
      throw error;
    }
    this.#size += bytes.length;
    if (this.#sync) await this.#file.datasync();
  }

  /** The whole lines that did fit are kept: each is something that was paid for. */
  async #cutTornLine(written: Buffer): Promise<void> {
    this.#size += written.lastIndexOf(NEWLINE) + 1;
    try {
      await this.#file.truncate(this.#size);
    } catch {
      // A disk that is broken may refuse this as well; the torn line is then cut when the journal is opened.
    }
  }

  async #finish(): Promise<void> {
    await this.#committing;
    try {
      if (this.#failure === undefined && !this.#sync) await this.#file.datasync();
    } catch (error) {
      throw storageError(error, "write", this.#path);
    } finally {
      await this.#file.close();
    }
  }
}

/**
 * Opens a journal for appending and creates it when it does not exist. What a killed process left half-written
 * at the end is cut off and never fatal. Whether the lines before the last are valid is found by `readJournal`.
 */
export async function openJournal(path: string, options: JournalOptions): Promise<Journal> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "a+");
    await syncFolder(dirname(path));
    const { size } = await file.stat();
    const sound = await soundLength(file, size);
    if (sound < size) {
      await file.truncate(sound);
      await file.datasync();
    }
    return new FileJournal(file, path, sound, size - sound, options.sync);
  } catch (error) {
    await file?.close();
    throw storageError(error, "open", path);
  }
}
