import type { Readable } from "node:stream";
import type { CommandContext } from "@stricli/core";

/** A stream that the program writes to. */
export interface Output {
  /** Text is kept in memory until the reader has taken it; see `drained`. */
  write(text: string): void;
  /** Resolves when little enough is waiting that more may be written. */
  drained(): Promise<void>;
  readonly isTTY: boolean;
  /** The width of the terminal in characters; 80 where it is not known. */
  readonly columns: number;
}

/** The variables of the environment. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * A signal that asks the program to end: Ctrl-C; a scheduler or a service manager; a connection that was lost; and the
 * warning that Slurm sends before the time is up, at which Node would open its debugger.
 */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"] as const;
export type Signal = (typeof SIGNALS)[number];

/** Everything outside the program that a command may touch, beside files and the network. */
export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
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
