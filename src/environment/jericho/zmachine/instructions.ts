import { COMMON, type Definition, signed } from "./definition.ts";
import { CHILD, SIBLING } from "./objects.ts";
import * as does from "./operations.ts";
import { fromZscii } from "./text.ts";

/** Instructions by their numbers in a group, as section 14 of the standard numbers them. */
type Definitions = Readonly<Record<number, Definition>>;

/** The instructions of a version by their groups; those of other versions never meet. */
type Instructions = Readonly<
  Record<"none" | "one" | "two" | "variable" | "extended", readonly (Definition | undefined)[]>
>;

const CALL: Definition = { perform: (machine) => machine.call(machine.current.store), stores: true };
const CALL_FOR_NOTHING: Definition = { perform: (machine) => machine.call(-1) };
const NOT: Definition = { computes: (value) => ~value };
const NOTHING: Definition = { perform: () => {} };
/** What a screen of one stream of text does not show, but that what is held back is shown first. */
const FLUSH: Definition = { perform: (machine) => machine.screen.flush() };
/** No file is ever written or read. */
const FAILS: Definition = { computes: () => 0 };
/** There is no undo in Jericho. */
const NOT_AVAILABLE: Definition = { computes: () => -1 };

const NO_OPERAND: Definitions = {
  0: { perform: (machine) => machine.leave(1) },
  1: { perform: (machine) => machine.leave(0) },
  2: { perform: does.printText, hasText: true },
  3: { perform: does.printTextAndReturn, hasText: true },
  4: NOTHING,
  7: { perform: (machine) => machine.restart() },
  8: { perform: (machine) => machine.leave(machine.pop()) },
  10: { perform: does.end },
  11: { perform: (machine) => machine.screen.newLine() },
  12: { perform: does.showStatus },
  13: { tests: does.verify },
  15: { tests: () => true },
};

const ONE_OPERAND: Definitions = {
  0: { common: COMMON.isZero, branches: true },
  1: { perform: (machine) => does.storeRelative(machine, SIBLING), stores: true, branches: true },
  2: { perform: (machine) => does.storeRelative(machine, CHILD), stores: true, branches: true },
  3: { computes: does.parentOf },
  4: { computes: does.propertyLength },
  5: { perform: (machine) => machine.step(machine.operand(0), 1) },
  6: { perform: (machine) => machine.step(machine.operand(0), -1) },
  7: { perform: (machine) => does.printAt(machine, machine.operand(0)) },
  8: CALL,
  9: { perform: does.remove },
  10: { perform: (machine) => does.printName(machine, machine.operand(0)) },
  11: { perform: (machine) => machine.leave(machine.operand(0)) },
  12: { common: COMMON.jump },
  13: { perform: (machine) => does.printAt(machine, machine.operand(0) * machine.story.packing) },
  14: { computes: (variable, _, machine) => machine.peek(variable) },
};

const TWO_OPERANDS: Definitions = {
  1: { common: COMMON.isEqual, perform: does.isAnyOf, branches: true },
  2: { tests: (a, b) => signed(a) < signed(b) },
  3: { tests: (a, b) => signed(a) > signed(b) },
  4: { common: COMMON.countDown, branches: true },
  5: { common: COMMON.countUp, branches: true },
  6: { tests: (object, parent, machine) => does.parentOf(object, 0, machine) === parent },
  7: { tests: (a, b) => (a & b) === b },
  8: { computes: (a, b) => a | b },
  9: { computes: (a, b) => a & b },
  10: { tests: does.testAttribute },
  11: { perform: (machine) => does.changeAttribute(machine, true) },
  12: { perform: (machine) => does.changeAttribute(machine, false) },
  13: { common: COMMON.assign },
  14: { perform: does.insert },
  15: { common: COMMON.loadWord, stores: true },
  16: { common: COMMON.loadByte, stores: true },
  17: { computes: does.getProperty },
  18: { computes: does.getPropertyAddress },
  19: { computes: does.getNextProperty },
  20: { common: COMMON.add, stores: true },
  21: { computes: (a, b) => a - b },
  22: { computes: (a, b) => Math.imul(a, b) },
  23: does.dividing((a, b) => Math.trunc(a / b)),
  24: does.dividing((a, b) => a % b),
  25: CALL,
  26: CALL_FOR_NOTHING,
  28: { perform: (machine) => machine.unwind(machine.operand(1), machine.operand(0)) },
};

const VARIABLE: Definitions = {
  0: CALL,
  1: { common: COMMON.storeWord },
  2: { common: COMMON.storeByte },
  3: { perform: does.putProperty },
  5: { perform: (machine) => machine.screen.print(fromZscii(machine, machine.operand(0) & 0xff)) },
  6: { perform: does.printNumber },
  7: { perform: does.random, stores: true },
  8: { perform: (machine) => machine.push(machine.operand(0)) },
  9: { perform: does.pull },
  10: FLUSH,
  11: { perform: (machine) => machine.screen.select(machine.operand(0)) },
  12: CALL,
  13: { perform: does.eraseWindow },
  14: FLUSH,
  15: FLUSH,
  16: { perform: does.getCursor },
  17: { perform: (machine) => machine.screen.style() },
  18: { perform: (machine) => machine.screen.buffer(machine.operand(0) !== 0) },
  19: { perform: does.outputStream },
  20: FLUSH,
  21: NOTHING,
  22: { perform: does.readKey, reads: "key", stores: true },
  23: { perform: does.scanTable, stores: true, branches: true },
  24: NOT,
  27: { perform: does.splitText },
  28: { perform: does.encodeText },
  29: { perform: does.copyTable },
  30: { perform: does.printTable },
};

const EXTENDED: Definitions = {
  0: FAILS,
  1: FAILS,
  2: { computes: (value, places) => does.shifted(value, places, false) },
  3: { computes: (value, places) => does.shifted(value, places, true) },
  // The usual font is the only one.
  4: { computes: (font) => (font <= 1 ? 1 : 0) },
  9: NOT_AVAILABLE,
  10: NOT_AVAILABLE,
  11: { perform: (machine) => machine.screen.print(machine.operand(0) <= 0xff ? machine.operand(0) : 63) },
  12: { computes: does.checkUnicode },
  13: NOTHING,
};

/** Saving and restoring, which later versions have among the extended ones. */
const SAVING: Readonly<Record<number, Definitions>> = {
  3: { 5: { tests: () => false }, 6: { tests: () => false } },
  4: { 5: FAILS, 6: FAILS },
};

const READ_LINE: Definition = { perform: does.readLine, reads: "line" };

/** What versions 3 and 4 have alone, and what later ones have in its place. */
const OLD = {
  none: { 9: { perform: (machine) => void machine.pop() } },
  one: { 15: NOT },
  variable: { 4: READ_LINE },
} satisfies Readonly<Record<"none" | "one" | "variable", Definitions>>;
const NEW = {
  none: { 9: { computes: (_first, _second, machine) => machine.depth } },
  one: { 15: CALL_FOR_NOTHING },
  variable: {
    4: { ...READ_LINE, stores: true },
    25: CALL_FOR_NOTHING,
    26: CALL_FOR_NOTHING,
    31: { tests: (number, _second, machine) => number <= machine.argumentCount },
  },
} satisfies Readonly<Record<"none" | "one" | "variable", Definitions>>;

function listed(...groups: readonly Definitions[]): readonly (Definition | undefined)[] {
  const all: Definitions = Object.assign({}, ...groups);
  return Array.from({ length: 32 }, (_, number) => all[number]);
}

function instructionsOf(version: 3 | 4 | 5 | 8): Instructions {
  const own = version <= 4 ? OLD : NEW;
  return {
    none: listed(NO_OPERAND, own.none, SAVING[version] ?? {}),
    one: listed(ONE_OPERAND, own.one),
    two: listed(TWO_OPERANDS),
    variable: listed(VARIABLE, own.variable),
    extended: listed(EXTENDED),
  };
}

/** The instructions of each version. */
export const INSTRUCTIONS: Readonly<Record<3 | 4 | 5 | 8, Instructions>> = {
  3: instructionsOf(3),
  4: instructionsOf(4),
  5: instructionsOf(5),
  8: instructionsOf(8),
};
