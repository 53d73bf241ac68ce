import { COMMON, type Definition, type Definitions, signed } from "../definition.ts";
import type { Machine } from "../machine.ts";
import { Halt, isWhole } from "../story.ts";

function isAnyOf(machine: Machine): void {
  const value = machine.operand(0);
  let found = false;
  for (let i = 1; i < machine.operandCount; i += 1) found ||= machine.operand(i) === value;
  machine.branch(found);
}

const CALL: Definition = { perform: (machine) => machine.call(machine.current.store), stores: true };
const CALL_FOR_NOTHING: Definition = { perform: (machine) => machine.call(-1) };
const FAILING_BRANCH: Definition = { tests: () => false };
const FAILING_STORE: Definition = { computes: () => 0 };

export function NO_OPERAND_FLOW(version: number): Definitions {
  return {
    0: { perform: (machine) => machine.leave(1) },
    1: { perform: (machine) => machine.leave(0) },
    4: { perform: () => {} },
    // No file is ever written or read.
    ...(version === 3 ? { 5: FAILING_BRANCH, 6: FAILING_BRANCH } : {}),
    ...(version === 4 ? { 5: FAILING_STORE, 6: FAILING_STORE } : {}),
    7: { perform: (machine) => machine.restart() },
    8: { perform: (machine) => machine.leave(machine.pop()) },
    9:
      version <= 4
        ? { perform: (machine) => void machine.pop() }
        : { computes: (_first, _second, machine) => machine.depth },
    10: {
      perform: () => {
        throw new Halt("The program has ended");
      },
    },
    13: { tests: (_first, _second, machine) => isWhole(machine.story) },
    15: { tests: () => true },
  };
}

export function ONE_OPERAND_FLOW(version: number): Definitions {
  return {
    0: { common: COMMON.isZero, branches: true },
    8: CALL,
    11: { perform: (machine) => machine.leave(machine.operand(0)) },
    12: { common: COMMON.jump },
    ...(version >= 5 ? { 15: CALL_FOR_NOTHING } : {}),
  };
}

export const TWO_OPERAND_FLOW: Definitions = {
  1: { common: COMMON.isEqual, perform: isAnyOf, branches: true },
  2: { tests: (a, b) => signed(a) < signed(b) },
  3: { tests: (a, b) => signed(a) > signed(b) },
  7: { tests: (a, b) => (a & b) === b },
  25: CALL,
  26: CALL_FOR_NOTHING,
  28: { perform: (machine) => machine.unwind(machine.operand(1), machine.operand(0)) },
};

export function VARIABLE_FLOW(version: number): Definitions {
  return {
    0: CALL,
    12: CALL,
    ...(version >= 5
      ? {
          25: CALL_FOR_NOTHING,
          26: CALL_FOR_NOTHING,
          31: { tests: (number: number, _: number, machine: Machine) => number <= machine.argumentCount },
        }
      : {}),
  };
}
