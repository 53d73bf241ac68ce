import { type Definition, type Definitions, signed } from "../definition.ts";
import type { Machine } from "../machine.ts";
import { propertyTable } from "../objects.ts";
import { charactersAt, encodeWord, fromZscii } from "../text.ts";

function printNumber(machine: Machine, value: number): void {
  const text = String(signed(value));
  for (let i = 0; i < text.length; i += 1) machine.screen.print(text.charCodeAt(i));
}

function printName(machine: Machine, object: number): void {
  const address = propertyTable(machine, object);
  if (machine.byte(address) !== 0) machine.screen.write(charactersAt(machine, address + 1));
}

/** Draws the status line of version 3: the first three global variables say what stands in it. */
export function showStatus(machine: Machine): void {
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
}

function printText(machine: Machine): void {
  machine.screen.write(charactersAt(machine, machine.current.text));
}

function outputStream(machine: Machine): void {
  const stream = signed(machine.operand(0));
  machine.screen.flush();
  if (stream === 1 || stream === -1) machine.screen.turn(stream === 1);
  else if (stream === 3) machine.screen.redirect(machine.operand(1));
  else if (stream === -3) machine.screen.closeRedirection();
}

function printTable(machine: Machine): void {
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
}

function encodeText(machine: Machine): void {
  const from = machine.operand(0) + machine.operand(2);
  const codes = Array.from({ length: machine.operand(1) }, (_, i) =>
    fromZscii(machine, machine.byte(from + i)),
  );
  encodeWord(machine, String.fromCharCode(...codes)).forEach((word, i) => {
    machine.setWord(machine.operand(3) + 2 * i, word);
  });
}

function eraseWindow(machine: Machine): void {
  machine.screen.flush();
  if (machine.operand(0) === 0xffff) machine.screen.clear();
}

/** What a screen of one stream of text does not show, but that what is held back is shown first. */
const FLUSHING: Definition = { perform: (machine) => machine.screen.flush() };
const UNSEEN: Definition = { perform: () => {} };
/** The usual font is the only one. */
const SET_FONT: Definition = {
  perform: (machine) => machine.store(machine.operand(0) <= 1 ? 1 : 0),
  stores: true,
};

export const NO_OPERAND_OUTPUT: Definitions = {
  2: { perform: printText, hasText: true },
  3: {
    perform: (machine) => {
      printText(machine);
      machine.screen.newLine();
      machine.leave(1);
    },
    hasText: true,
  },
  11: { perform: (machine) => machine.screen.newLine() },
  12: { perform: showStatus },
};

export const ONE_OPERAND_OUTPUT: Definitions = {
  7: { perform: (machine) => machine.screen.write(charactersAt(machine, machine.operand(0))) },
  10: { perform: (machine) => printName(machine, machine.operand(0)) },
  13: {
    perform: (machine) =>
      machine.screen.write(charactersAt(machine, machine.operand(0) * machine.story.packing)),
  },
};

export const VARIABLE_OUTPUT: Definitions = {
  5: { perform: (machine) => machine.screen.print(fromZscii(machine, machine.operand(0) & 0xff)) },
  6: { perform: (machine) => printNumber(machine, machine.operand(0)) },
  10: FLUSHING,
  11: { perform: (machine) => machine.screen.select(machine.operand(0)) },
  13: { perform: eraseWindow },
  14: FLUSHING,
  15: FLUSHING,
  16: {
    perform: (machine) => {
      machine.screen.flush();
      machine.setWord(machine.operand(0), 1);
      machine.setWord(machine.operand(0) + 2, 1);
    },
  },
  17: { perform: (machine) => machine.screen.style() },
  18: { perform: (machine) => machine.screen.buffer(machine.operand(0) !== 0) },
  19: { perform: outputStream },
  20: FLUSHING,
  21: UNSEEN,
  28: { perform: encodeText },
  30: { perform: printTable },
};

export const EXTENDED_OUTPUT: Definitions = {
  4: SET_FONT,
  11: {
    perform: (machine) => machine.screen.print(machine.operand(0) <= 0xff ? machine.operand(0) : 63),
  },
  12: {
    perform: (machine) => {
      const code = machine.operand(0);
      const isShown = (code >= 32 && code <= 126) || (code > 0xa0 && code <= 0xff);
      machine.store(isShown ? 3 : code === 0xa0 ? 1 : 0);
    },
    stores: true,
  },
  13: UNSEEN,
};
