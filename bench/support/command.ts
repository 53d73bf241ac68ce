import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";

/** What a command of ours took in a process of its own. */
export interface CommandFigures {
  /** From its start to its end, that of Node included. */
  readonly seconds: number;
  /** Seconds of the processor, over all its threads: steadier than the former on a machine that does other things. */
  readonly cpu: number;
  /** The most memory that it ever held, in MiB. */
  readonly peak: number;
}

const MAIN = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));
const PEAK = new URL("./peak.js", import.meta.url).href;

/** Starts a command of ours as a user would, with `home` for what it keeps outside of runs. */
export function startCommand(args: readonly string[], home: string) {
  return spawn(process.execPath, ["--import", PEAK, MAIN, ...args], {
    cwd: home,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, AGENTREFINE_HOME: home, AGENTREFINE_BENCH_PEAK: join(home, "peak") },
  });
}

/** Runs a command of ours to its end; what it prints is thrown away. Rejects when it fails. */
export async function timeCommand(args: readonly string[], home: string): Promise<CommandFigures> {
  const began = performance.now();
  const child = startCommand(args, home);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let said = "";
  child.stderr.on("data", (chunk) => {
    said = `${said}${chunk}`.slice(-1000);
  });
  await pipeline(child.stdout, createWriteStream("/dev/null"));
  const code = await ended;
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`agentrefine ${args.join(" ")} ended with ${code}:\n${said}`);
  const taken = JSON.parse(await readFile(join(home, "peak"), "utf8")) as Omit<CommandFigures, "seconds">;
  await rm(join(home, "peak"));
  return { seconds, ...taken };
}
