import { type ChildProcess, spawn } from "node:child_process";
import { bundledProgram } from "./compiled.ts";

/** A child that has ended. */
interface EndedChild {
  readonly output: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts one of the programs beside this file in a process of its own. */
export async function startChild(
  program: string,
  parameters: readonly string[],
  options: { readonly shell?: string } = {},
): Promise<ChildProcess> {
  const node = [process.execPath, await bundledProgram(`runs/testing/${program}`), ...parameters];
  const words =
    options.shell === undefined ? node : ["sh", "-c", `${options.shell}; exec "$@"`, "sh", ...node];
  const [command = "", ...rest] = words;
  return spawn(command, rest, { stdio: ["pipe", "pipe", "inherit"] });
}

/** Waits for a child to end. */
export async function ended(child: ChildProcess): Promise<EndedChild> {
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ output, code, signal }));
  });
}

/** Runs one of the programs beside this file to its end. `shell` is run before it, in the same process. */
export async function runChild(
  program: string,
  parameters: readonly string[],
  options: { readonly shell?: string } = {},
): Promise<EndedChild> {
  return ended(await startChild(program, parameters, options));
}
