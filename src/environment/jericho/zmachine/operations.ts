import { type Definition, signed } from "./definition.ts";
import { tokenise } from "./dictionary.ts";
import type { Machine } from "./machine.ts";
import * as objects from "./objects.ts";
import { Halt, isWhole } from "./story.ts";
import { charactersAt, encodeWord, fromZscii, toZscii } from "./text.ts";

// What instructions do, where that is more than a line of their table. What is asked of object 0 is answered with
// nothing, as frotz does.

type Perform = NonNullable<Definition["perform"]>;
type Compute = NonNullable<Definition["computes"]>;
type Test = NonNullable<Definition["tests"]>;

export const isAnyOf: Perform = (machine) => {
  const value = machine.operand(0);
  let found = false;
  for (let i = 1; i < machine.operandCount; i += 1) found ||= machine.operand(i) === value;
  machine.branch(found);
};

export const end: Perform = () => {
  throw new Halt("The program has ended");
};

export const verify: Test = (_first, _second, { story }) => isWhole(story);

/** A relative of an object, and whether there is one. */
export function storeRelative(machine: Machine, relation: objects.Relation): void {
  const object = machine.operand(0);
  const found = object === 0 ? 0 : objects.relative(machine, object, relation);
  machine.store(found);
  machine.branch(found !== 0);
}

export const parentOf: Compute = (object, _, machine) =>
  object === 0 ? 0 : objects.relative(machine, object, objects.PARENT);

export function changeAttribute(machine: Machine, on: boolean): void {
  const object = machine.operand(0);
  const attribute = machine.operand(1);
  if (!objects.isAttribute(machine, attribute)) throw new Halt("Illegal attribute");
  (on ? machine.changes.set : machine.changes.cleared).push(object, attribute);
  if (object !== 0) objects.setAttribute(machine, object, attribute, on);
}

export const testAttribute: Test = (object, attribute, machine) => {
  if (!objects.isAttribute(machine, attribute)) throw new Halt("Illegal attribute");
  return object !== 0 && objects.hasAttribute(machine, object, attribute);
};

export const insert: Perform = (machine) => {
  const object = machine.operand(0);
  const into = machine.operand(1);
  machine.changes.moved.push(object, into);
  if (object !== 0 && into !== 0) objects.insertObject(machine, object, into);
};

export const remove: Perform = (machine) => {
  const object = machine.operand(0);
  if (object !== 0) objects.removeObject(machine, object);
};

export const propertyLength: Compute = (address, _, machine) => objects.propertyLength(machine, address);

export const getProperty: Compute = (object, number, machine) => {
  if (object === 0) return 0;
  const property = objects.findProperty(machine, object, number);
  if (property === 0) return objects.defaultProperty(machine, number);
  const address = objects.propertyBytes(machine, property);
  return objects.propertyLength(machine, address) === 1 ? machine.byte(address) : machine.word(address);
};

export const getPropertyAddress: Compute = (object, number, machine) => {
  const property = object === 0 ? 0 : objects.findProperty(machine, object, number);
  return property === 0 ? 0 : objects.propertyBytes(machine, property);
};

export const getNextProperty: Compute = (object, number, machine) => {
  if (object === 0) return 0;
  if (number === 0) return objects.propertyNumber(machine, objects.firstProperty(machine, object));
  const property = objects.findProperty(machine, object, number);
  if (property === 0) throw new Halt("No such property");
  return objects.propertyNumber(machine, objects.nextProperty(machine, property));
};

export const putProperty: Perform = (machine) => {
  const object = machine.operand(0);
  if (object === 0) return;
  const property = objects.findProperty(machine, object, machine.operand(1));
  if (property === 0) throw new Halt("No such property");
  const address = objects.propertyBytes(machine, property);
  const value = machine.operand(2);
  if (objects.propertyLength(machine, address) === 1) machine.setByte(address, value);
  else machine.setWord(address, value);
};

/** An instruction that divides its two operands, which have signs. */
export function dividing(compute: (a: number, b: number) => number): Definition {
  return {
    computes: (a, b) => {
      if (b === 0) throw new Halt("Division by zero");
      return compute(signed(a), signed(b));
    },
  };
}

export function shifted(value: number, places: number, keepsSign: boolean): number {
  const by = signed(places);
  if (by >= 0) return value << by;
  return (keepsSign ? signed(value) : value) >> -by;
}

export const random: Perform = (machine) => {
  const range = signed(machine.operand(0));
  if (range > 0) machine.store(machine.random.draw(range));
  else {
    machine.random.reseed(-range);
    machine.store(0);
  }
};

export const scanTable: Perform = (machine) => {
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
};

export const copyTable: Perform = (machine) => {
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
};

export const pull: Perform = (machine) => {
  const value = machine.pop();
  machine.poke(machine.operand(0), value);
};

export const printNumber: Perform = (machine) => {
  const text = String(signed(machine.operand(0)));
  for (let i = 0; i < text.length; i += 1) machine.screen.print(text.charCodeAt(i));
};

export function printName(machine: Machine, object: number): void {
  const address = objects.propertyTable(machine, object);
  if (machine.byte(address) !== 0) printAt(machine, address + 1);
}

/** Draws the status line of version 3: the first three global variables say what stands in it. */
export const showStatus: Perform = (machine) => {
  const { story, screen } = machine;
  if (story.version !== 3) return;
  const [room, first, second] = [0, 2, 4].map((offset) => machine.word(story.globals + offset));
  const isTime = (machine.byte(0x01) & 2) !== 0;
  const number = (value = 0) => String(signed(value));
  const hours = (((first ?? 0) + 11) % 12) + 1;
  const time = `Time: ${String(hours).padStart(2)}:${number(second).padStart(2, "0")} ${(first ?? 0) >= 12 ? "p" : "a"}m`;
  screen.status(
    () => printName(machine, room ?? 0),
    isTime
      ? [[20, time]]
      : [
          [30, `Score: ${number(first)}`],
          [14, `Moves: ${number(second)}`],
        ],
  );
};

/** Prints the string at a byte address. */
export function printAt(machine: Machine, address: number): void {
  machine.screen.write(charactersAt(machine, address));
}

export const printText: Perform = (machine) => printAt(machine, machine.current.text);

export const printTextAndReturn: Perform = (machine) => {
  printText(machine);
  machine.screen.newLine();
  machine.leave(1);
};

export const outputStream: Perform = (machine) => {
  const stream = signed(machine.operand(0));
  machine.screen.flush();
  if (stream === 1 || stream === -1) machine.screen.turn(stream === 1);
  else if (stream === 3) machine.screen.redirect(machine.operand(1));
  else if (stream === -3) machine.screen.closeRedirection();
};

export const printTable: Perform = (machine) => {
  machine.screen.flush();
  const width = machine.operand(1);
  const height = machine.operandCount > 2 ? machine.operand(2) : 1;
  let address = machine.operand(0);
  for (let row = 0; row < height; row += 1) {
    if (row > 0) machine.screen.flush();
    for (let column = 0; column < width; column += 1) {
      machine.screen.print(machine.byte(address));
      address += 1;
    }
    address += machine.operand(3);
  }
};

export const encodeText: Perform = (machine) => {
  const from = machine.operand(0) + machine.operand(2);
  const codes = Array.from({ length: machine.operand(1) }, (_, i) =>
    fromZscii(machine, machine.byte(from + i)),
  );
  encodeWord(machine, String.fromCharCode(...codes)).forEach((word, i) => {
    machine.setWord(machine.operand(3) + 2 * i, word);
  });
};

export const eraseWindow: Perform = (machine) => {
  machine.screen.flush();
  if (machine.operand(0) === 0xffff) machine.screen.clear();
};

/** The cursor is always at the first place, which it is said to be. */
export const getCursor: Perform = (machine) => {
  machine.screen.flush();
  machine.setWord(machine.operand(0), 1);
  machine.setWord(machine.operand(0) + 2, 1);
};

/** Which characters beyond ASCII can be printed, and typed. */
export const checkUnicode: Compute = (code) => {
  const isShown = (code >= 32 && code <= 126) || (code > 0xa0 && code <= 0xff);
  return isShown ? 3 : code === 0xa0 ? 1 : 0;
};

const RETURN = 13;

function lowerCase(code: number): number {
  const isUpper = (code >= 65 && code <= 90) || (code >= 0xc0 && code <= 0xde && code !== 0xd7);
  return isUpper ? code + 32 : code;
}

/** Serial numbers of the Zorks of 1984, whose readers do not know a question mark: frotz gives them a blank. */
const WITHOUT_QUESTION_MARK: readonly string[] = ["840726", "840904", "840727"];

function readable({ story }: Machine, code: number): number {
  return code === 63 && WITHOUT_QUESTION_MARK.includes(story.serial) ? 32 : code;
}

export const readLine: Perform = (machine) => {
  const isOld = machine.story.version <= 4;
  const text = machine.operand(0);
  const first = isOld ? 1 : 2;
  const already = isOld ? 0 : machine.byte(text + 1);
  showStatus(machine);
  machine.screen.beforeLine(already);
  machine.keys = "";
  const longest = machine.byte(text) - (isOld ? 1 : 0);
  const line = (machine.line ?? "").slice(0, Math.max(0, longest - already));
  machine.line = undefined;
  machine.screen.afterLine();
  for (let i = 0; i < line.length; i += 1) {
    const code = readable(machine, lowerCase(line.charCodeAt(i)));
    machine.setByte(text + first + already + i, toZscii(machine, code));
  }
  if (isOld) machine.setByte(text + first + line.length, 0);
  else machine.setByte(text + 1, already + line.length);
  const parse = machine.operand(1);
  if (parse !== 0) tokenise(machine, { text, parse, dictionary: 0, keepUnknown: false });
  if (!isOld) machine.store(RETURN);
};

/** A line gives one key after another to what asks for keys; an empty one gives its end. */
export const readKey: Perform = (machine) => {
  machine.screen.flush();
  if (machine.keys === "") machine.keys = machine.line === "" ? "\r" : (machine.line ?? "\r");
  machine.line = undefined;
  const code = machine.keys.charCodeAt(0);
  machine.keys = machine.keys.slice(1);
  machine.store(toZscii(machine, code));
};

export const splitText: Perform = (machine) =>
  tokenise(machine, {
    text: machine.operand(0),
    parse: machine.operand(1),
    dictionary: machine.operand(2),
    keepUnknown: machine.operand(3) !== 0,
  });
