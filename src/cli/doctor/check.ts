import type { Host } from "../terminal/host.ts";
import { paintFor, type Style, wrapText } from "../terminal/text.ts";

/** What was found of one thing that a command may need. */
export interface Check {
  readonly name: string;
  /**
   * `set`: it is there, and whether it works is not known. `absent`: it is not there, and only what `neededBy` names
   * is impossible without it. `broken`: nothing goes without it, or it was named by the user, or is there and cannot
   * be used.
   */
  readonly state: "ready" | "set" | "absent" | "broken";
  /** What it is, or what is wrong with it. */
  readonly found: string;
  /** What to do, where something is to be done. */
  readonly fix?: string | undefined;
  /** What it is good for, where its name does not say so. */
  readonly neededBy?: string;
}

const STYLES: Readonly<Record<Check["state"], Style>> = {
  ready: "green",
  set: "yellow",
  absent: "dim",
  broken: "red",
};
const STATE_WIDTH = "absent".length;

/** Checks as lines for the terminal: name, state, and what was found with what to do. */
export function checkLines({ stdout, env }: Host, checks: readonly Check[]): readonly string[] {
  const paint = paintFor(stdout, env);
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = width + STATE_WIDTH + 4;
  const wrapped = (words: string): readonly string[] => wrapText(words, { width: stdout.columns, indent });
  return checks.flatMap(({ name, state, found, fix, neededBy }) => {
    const words = wrapped(neededBy === undefined ? found : `${found} (for ${neededBy})`).join("\n");
    return [
      `${name.padEnd(width)}  ${paint(STYLES[state], state.padEnd(STATE_WIDTH))}  ${words.slice(indent)}`,
      ...(fix === undefined ? [] : wrapped(fix)),
    ];
  });
}
