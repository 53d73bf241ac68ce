import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { jsonLine } from "../dataset/write-jsonl.ts";
import type { Env } from "../env.ts";
import { storageError } from "../errors.ts";
import { writeFileAtomically } from "../runs/atomic-file.ts";
import { type FolderLock, lockFolder } from "../runs/lock.ts";
import { isWorthKeeping, type LossPoint, readLogLine } from "./engine-log.ts";

/** The file of a training's folder with everything that the engine printed. */
const LOG_FILE = "train.log";

type EngineEnd =
  | { readonly code: "finished" }
  /** It was ended because it was asked to. */
  | { readonly code: "stopped" }
  /** `exit` is its exit code or the signal that ended it, `tail` the last lines that it printed. */
  | { readonly code: "failed"; readonly exit: string; readonly tail: readonly string[] };

/** Lines that are kept for the case that the engine fails. */
const TAIL = 40;
/** A line without an end is cut here. */
const LONGEST_LINE = 65_536;
/** Milliseconds that an engine has to end by itself. */
const PATIENCE = 10_000;

/** Gives the lines of a stream; a bar that is written over itself is a line each time. */
async function readLines(
  stream: Readable,
  onText: (text: string) => Promise<unknown>,
  onLine: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.setEncoding("utf8")) {
    await onText(text);
    const lines = (rest + text).split(/[\r\n]+/);
    rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    for (const line of lines) onLine(line);
  }
  if (rest !== "") onLine(rest);
}

/** Sends a signal to a process and all that it has started; those that have ended already are no failure. */
function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // There is no such group any more.
  }
}

/**
 * Runs the `launch.sh` of a training's folder to its end, and keeps all that it prints in `train.log`. The engine is
 * a group of processes of its own, so that all of them end when it is stopped, and with this program. While it runs
 * the folder is locked in its name, because it continues alone when this program is killed.
 *
 * @throws AgentRefineError when the log cannot be written, there is no bash, or another process has the folder; the
 *   engine has ended by then
 */
async function followEngine(
  { folder, environment, stop }: RunEngineOptions,
  onLine: (line: string) => void,
): Promise<EngineEnd> {
  if (stop.aborted) return { code: "stopped" };
  const file = join(folder, LOG_FILE);
  await using log = await open(file, "a").catch((error: unknown) => {
    throw storageError(error, "write", file);
  });
  const tail: string[] = [];
  const keep = (line: string): void => {
    onLine(line);
    if (!isWorthKeeping(line)) return;
    tail.push(line);
    if (tail.length > TAIL) tail.shift();
  };
  const engine = spawn("bash", ["launch.sh"], {
    cwd: folder,
    env: { ...environment },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const started = once(engine, "spawn").catch((error: unknown) => {
    throw storageError(error, "run", "bash");
  });
  const closed = new Promise<string>((resolve) => {
    engine.once("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const kill = (): void => signalGroup(engine.pid, "SIGKILL");
  let patience: NodeJS.Timeout | undefined;
  let lock: Promise<FolderLock> | undefined;
  const end = (): void => {
    signalGroup(engine.pid, "SIGTERM");
    patience ??= setTimeout(kill, PATIENCE);
  };
  process.once("exit", kill);
  stop.addEventListener("abort", end, { once: true });
  try {
    await started;
    // What it prints is read from the beginning: what nobody reads is lost when it ends.
    lock = lockFolder(folder, { owner: engine.pid });
    const write = (text: string): Promise<unknown> => log.appendFile(text);
    await Promise.all([lock, ...[engine.stdout, engine.stderr].map((each) => readLines(each, write, keep))]);
    const exit = await closed;
    if (stop.aborted) return { code: "stopped" };
    return exit === "exit code 0" ? { code: "finished" } : { code: "failed", exit, tail };
  } catch (error) {
    kill();
    throw storageError(error, "write", file);
  } finally {
    clearTimeout(patience);
    // What the engine has started may have survived it.
    if (stop.aborted) kill();
    stop.removeEventListener("abort", end);
    process.removeListener("exit", kill);
    await (await lock?.catch(() => undefined))?.release();
  }
}

/** The file of a training's folder with its losses. */
const LOSS_FILE = "loss.jsonl";

export interface TrainingProgress {
  /** Steps of the optimizer that are done, and all of them as soon as the engine says so. */
  readonly step: number;
  readonly total: number | undefined;
  readonly points: readonly LossPoint[];
}

interface RunEngineOptions {
  readonly folder: string;
  readonly environment: Env;
  readonly stop: AbortSignal;
  /** How many steps lie between two losses that the engine prints. */
  readonly loggingSteps: number;
  /** Called after each line that tells something. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
}

/**
 * Runs the engine in a training's folder to its end and writes the losses that it printed, also when it failed or was
 * stopped.
 *
 * @throws AgentRefineError when the disk refuses or there is no bash
 */
export async function runEngine(
  options: RunEngineOptions,
): Promise<{ readonly end: EngineEnd; readonly progress: TrainingProgress }> {
  const { folder, loggingSteps, onProgress } = options;
  const points: LossPoint[] = [];
  let progress: TrainingProgress = { step: 0, total: undefined, points };
  const onLine = (line: string): void => {
    const event = readLogLine(line);
    if (event === undefined) return;
    if (event.code === "loss") {
      points.push({ step: (points.length + 1) * loggingSteps, ...event.point });
    }
    // The bar is drawn now and then only, and a loss printed every so many steps, so the later one counts.
    const step = event.code === "loss" ? points.length * loggingSteps : event.step;
    const total = event.code === "loss" ? progress.total : event.total;
    progress = { step: Math.max(progress.step, step), total, points };
    onProgress?.(progress);
  };
  const end = await followEngine(options, onLine);
  if (points.length > 0) {
    await writeFileAtomically(join(folder, LOSS_FILE), points.map(jsonLine).join(""));
  }
  return { end, progress };
}
