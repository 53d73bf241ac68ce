import type { Definition } from "./definition.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import type { Story } from "./story.ts";
import { Halt } from "./story.ts";
import { afterString, type Memory } from "./text.ts";

/** An instruction as it stands in memory. */
export interface Instruction {
  readonly does: Definition;
  /** How the machine's loop does it: 0 by `perform`, 1 by `computes`, 2 by `tests`, more by itself. */
  readonly kind: number;
  /** Constants from 0 on; below 0 variables to read: -1 is variable 0. None where the first three are enough. */
  readonly operands: readonly number[];
  /** The first three operands; 0 where it has not so many. */
  readonly first: number;
  readonly second: number;
  readonly third: number;
  /** The variable that takes its result; -1 when it has none. */
  readonly store: number;
  /** Whether it branches when its condition holds or when it does not. */
  readonly branchWhen: boolean;
  /** Where it branches to; 0 and 1 return that, and -1 says that it does not branch. */
  readonly branchTo: number;
  readonly text: number;
  /** The address after it. */
  readonly next: number;
}

/** Reads bytes one after another. */
class Reader {
  readonly memory: Memory;
  at: number;

  constructor(memory: Memory, at: number) {
    this.memory = memory;
    this.at = at;
  }

  byte(): number {
    const value = this.memory.byte(this.at);
    this.at += 1;
    return value;
  }

  operand(type: number): number {
    if (type === 0) return (this.byte() << 8) | this.byte();
    return type === 2 ? -1 - this.byte() : this.byte();
  }

  /** Operands whose types stand before them, two bits each; 3 ends them. */
  typed(bytes: 1 | 2): readonly number[] {
    const types = bytes === 1 ? (this.byte() << 8) | 0xff : (this.byte() << 8) | this.byte();
    const operands: number[] = [];
    for (let shift = 14; shift >= 0; shift -= 2) {
      const type = (types >> shift) & 3;
      if (type === 3) break;
      operands.push(this.operand(type));
    }
    return operands;
  }
}

const EXTENSION = 0xbe;
/** The two instructions of up to eight operands. */
const LONG_CALLS: readonly number[] = [0xec, 0xfa];

function readOperation(
  reader: Reader,
  version: Story["version"],
): readonly [Definition | undefined, readonly number[]] {
  const { none, one, two, variable, extended } = INSTRUCTIONS[version];
  const code = reader.byte();
  if (code === EXTENSION && version >= 5) {
    const number = reader.byte();
    return [extended[number], reader.typed(1)];
  }
  if (code < 0x80) {
    const operands = [
      reader.operand((code & 0x40) === 0 ? 1 : 2),
      reader.operand((code & 0x20) === 0 ? 1 : 2),
    ];
    return [two[code & 31], operands];
  }
  if (code < 0xb0) return [one[code & 15], [reader.operand((code >> 4) & 3)]];
  if (code < 0xc0) return [none[code & 15], []];
  const operands = reader.typed(LONG_CALLS.includes(code) ? 2 : 1);
  return [code < 0xe0 ? two[code & 31] : variable[code & 31], operands];
}

function readBranch(reader: Reader): { branchWhen: boolean; branchTo: number } {
  const first = reader.byte();
  const branchWhen = (first & 0x80) !== 0;
  const offset = (first & 0x40) !== 0 ? first & 63 : ((((first & 63) << 8) | reader.byte()) << 18) >> 18;
  return { branchWhen, branchTo: offset === 0 || offset === 1 ? offset : reader.at + offset - 2 };
}

const NO_OPERANDS: readonly number[] = [];

function kindOf({ common, perform, computes }: Definition, operands: number): number {
  if (perform !== undefined && (common === undefined || operands !== 2)) return 0;
  return common ?? (computes === undefined ? 2 : 1);
}

/** Reads the instruction at an address. Throws a {@link Halt}. */
export function decode(memory: Memory, address: number): Instruction {
  const reader = new Reader(memory, address);
  const [definition, operands] = readOperation(reader, memory.story.version);
  if (definition === undefined) throw new Halt(`there is no instruction at ${address}`);
  const store = definition.stores === true || definition.computes !== undefined ? reader.byte() : -1;
  const branches = definition.branches === true || definition.tests !== undefined;
  const branch = branches ? readBranch(reader) : { branchWhen: false, branchTo: -1 };
  const text = reader.at;
  const next = definition.hasText === true ? afterString(memory, text) : text;
  // Every instruction has the same fields in the same order: the machine's loop reads them five times as fast so.
  const kind = kindOf(definition, operands.length);
  return {
    does: definition,
    kind,
    // They would be most of an instruction's memory, and the less memory a loop goes through the faster it is.
    operands: kind === 0 ? operands : NO_OPERANDS,
    first: operands[0] ?? 0,
    second: operands[1] ?? 0,
    third: operands[2] ?? 0,
    store,
    branchWhen: branch.branchWhen,
    branchTo: branch.branchTo,
    text,
    next,
  };
}
