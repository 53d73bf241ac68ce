import { type ChildProcess, execFile, spawn } from "node:child_process";
import { copyFile, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

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

/** The program as it is published, built into a folder of its own. */
export interface BuiltProgram {
  /** A folder to work in. */
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

/** Builds the program with the project's own compiler. */
export async function buildProgram(): Promise<BuiltProgram> {
  const place = await mkdtemp(join(tmpdir(), "agentrefine-built-"));
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  const build = [compiler, "-p", "tsconfig.build.json", "--outDir", join(place, "dist")];
  // Errors of types are another check's business; the files are written all the same.
  await new Promise<void>((resolve) => execFile(process.execPath, build, { cwd: ROOT }, () => resolve()));
  await copyFile(join(ROOT, "package.json"), join(place, "package.json"));
  await symlink(join(ROOT, "node_modules"), join(place, "node_modules"));
  await symlink(join(ROOT, "data"), join(place, "data"));
  const directory = await mkdtemp(join(place, "work-"));
  const main = join(place, "dist/cli/main.js");
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
    remove: () => rm(place, { recursive: true, force: true }),
  };
}
