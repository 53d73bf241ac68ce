import type { Host } from "./host.ts";

// One line needs no package: those for it are no longer kept up.

const REWRITE_EVERY = 250;
const LINE_EVERY = 10_000;
const CLEAR_LINE = "\r\u001b[2K";

/** Progress on stderr: a line that is rewritten on a terminal, else a line now and then. */
export interface Progress {
  /** Writes a line of its own without disturbing the progress. */
  note(text: string): void;
  /** Ends it; on a terminal the line is taken away. */
  end(): void;
}

/** Shows what `line` gives for a width until it is ended. */
export function showProgress(host: Host, line: (width: number) => string, quiet: boolean): Progress {
  const { stderr } = host;
  const note = (text: string): void => stderr.write(`${text}\n`);
  if (quiet) return { note, end: () => undefined };
  if (!stderr.isTTY) {
    const end = host.every(LINE_EVERY, () => note(line(Number.POSITIVE_INFINITY)));
    return { note, end };
  }
  // One less than the width: a full line would make some terminals go on to the next.
  const rewrite = (): void => stderr.write(CLEAR_LINE + line(stderr.columns - 1));
  rewrite();
  const stop = host.every(REWRITE_EVERY, rewrite);
  return {
    note: (text) => {
      stderr.write(CLEAR_LINE);
      note(text);
      rewrite();
    },
    end: () => {
      stop();
      stderr.write(CLEAR_LINE);
    },
  };
}
