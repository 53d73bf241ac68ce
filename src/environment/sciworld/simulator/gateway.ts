import { type ChildProcessByStdio, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { errorMessage, shortWords, systemErrorCode } from "../../../errors.ts";

/** A program and what it is started with. */
export interface CommandLine {
  readonly file: string;
  readonly options: readonly string[];
}

/** A running JVM that answers on a port of this machine. */
export interface Gateway {
  readonly port: number;
  readonly pid: number;
  /** A folder of its own, in which it writes. */
  readonly folder: string;
  /** Resolves when it has ended, with how it did in words. */
  readonly ended: Promise<string>;
  readonly isRunning: boolean;
  /** Ends it at once, also when it hangs or is stopped, and removes its folder. */
  close(): void;
}

/** Variables that a JVM may need. Keys and tokens are none of its business. */
const VARIABLES = /^(?:PATH|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SystemRoot|JAVA_\w+|JDK_\w+|LD_LIBRARY_PATH)$/i;
const LONGEST_PORT_LINE = 1000;
const KEPT_ERRORS = 2000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function start({ file, options }: CommandLine, folder: string): Child {
  const known = Object.entries(process.env).filter(([name]) => VARIABLES.test(name));
  return spawn(file, [...options], {
    cwd: folder,
    env: Object.fromEntries(known),
    stdio: ["pipe", "pipe", "pipe"],
    // In a group of its own it does not get the Ctrl-C of the terminal, which lets episodes end first. It leaves
    // with this process nevertheless: its standard input breaks then.
    detached: true,
    windowsHide: true,
  });
}

/** How a process ended, with its last words; those that were not able to start say why. */
function endOf(child: Child): Promise<string> {
  let errors = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    errors = `${errors}${text}`.slice(-KEPT_ERRORS);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`cannot be started: ${errorMessage(error)}`));
    child.once("close", (code, signal) => {
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      const words = shortWords(errors);
      resolve(words === "" ? how : `${how}: ${words}`);
    });
  });
}

/** The port, which is the first line that the JVM prints; undefined for another line. */
function portOf(child: Child): Promise<number | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const read = (part: Buffer): void => {
      text += part.toString("latin1");
      if (!text.includes("\n") && text.length < LONGEST_PORT_LINE) return;
      child.stdout.off("data", read);
      const port = /^\d{1,5}(?=\r?\n)/.exec(text)?.[0];
      resolve(port === undefined ? undefined : Number(port));
    };
    child.stdout.on("data", read);
  });
}

function neverKeepAlive(child: Child): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if ("unref" in stream && typeof stream.unref === "function") stream.unref();
  }
}

/** Where a process that is just being ended still holds its folder, that is left to the system's cleaning. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 2 });
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
  }
}

/** Starts a JVM with a gateway. Rejects when it does not tell its port in time. */
export async function startGateway(command: CommandLine, seconds: number): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), "agentrefine-sciworld-"));
  const child = start(command, folder);
  const ended = endOf(child);
  const close = (): void => {
    child.kill("SIGKILL");
    child.stdin.destroy();
    removeFolder(folder);
  };
  child.stdin.on("error", () => {});
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`Java told no port within ${seconds} s`)), seconds * 1000);
    });
    const early = ended.then((words): never => {
      throw new Error(`Java ${words}`);
    });
    const port = await Promise.race([portOf(child), early, late]);
    if (port === undefined) throw new Error("Java told something else than a port");
    // What it prints, up to a megabyte an episode, is of no use, but a full pipe would stop it.
    child.stdout.resume();
    neverKeepAlive(child);
    return {
      port,
      pid: child.pid ?? Number.NaN,
      folder,
      ended,
      close,
      get isRunning() {
        return child.exitCode === null && child.signalCode === null;
      },
    };
  } catch (error) {
    close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
