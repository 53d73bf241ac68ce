import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

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

/** The program as it is published, and a folder of its own to work in. */
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

/** What the sources are: two builds of the same ones are the same. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(join(ROOT, "src"), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const file of [...files.sort(), join(ROOT, "package.json")]) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Builds the program with the project's own compiler; once for these sources, as every file of tests needs the same.
 * A build comes into its place whole, so that of two that are made at once one is kept.
 */
async function compiled(): Promise<string> {
  const builds = join(ROOT, "node_modules/.cache/agentrefine-built");
  const place = join(builds, await fingerprint());
  if (await stat(place).catch(() => undefined)) return place;
  await mkdir(builds, { recursive: true });
  const unready = await mkdtemp(join(builds, "unready-"));
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  // Errors of types are another check's business.
  const build = [compiler, "-p", "tsconfig.build.json", "--noCheck", "--outDir", join(unready, "dist")];
  await promisify(execFile)(process.execPath, build, { cwd: ROOT });
  await copyFile(join(ROOT, "package.json"), join(unready, "package.json"));
  await symlink(join(ROOT, "data"), join(unready, "data"));
  await rename(unready, place).catch(() => rm(unready, { recursive: true }));
  const others = (await readdir(builds)).filter(
    (name) => !name.startsWith("unready-") && join(builds, name) !== place,
  );
  await Promise.all(others.map((name) => rm(join(builds, name), { recursive: true, force: true })));
  return place;
}

/** The program, built from the sources as they are, and a folder to work in. */
export async function buildProgram(): Promise<BuiltProgram> {
  const main = join(await compiled(), "dist/cli/main.js");
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
