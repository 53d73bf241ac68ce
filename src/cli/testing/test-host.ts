import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Env } from "../../env.ts";
import { runApp } from "../app.ts";
import type { Host, Output, Signal } from "../terminal/host.ts";

/** What a command did. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of {@link TestHost.run}. */
export interface RunOptions {
  readonly env?: Env;
  readonly stdin?: string;
  /** A standard input of its own, which is written to while the command runs. */
  readonly input?: Readable;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** Whether questions can be asked, which `stdin` answers. */
  readonly isInteractive?: boolean;
  /** Sees each piece that is written, while the command runs. */
  readonly onWrite?: (text: string, host: Host) => void;
}

/** A folder of its own in which commands are run inside this process. */
export interface TestHost {
  readonly directory: string;
  run(commandLine: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Sends Ctrl-C, or another signal, to the command that runs. */
  interrupt(signal?: Signal): void;
  /** The codes with which a command wanted to end the program at once. */
  readonly exits: readonly number[];
  /** Calls what the command has called for every so often. */
  tick(): void;
  remove(): Promise<void>;
}

function output(options: RunOptions, written: (text: string) => void): Output {
  return {
    write: written,
    drained: async () => undefined,
    isTTY: options.isTTY === true,
    columns: options.columns ?? 80,
    rows: options.rows ?? 24,
  };
}

/** `folder` is where another process has worked, say. */
export async function createTestHost(folder?: string): Promise<TestHost> {
  const directory = folder ?? (await mkdtemp(join(tmpdir(), "agentrefine-cli-")));
  const listeners = new Set<(signal: Signal) => void>();
  const ticking = new Set<() => void>();
  const exits: number[] = [];
  const add = <Call>(set: Set<Call>, call: Call): (() => void) => {
    set.add(call);
    return () => set.delete(call);
  };
  return {
    directory,
    exits,
    interrupt: (signal = "SIGINT") => listeners.forEach((listener) => void listener(signal)),
    tick: () => ticking.forEach((call) => void call()),
    remove: () => rm(directory, { recursive: true, force: true }),
    run: async (commandLine, options = {}) => {
      const texts = { stdout: "", stderr: "" };
      const host: Host = {
        stdout: output(options, (text) => {
          texts.stdout += text;
          options.onWrite?.(text, host);
        }),
        stderr: output(options, (text) => {
          texts.stderr += text;
          options.onWrite?.(text, host);
        }),
        isInteractive: options.isInteractive === true,
        stdin: () => options.input ?? Readable.from([Buffer.from(options.stdin ?? "")]),
        env: options.env ?? {},
        directory,
        now: Date.now,
        every: (_milliseconds, call) => add(ticking, call),
        onInterrupt: (listener) => add(listeners, listener),
        exit: (code) => void exits.push(code),
      };
      const code = await runApp(commandLine, host);
      return { code, ...texts };
    },
  };
}
