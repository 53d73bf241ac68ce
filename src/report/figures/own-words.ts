import { firstMessage, type Instruction, instructionText } from "../../react.ts";

/** The lines that stand in every instruction of this project: how it begins, its headings, the form of answers. */
const FRAME: ReadonlySet<string> = new Set(
  instructionText({ world: "", player: ".", goal: "", actions: [] })
    .split("\n")
    .filter((line) => line !== "."),
);

/** What stands before the first observation; the worked example before it is left out with it. */
const FIRST_OBSERVATION = firstMessage({ world: "", goal: "", actions: [] }, ".").split("\n").at(-2);
const EXAMPLE = instructionText({ world: "", goal: "", actions: [], example: "." }).split("\n").at(-2);

/**
 * What an instruction says of its own world: all but the lines that every instruction has and but for the worked
 * example. With them, any two worlds would be like each other by what stands around them.
 */
export function ownWords({ example: _example, ...instruction }: Instruction): string {
  return wordsOfMessage(instructionText(instruction));
}

/** The same of a conversation's first message. Of data of other projects the whole message is taken. */
export function wordsOfMessage(message: string): string {
  const lines = message.split("\n");
  const isOurs = lines[0] !== undefined && FRAME.has(lines[0]);
  if (!isOurs) return message;
  const end = lines.findIndex((line) => line === FIRST_OBSERVATION || line === EXAMPLE);
  return lines
    .slice(0, end === -1 ? undefined : end)
    .filter((line) => line !== "" && !FRAME.has(line))
    .join("\n");
}

/** The goal that a first message of this project names; undefined in other ones. */
export function goalOfMessage(message: string): string | undefined {
  const lines = message.split("\n");
  const heading = FRAME.has(lines[0] ?? "") ? lines.indexOf("Goal:") : -1;
  return heading === -1 ? undefined : lines[heading + 1];
}
