import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledProgram, compiledSources } from "../../runs/testing/compiled.ts";

/** A child process that has ended. */
interface EndedProgram {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A child process that runs the program. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<EndedProgram>;
}

/** The program, and a folder of its own to work in. */
export interface BuiltProgram {
  readonly directory: string;
  /** The path of its main file. */
  readonly main: string;
  start(commandLine: readonly string[], environment?: NodeJS.ProcessEnv): RunningProgram;
  remove(): Promise<void>;
}

function run(child: ChildProcess): RunningProgram {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<EndedProgram>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** The program, built from the sources as they are, and a folder to work in. `asPublished`: in as many files, not in few. */
export async function buildProgram({ asPublished = false } = {}): Promise<BuiltProgram> {
  const main = asPublished ? join(await compiledSources(), "cli/main.js") : await bundledProgram("cli/main");
  const directory = await mkdtemp(join(tmpdir(), "agentrefine-work-"));
  return {
    directory,
    main,
    start: (commandLine, environment = {}) =>
      run(
        spawn(process.execPath, [main, ...commandLine], {
          cwd: directory,
          env: { PATH: process.env.PATH, ...environment },
          stdio: ["ignore", "pipe", "pipe"],
        }),
      ),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
