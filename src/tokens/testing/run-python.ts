import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Env } from "../../env.ts";

/** The path of a Python program that stands beside this file. */
export function pythonProgram(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Env with which nothing is fetched, no card is used, and nothing is kept outside `folder`. */
export function quietPython(folder: string): Env {
  return {
    ...process.env,
    HF_HUB_OFFLINE: "1",
    HF_HOME: join(folder, "home"),
    CUDA_VISIBLE_DEVICES: "",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** What a Python program prints. */
export function runPython(
  python: string,
  words: readonly string[],
  folder: string,
  directory: string = folder,
): string {
  const { stdout, stderr, status } = spawnSync(python, words, {
    encoding: "utf8",
    cwd: directory,
    env: { ...quietPython(folder) },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
