import { once } from "node:events";
import { isAbsolute, relative, sep } from "node:path";
import type { Readable } from "node:stream";
import type { CommandContext } from "@stricli/core";
import type { Env } from "../../env.ts";
import { systemErrorCode } from "../../errors.ts";
import { shellWord } from "../../printable.ts";
import { EXIT_CODE, errorWords, UsageError } from "../failure.ts";

/** A stream that the program writes to. */
export interface Output {
  /** Text is kept in memory until the reader has taken it; see `drained`. */
  write(text: string): void;
  /** Resolves when little enough is waiting that more may be written. */
  drained(): Promise<void>;
  readonly isTTY: boolean;
  /** The width of the terminal in characters; 80 where it is not known. */
  readonly columns: number;
  /** Its height in lines; 24 where it is not known. */
  readonly rows: number;
}

/**
 * A signal that asks the program to end: Ctrl-C; a scheduler or a service manager; a connection that was lost; and the
 * warning that Slurm sends before the time is up, at which Node would open its debugger.
 */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"] as const;
export type Signal = (typeof SIGNALS)[number];

/** Everything outside the program that a command may touch, beside files and the network. */
export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether a person can be asked: the standard input and stderr are a terminal. */
  readonly isInteractive: boolean;
  /** Opens the standard input. */
  readonly stdin: () => Readable;
  readonly env: Env;
  /** The working directory, an absolute path. */
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls `call` every so many milliseconds until the function that it returns is called. */
  readonly every: (milliseconds: number, call: () => void) => () => void;
  /** Calls `listener` at each {@link Signal}, which then no longer end the program by themselves. */
  readonly onInterrupt: (listener: (signal: Signal) => void) => () => void;
  /** Ends the program at once. */
  readonly exit: (code: number) => void;
}

/** What stricli hands to each command. */
export interface CliContext extends CommandContext {
  readonly process: CommandContext["process"] & { exitCode?: number | string | null };
  readonly host: Host;
}

/** A path as short as it can be given in `directory`, ready to be pasted into a shell. */
export function showPath(path: string, directory: string): string {
  const short = relative(directory, path);
  const shown = short === "" ? "." : short.startsWith("..") || isAbsolute(short) ? path : short;
  return shellWord(shown);
}

const WIDTH = 80;
const HEIGHT = 24;

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      if (stream.writable) stream.write(text);
    },
    drained: async () => {
      if (stream.writableNeedDrain) await once(stream, "drain");
    },
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns || WIDTH;
    },
    get rows() {
      return stream.rows || HEIGHT;
    },
  };
}

/**
 * A reader that has gone away, as in `… | head -1`, wants no more: the program ends. Nobody reading what is said
 * on stderr is no reason to end a run.
 */
function endWithReader(): void {
  process.stdout.on("error", (error: unknown) => {
    // EIO: the terminal is gone.
    if (["EPIPE", "EIO"].includes(systemErrorCode(error) ?? "")) process.exit(EXIT_CODE.done);
    process.stderr.write(
      `${errorWords(new UsageError(`cannot write the output (${systemErrorCode(error) ?? ""})`))}\n`,
    );
    process.exit(EXIT_CODE.failed);
  });
  process.stderr.on("error", () => undefined);
}

/**
 * A text in which paths inside of `directory` are as they would be typed there, and so is that of another folder where
 * it is shorter so.
 */
export function withShortPaths(text: string, directory: string, other = ""): string {
  const inside = directory.endsWith(sep) ? directory : `${directory}${sep}`;
  const typed = relative(directory, other);
  const short =
    other === "" || typed === "" || typed.length >= other.length ? text : text.replaceAll(other, typed);
  return short.split(inside).reduce((before, after) =>
    // The path must begin here: what stands before is no part of a longer one.
    /[\w.~-]$/.test(before) || inside === sep ? before + inside + after : before + after,
  );
}

/** The host of the real process. */
export function processHost(): Host {
  endWithReader();
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    stdin: () => process.stdin,
    env: process.env,
    directory: process.cwd(),
    now: Date.now,
    every: (milliseconds, call) => {
      const timer = setInterval(call, milliseconds);
      return () => clearInterval(timer);
    },
    onInterrupt: (listener) => {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.removeListener(signal, listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}
