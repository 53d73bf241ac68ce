import { type ChildProcess, fork } from "node:child_process";

/** What a child sends to say that it has done, or is ready to do, what it was started for. */
export type ChildMessage<Value> = { readonly value: Value } | { readonly failure: string };

/** A child process that serves until it is stopped. */
export interface ServerProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** How a child is started. */
export interface ChildOptions {
  /** Options of Node; those of this process when not given. */
  readonly nodeOptions?: readonly string[];
}

function start(module: string, inputs: readonly string[], options: ChildOptions): ChildProcess {
  // What a child prints goes to standard error: standard output is the report's alone.
  return fork(new URL(`../${module}`, import.meta.url), inputs, {
    stdio: ["ignore", 2, 2, "ipc"],
    ...(options.nodeOptions === undefined ? {} : { execArgv: [...options.nodeOptions] }),
  });
}

function answerOf<Value>(child: ChildProcess, module: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    child.once("message", (message: ChildMessage<Value>) => {
      if ("value" in message) resolve(message.value);
      else reject(new Error(message.failure));
    });
    child.once("exit", (code, signal) => {
      reject(new Error(`${module} ended without an answer (${signal ?? code})`));
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
}

/** Runs a module of the benchmarks (`benchmarks/name.js`) in a process of its own and gives what it answers. */
export async function runChild<Value>(
  module: string,
  inputs: readonly string[],
  options: ChildOptions = {},
): Promise<Value> {
  const child = start(module, inputs, options);
  const value = await answerOf<Value>(child, module);
  await ended(child);
  return value;
}

/** Starts a module of the benchmarks that serves and answers with its address. */
export async function startServer(module: string, inputs: readonly string[]): Promise<ServerProcess> {
  const child = start(module, inputs, {});
  const url = await answerOf<string>(child, module);
  return {
    url,
    stop: async () => {
      child.kill();
      await ended(child);
    },
  };
}

function send<Value>(message: ChildMessage<Value>): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) throw new Error("this module is run by another process");
    process.send(message, () => resolve());
  });
}

/** In a child: does the work, answers with its result and ends. */
export async function answerWith(work: () => Promise<unknown>): Promise<void> {
  try {
    await send({ value: await work() });
  } catch (error) {
    await send({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  process.exit();
}

/** In a child: answers with the address and serves until the parent is gone. */
export async function serveAt(url: string): Promise<void> {
  process.on("disconnect", () => process.exit());
  await send({ value: url });
}
