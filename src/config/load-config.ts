import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { AgentRefineError, errorMessage, systemErrorCode } from "../errors.ts";
import { checkConfig } from "./check-config.ts";
import type { Config } from "./config.ts";

/** The config files that are looked for in the working directory, in this order. */
const CONFIG_FILES = ["agentrefine.config.ts", "agentrefine.config.js", "agentrefine.config.json"] as const;

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT") return undefined;
    throw new AgentRefineError(`cannot read ${file}: ${code ?? errorMessage(error)}`, { cause: error });
  }
}

async function evaluate(file: string, text: string): Promise<unknown> {
  try {
    if (extname(file) === ".json") return JSON.parse(text);
    // Loading the transformer takes a while, and most runs have no need of it.
    const { loadDefaultExport } = await import("./load-module.ts");
    return await loadDefaultExport(file);
  } catch (error) {
    const [problem] = errorMessage(error).split("\n");
    throw new AgentRefineError(`${file} cannot be loaded: ${problem}`, {
      fix: "Correct the file.",
      cause: error,
    });
  }
}

async function loadFile(file: string): Promise<Config | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const value = await evaluate(file, text);
  if (value === undefined || value === null) {
    throw new AgentRefineError(`${file} has no default export`, {
      fix: "Write `export default defineConfig({ … })`.",
    });
  }
  return checkConfig(value, file);
}

/**
 * Loads the config: `given`, else the one in `directory`, else an empty one. A TypeScript or JavaScript file is
 * run, with the rights of the user. Throws AgentRefineError.
 */
export async function loadConfig(directory: string, given?: string): Promise<Config> {
  if (given !== undefined) {
    const file = resolve(directory, given);
    const config = await loadFile(file);
    if (config !== undefined) return config;
    throw new AgentRefineError(`there is no config file ${file}`, { fix: "Check the path." });
  }
  for (const name of CONFIG_FILES) {
    const config = await loadFile(resolve(directory, name));
    if (config !== undefined) return config;
  }
  return {};
}
