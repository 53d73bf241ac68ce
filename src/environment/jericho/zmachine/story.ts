import { AgentRefineError } from "../../../errors.ts";
import type { Instruction } from "./decode.ts";

/** A program is over: it has ended, or did what frotz halts at, such as a division by zero. */
export class Halt extends Error {}

/** An object was asked for that cannot be; frotz says so on the screen and halts. */
export class IllegalObject extends Halt {}

/** A program for the Z-machine (a story file), as its header describes it. It is never changed. */
export interface Story {
  readonly version: 3 | 4 | 5 | 8;
  readonly bytes: Uint8Array;
  readonly release: number;
  readonly serial: string;
  readonly start: number;
  /** Memory below this address may be written. */
  readonly dynamicSize: number;
  readonly dictionary: number;
  readonly objects: number;
  readonly globals: number;
  readonly abbreviations: number;
  /** An alphabet of its own; 0 for the usual one. */
  readonly alphabet: number;
  /** A table of characters beyond ASCII of its own; 0 for the usual one. */
  readonly characters: number;
  /** What a packed address is multiplied by. */
  readonly packing: number;
  /** Instructions that were read already, by address: they lie where nothing is written. */
  readonly decoded: (Instruction | undefined)[];
}

const HEADER = 64;
const PACKING: Readonly<Record<number, number>> = { 3: 2, 4: 4, 5: 4, 8: 8 };

function isVersion(version: number): version is Story["version"] {
  return Object.hasOwn(PACKING, version);
}

/** Reads a story file's header. Throws an AgentRefineError when it is none, damaged, or of another version. */
export function readStory(bytes: Uint8Array, name: string): Story {
  const word = (address: number) => ((bytes[address] ?? 0) << 8) | (bytes[address + 1] ?? 0);
  const version = bytes[0] ?? 0;
  if (bytes.length < HEADER || version < 1 || version > 8) {
    throw new AgentRefineError(`${name} is not a story file of the Z-machine`);
  }
  if (!isVersion(version)) {
    throw new AgentRefineError(
      `${name} is for version ${version} of the Z-machine, which is not played here`,
    );
  }
  const packing = PACKING[version] ?? 1;
  // Lengths are counted in half of what packed addresses are, but in version 3, where both are words.
  const length = word(0x1a) * packing;
  const dynamicSize = word(0x0e);
  const tables = [word(0x06), word(0x08), word(0x0a), word(0x0c), word(0x18)];
  if (length > bytes.length || dynamicSize < HEADER || Math.max(dynamicSize, ...tables) >= bytes.length) {
    throw new AgentRefineError(`${name} is damaged: it is shorter than its header says`);
  }
  const extension = version >= 5 ? word(0x36) : 0;
  return {
    version,
    bytes,
    release: word(0x02),
    serial: Buffer.from(bytes.subarray(0x12, 0x18)).toString("latin1"),
    start: word(0x06),
    dynamicSize,
    dictionary: word(0x08),
    objects: word(0x0a),
    globals: word(0x0c),
    abbreviations: word(0x18),
    alphabet: version >= 5 ? word(0x34) : 0,
    characters: extension !== 0 && word(extension) >= 3 ? word(extension + 6) : 0,
    packing,
    // One that is made in its full length is an array; one that grows by far places would become a slow table.
    decoded: new Array<Instruction | undefined>(bytes.length).fill(undefined),
  };
}

/** Whether the sum of a story's bytes is what its header says. */
export function isWhole({ bytes, packing }: Story): boolean {
  const word = (address: number) => ((bytes[address] ?? 0) << 8) | (bytes[address + 1] ?? 0);
  let sum = 0;
  for (const byte of bytes.subarray(HEADER, word(0x1a) * packing)) sum += byte;
  return (sum & 0xffff) === word(0x1c);
}

/** Writes what frotz tells programs of itself in Jericho: 128 by 1000 characters, no sound, mouse, colours or undo. */
export function writeFrotzHeader(memory: Uint8Array, version: Story["version"]): void {
  const set = (address: number, value: number) => memory.set([value >> 8, value & 0xff], address);
  const flags = ((memory[0x10] ?? 0) << 8) | (memory[0x11] ?? 0);
  if (version === 3) {
    memory[0x01] = (memory[0x01] ?? 0) | 0x20;
    set(0x10, flags & ~0x10);
  } else {
    memory[0x01] = (memory[0x01] ?? 0) | 0x80;
    memory.set([1, 0x46, 1000 & 0xff, 128], 0x1e);
  }
  if (version >= 5) {
    set(0x10, flags & ~0x01b0);
    set(0x22, 128);
    set(0x24, 1000);
    memory.set([1, 1], 0x26);
    memory.set([0, 0], 0x2c);
  }
  memory.set([1, 0], 0x32);
}
