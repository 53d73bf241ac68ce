import { COMMON, type Definition, type Definitions, signed } from "../definition.ts";
import type { Machine } from "../machine.ts";
import { Halt } from "../story.ts";

/** An instruction that divides its two operands, which have signs. */
function dividing(compute: (a: number, b: number) => number): Definition {
  return {
    computes: (a, b) => {
      if (b === 0) throw new Halt("Division by zero");
      return compute(signed(a), signed(b));
    },
  };
}

function shifted(value: number, places: number, keepsSign: boolean): number {
  const by = signed(places);
  if (by >= 0) return value << by;
  return (keepsSign ? signed(value) : value) >> -by;
}

function random(machine: Machine): void {
  const range = signed(machine.operand(0));
  if (range <= 0) {
    machine.random.reseed(-range);
    machine.store(0);
  } else {
    machine.store(machine.random.draw(range));
  }
}

function scanTable(machine: Machine): void {
  const form = machine.operandCount > 3 ? machine.operand(3) : 0x82;
  const wanted = machine.operand(0);
  let address = machine.operand(1);
  for (let i = machine.operand(2); i > 0; i -= 1) {
    const value = (form & 0x80) !== 0 ? machine.word(address) : machine.byte(address);
    if (value === wanted) {
      machine.store(address);
      machine.branch(true);
      return;
    }
    address = (address + (form & 0x7f)) & 0xffff;
  }
  machine.store(0);
  machine.branch(false);
}

function copyTable(machine: Machine): void {
  const from = machine.operand(0);
  const to = machine.operand(1);
  const size = signed(machine.operand(2));
  const length = Math.abs(size);
  if (to === 0) {
    for (let i = 0; i < length; i += 1) machine.setByte(from + i, 0);
  } else if (size < 0 || from > to) {
    for (let i = 0; i < length; i += 1) machine.setByte(to + i, machine.byte((from + i) & 0xffff));
  } else {
    for (let i = length - 1; i >= 0; i -= 1) machine.setByte(to + i, machine.byte((from + i) & 0xffff));
  }
}

function pull(machine: Machine): void {
  const value = machine.pop();
  machine.poke(machine.operand(0), value);
}

const NOT: Definition = { computes: (value) => ~value };

export function ONE_OPERAND_VALUES(version: number): Definitions {
  return {
    5: { perform: (machine) => machine.step(machine.operand(0), 1) },
    6: { perform: (machine) => machine.step(machine.operand(0), -1) },
    14: { computes: (variable, _, machine) => machine.peek(variable) },
    ...(version <= 4 ? { 15: NOT } : {}),
  };
}

export const TWO_OPERAND_VALUES: Definitions = {
  4: { common: COMMON.countDown, branches: true },
  5: { common: COMMON.countUp, branches: true },
  8: { computes: (a, b) => a | b },
  9: { computes: (a, b) => a & b },
  13: { common: COMMON.assign },
  15: { common: COMMON.loadWord, stores: true },
  16: { common: COMMON.loadByte, stores: true },
  20: { common: COMMON.add, stores: true },
  21: { computes: (a, b) => a - b },
  22: { computes: (a, b) => Math.imul(a, b) },
  23: dividing((a, b) => Math.trunc(a / b)),
  24: dividing((a, b) => a % b),
};

export const VARIABLE_VALUES: Definitions = {
  1: { common: COMMON.storeWord },
  2: { common: COMMON.storeByte },
  7: { perform: random, stores: true },
  8: { perform: (machine) => machine.push(machine.operand(0)) },
  9: { perform: pull },
  23: { perform: scanTable, stores: true, branches: true },
  24: NOT,
  29: { perform: copyTable },
};

const NOT_AVAILABLE: Definition = { computes: () => -1 };
const FAILED: Definition = { computes: () => 0 };

/** Saving fails, since no file is ever written, and there is no undo in Jericho. */
export const EXTENDED_VALUES: Definitions = {
  0: FAILED,
  1: FAILED,
  2: { computes: (value, places) => shifted(value, places, false) },
  3: { computes: (value, places) => shifted(value, places, true) },
  9: NOT_AVAILABLE,
  10: NOT_AVAILABLE,
};
