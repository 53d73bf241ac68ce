import type { Definitions } from "../definition.ts";
import { tokenise } from "../dictionary.ts";
import type { Machine } from "../machine.ts";
import { toZscii } from "../text.ts";
import { showStatus } from "./output.ts";

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

function readLine(machine: Machine): void {
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
}

/** A line gives one key after another to what asks for keys; an empty one gives its end. */
function readKey(machine: Machine): void {
  machine.screen.flush();
  if (machine.keys === "") machine.keys = machine.line === "" ? "\r" : (machine.line ?? "\r");
  machine.line = undefined;
  const code = machine.keys.charCodeAt(0);
  machine.keys = machine.keys.slice(1);
  machine.store(toZscii(machine, code));
}

export function VARIABLE_INPUT(version: number): Definitions {
  return {
    4: { perform: readLine, reads: "line", stores: version >= 5 },
    22: { perform: readKey, reads: "key", stores: true },
    27: {
      perform: (machine) =>
        tokenise(machine, {
          text: machine.operand(0),
          parse: machine.operand(1),
          dictionary: machine.operand(2),
          keepUnknown: machine.operand(3) !== 0,
        }),
    },
  };
}
