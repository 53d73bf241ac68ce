import { fstatSync, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { crc32, deflateRaw, gunzip } from "node:zlib";
import { AgentRefineError, systemErrorCode } from "../errors.ts";

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
  await using packed = await unlessMissing(PackedBytes.open(packedPath(path)));
  return packed?.packed;
}

/** Opens a journal for reading; undefined when there is none. Rejects with what the system says. */
export async function openBytes(path: string): Promise<JournalBytes | undefined> {
  const plain = await unlessMissing(openPlain(path));
  if (plain !== undefined) return plain;
  const packed = await unlessMissing(PackedBytes.open(packedPath(path)));
  // Between the two looks it may have been unpacked.
  if (packed === undefined) return unlessMissing(openPlain(path));
  packed.tail = await unlessMissing(openPlain(tailPath(path, packed.packed)));
  if (packed.tail !== undefined || (await packedSize(path)) === packed.packed) return packed;
  // What followed has been packed, too, or all was unpacked since the look at the packed file.
  await packed[Symbol.asyncDispose]();
  return openBytes(path);
}

// A packed journal is a gzip file of many members, each a block of whole lines, so that `zcat` reads it and one line is
// found without the others. Each member tells in its extra field (RFC 1952, 2.3.1.1) how long it is, how long its lines
// are, and how many.

/** Bytes of lines that are compressed together: one is unpacked in some milliseconds. */
const MEMBER = 512 * 1024;
const NEWLINE = 0x0a;
/** Files whose blocks are remembered: the two journals of some runs. */
const KNOWN = 16;
/** Magic, method, the flag of an extra field, no time, no hint, an unknown system. */
const START = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255]);
/** After the start: the length of the extra field, its name, its own length, and three numbers. */
const EXTRA = 12;
const HEAD = START.length + 2 + 4 + EXTRA;
const TAIL = 8;

/** A block of a packed journal. Places are those in the journal as it was written, and in the packed file. */
interface PackedBlock {
  readonly start: number;
  readonly length: number;
  /** How many lines are before it, and in it. */
  readonly linesBefore: number;
  readonly lines: number;
  readonly at: number;
  readonly packed: number;
}

/** A block that cannot be unpacked; what is before and after it can. */
export class DamagedBlock extends AgentRefineError {
  readonly block: PackedBlock;

  constructor(path: string, block: PackedBlock) {
    const { linesBefore, lines, at } = block;
    super(`${path} is damaged: the block at byte ${at}, lines ${linesBefore + 1} to ${linesBefore + lines}`, {
      fix: "Restore the file from a copy.",
    });
    this.block = block;
  }
}

const deflated = promisify(deflateRaw);
const unzipped = promisify(gunzip);

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** One member of a packed journal; unpacked once, since what it was made of will be removed. */
async function memberOf(block: Buffer): Promise<Buffer> {
  const body: Buffer = await deflated(block);
  const head = Buffer.alloc(HEAD);
  START.copy(head);
  head.writeUInt16LE(4 + EXTRA, 10);
  head.write("AR", 12, "latin1");
  head.writeUInt16LE(EXTRA, 14);
  head.writeUInt32LE(HEAD + body.length + TAIL, 16);
  head.writeUInt32LE(block.length, 20);
  head.writeUInt32LE(countLines(block), 24);
  const tail = Buffer.alloc(TAIL);
  tail.writeUInt32LE(crc32(block));
  tail.writeUInt32LE(block.length, 4);
  const member = Buffer.concat([head, body, tail]);
  if (!block.equals(await unzipped(member))) throw new Error("a packed block is not what it was made of");
  return member;
}

/** Bytes of whole lines in blocks of whole lines. */
async function* inBlocks(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const part of bytes) {
    parts.push(part);
    size += part.length;
    if (size < MEMBER) continue;
    const all = Buffer.concat(parts);
    const end = all.lastIndexOf(NEWLINE) + 1;
    for (let from = 0; from < end; ) {
      const next = from + MEMBER >= end ? end : all.lastIndexOf(NEWLINE, from + MEMBER - 1) + 1;
      // A line that is longer than a block is one by itself.
      const to = next > from ? next : all.indexOf(NEWLINE, from) + 1;
      yield all.subarray(from, to);
      from = to;
    }
    parts = [all.subarray(end)];
    size = all.length - end;
  }
  if (size > 0) yield Buffer.concat(parts);
}

/** Packs the bytes of a journal. Several blocks are compressed at once, and come in their order. */
export async function* pack(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const waiting: Promise<Buffer>[] = [];
  try {
    for await (const block of inBlocks(bytes)) {
      waiting.push(memberOf(block));
      if (waiting.length < 4) continue;
      const first = waiting.shift();
      if (first !== undefined) yield await first;
    }
    for (const member of waiting) yield await member;
  } finally {
    await Promise.allSettled(waiting);
  }
}

/** The blocks of the file that was read last under each path: a journal is opened many times, and has thousands. */
const known = new Map<string, { readonly file: string; readonly blocks: readonly PackedBlock[] }>();

/** Where the blocks of a packed journal are. Throws AgentRefineError when it is none. */
function blocksOf(path: string, file: number): readonly PackedBlock[] {
  // A packed journal is written once, and put in the place of the former whole.
  const { dev, ino, size, mtimeMs } = fstatSync(file);
  const id = [dev, ino, size, mtimeMs].join();
  const before = known.get(path);
  if (before?.file === id) return before.blocks;
  const blocks = readBlocks(path, file, size);
  known.delete(path);
  known.set(path, { file: id, blocks });
  for (const old of known.keys()) if (known.size > KNOWN) known.delete(old);
  return blocks;
}

function readBlocks(path: string, file: number, size: number): readonly PackedBlock[] {
  const blocks: PackedBlock[] = [];
  const head = Buffer.alloc(HEAD);
  let [at, start, linesBefore] = [0, 0, 0];
  while (at < size) {
    const read = readSync(file, head, 0, HEAD, at);
    const packed = head.readUInt32LE(16);
    const isOurs = read === HEAD && head.subarray(0, 4).equals(START.subarray(0, 4)) && head[12] === 0x41;
    if (!isOurs || packed <= HEAD || at + packed > size) {
      throw new AgentRefineError(`${path} is damaged: no block begins at byte ${at}`, {
        fix: "Restore the file from a copy; what is before that byte can be unpacked with zcat.",
      });
    }
    const [length, lines] = [head.readUInt32LE(20), head.readUInt32LE(24)];
    blocks.push({ start, length, linesBefore, lines, at, packed });
    [at, start, linesBefore] = [at + packed, start + length, linesBefore + lines];
  }
  return blocks;
}

/** A packed journal, of which the last few blocks that were read are held, and what was written after it. */
export class PackedBytes implements JournalBytes {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly members: readonly PackedBlock[];
  readonly #held = new Map<PackedBlock, Promise<Buffer>>();
  tail: PlainBytes | undefined;

  private constructor(path: string, file: FileHandle, members: readonly PackedBlock[]) {
    this.#path = path;
    this.#file = file;
    this.members = members;
  }

  /** Rejects with what the system says when there is no such file. */
  static async open(path: string): Promise<PackedBytes> {
    const file = await open(path);
    try {
      return new PackedBytes(path, file, blocksOf(path, file.fd));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Bytes of the journal that are packed. */
  get packed(): number {
    const last = this.members.at(-1);
    return last === undefined ? 0 : last.start + last.length;
  }

  get size(): number {
    return this.packed + (this.tail?.size ?? 0);
  }

  async read(start: number, length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    const end = start + length;
    let at = start;
    while (at < Math.min(end, this.packed)) {
      const block = this.members[this.#indexOf(at)];
      if (block === undefined) break;
      const bytes = await this.#unpack(block);
      parts.push(bytes.subarray(at - block.start, end - block.start));
      at = block.start + block.length;
    }
    at = Math.max(start, this.packed);
    if (end > at && this.tail !== undefined) parts.push(await this.tail.read(at - this.packed, end - at));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  async *blocks(from: number): AsyncGenerator<Buffer> {
    for (const block of from < this.packed ? this.members.slice(this.#indexOf(from)) : []) {
      const bytes = await this.#unpack(block);
      yield bytes.subarray(Math.max(0, from - block.start));
    }
    if (this.tail !== undefined) yield* this.tail.blocks(Math.max(0, from - this.packed));
  }

  /** The place among the blocks of the one that a byte of the journal is in. */
  #indexOf(start: number): number {
    let [low, high] = [0, this.members.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.members[middle]?.start ?? 0) <= start) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Unpacks a block. Rejects with {@link DamagedBlock}. */
  #unpack(block: PackedBlock): Promise<Buffer> {
    const held = this.#held.get(block);
    if (held !== undefined) return held;
    const bytes = this.#unpacked(block);
    this.#held.set(block, bytes);
    bytes.catch(() => this.#held.delete(block));
    for (const old of this.#held.keys()) if (this.#held.size > 4) this.#held.delete(old);
    return bytes;
  }

  async #unpacked(block: PackedBlock): Promise<Buffer> {
    const { buffer } = await this.#file.read(Buffer.allocUnsafe(block.packed), 0, block.packed, block.at);
    const limit = { maxOutputLength: Math.max(1, block.length) };
    const bytes = await unzipped(buffer, limit).catch(() => undefined);
    if (bytes?.length !== block.length) throw new DamagedBlock(this.#path, block);
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await this.tail?.[Symbol.asyncDispose]();
  }
}
