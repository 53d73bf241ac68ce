import { Writable } from "node:stream";
import { createLogUpdate } from "log-update";
import stringWidth from "string-width";
import { duration, oneDigit } from "../../numbers.ts";
import type { Host, Output } from "./host.ts";
import type { Segment } from "./table.ts";
import { tell } from "./text.ts";

const REWRITE_EVERY = 250;
const LINE_EVERY = 10_000;

/**
 * Progress on stderr until it is disposed of: lines that are rewritten on a terminal and taken away at the end, else a
 * line now and then.
 */
export interface Progress extends Disposable {
  /** Writes a text of its own without disturbing the progress; on a terminal it is wrapped. */
  note(text: string): void;
}

/**
 * How work stands, as lines of at most `width` columns; infinitely wide ones are written where there is no terminal.
 */
type ProgressLines = (width: number) => string | readonly string[];

/** Whether a stream is a terminal that can rewrite its lines. */
function canRewrite(output: Output, env: Host["env"]): boolean {
  // A log of what is built shows every rewriting as lines of its own, though some give the program a terminal.
  const isBuilt = !["", "0", "false"].includes(env.CI ?? "");
  return output.isTTY && env.TERM !== "dumb" && !isBuilt;
}

/** An output as log-update wants it. */
export class TerminalStream extends Writable {
  readonly isTTY = true;
  readonly #output: Output;

  constructor(output: Output) {
    super({
      decodeStrings: false,
      write: (text: unknown, _encoding, done) => {
        output.write(String(text));
        done();
      },
    });
    this.#output = output;
  }

  get columns(): number {
    return this.#output.columns;
  }
}

/** A line without what changes by itself while nothing happens: a guess of the time that is left. */
function news(line: string): string {
  return line.replace(/ *eta [\w.]+( \w+)?/g, "");
}

/** Shows what `lines` gives. A line elsewhere than on a terminal is not repeated unchanged. */
export function showProgress(host: Host, lines: ProgressLines, quiet: boolean): Progress {
  const { stderr } = host;
  const note = (text: string): void => tell(stderr, text);
  if (quiet) return { note, [Symbol.dispose]: () => undefined };
  if (!canRewrite(stderr, host.env)) {
    let last = "";
    const write = (): void => {
      const line = [lines(Number.POSITIVE_INFINITY)].flat().join("  ");
      if (news(line) !== news(last)) stderr.write(`${line}\n`);
      last = line;
    };
    return { note, [Symbol.dispose]: host.every(LINE_EVERY, write) };
  }
  const panel = createLogUpdate(new TerminalStream(stderr), { showCursor: true });
  let shown: readonly string[] = [];
  let width = stderr.columns;
  const rewrite = (): void => {
    // A terminal that was made narrower has broken the lines; log-update would leave the upper ones there.
    if (stderr.columns < width) {
      const rows = shown.reduce(
        (sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / stderr.columns)),
        0,
      );
      stderr.write(`\u001b[${rows}A\r\u001b[J`);
      panel.done();
    }
    width = stderr.columns;
    // One less than the width: a full line would make some terminals begin the next.
    shown = [lines(width - 1)].flat();
    panel(shown.join("\n"));
  };
  rewrite();
  const stop = host.every(REWRITE_EVERY, rewrite);
  return {
    note: (text) => {
      panel.clear();
      note(text);
      rewrite();
    },
    [Symbol.dispose]: () => {
      stop();
      panel.clear();
    },
  };
}

/** How a run stands. */
export interface Pace {
  /** Pieces of work in all, those that have ended, and those that had when this part of the run began. */
  readonly total: number;
  readonly ended: number;
  readonly endedBefore: number;
  /** Seconds since this part of the run began. */
  readonly seconds: number;
}

/** The seconds that the rest still needs; undefined while nothing has ended. */
export function secondsLeft({ total, ended, endedBefore, seconds }: Pace): number | undefined {
  const perSecond = seconds > 0 ? (ended - endedBefore) / seconds : 0;
  return perSecond > 0 ? (total - ended) / perSecond : undefined;
}

/** The speed of a run and the time that it still needs. */
export function paceSegments(pace: Pace): readonly Segment[] {
  const left = secondsLeft(pace);
  if (left === undefined) return [];
  const perSecond = (pace.ended - pace.endedBefore) / pace.seconds;
  const rate = perSecond >= 0.1 ? `${oneDigit(perSecond)}/s` : `${oneDigit(perSecond * 60)}/min`;
  return [
    { text: rate, rank: 4 },
    { text: `eta ${duration(left)}`, rank: 1 },
  ];
}
