import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A child that has ended. */
interface EndedChild {
  readonly output: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts one of the programs beside this file in a process of its own, through jiti as Node 20 reads no types. */
export function startChild(
  program: string,
  parameters: readonly string[],
  options: { readonly shell?: string } = {},
): ChildProcess {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const node = [process.execPath, "--import", "jiti/register", file, ...parameters];
  const words =
    options.shell === undefined ? node : ["sh", "-c", `${options.shell}; exec "$@"`, "sh", ...node];
  const [command = "", ...rest] = words;
  return spawn(command, rest, {
    stdio: ["pipe", "pipe", "inherit"],
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    // What a shell forbids it (a file's size, say) is meant for the program and not for what jiti keeps.
    env: {
      ...process.env,
      JITI_FS_CACHE: options.shell === undefined ? join(tmpdir(), "agentrefine-jiti") : "false",
    },
  });
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
export function runChild(
  program: string,
  parameters: readonly string[],
  options: { readonly shell?: string } = {},
): Promise<EndedChild> {
  return ended(startChild(program, parameters, options));
}
