import { readFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import * as z from "zod";
import type { Env } from "../env.ts";
import { AgentRefineError, errorMessage, systemErrorCode } from "../errors.ts";
import { keyAtRisk } from "../model/model-settings.ts";
import { nearest } from "../spelling.ts";
import { valueSchema } from "./setting.ts";
import { type Config, configSchema, defineConfig, type GenerateConfig } from "./settings.ts";

/** The config files that are looked for in the working directory, in this order. */
export const CONFIG_FILES = [
  "agentrefine.config.ts",
  "agentrefine.config.js",
  "agentrefine.config.json",
] as const;

/** Windows' editors begin a file with a byte order mark. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return withoutMark(await readFile(file, "utf8"));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT") return undefined;
    throw new AgentRefineError(`cannot read ${file}: ${code ?? errorMessage(error)}`, { cause: error });
  }
}

/**
 * The default export of a TypeScript or JavaScript file. `import … from "agentrefine"` in it is answered by this
 * program itself, so that a config file also works where the package is not installed.
 */
async function runModule(file: string): Promise<unknown> {
  // Loading the transformer takes a while, and most runs have no need of it.
  const { createJiti } = await import("jiti");
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    moduleCache: false,
    virtualModules: { agentrefine: { defineConfig } },
  });
  return await jiti.import(file, { default: true });
}

async function contentOf(file: string, text: string): Promise<unknown> {
  try {
    return extname(file) === ".json" ? JSON.parse(text) : await runModule(file);
  } catch (error) {
    const [problem] = errorMessage(error).split("\n");
    throw new AgentRefineError(`${file} cannot be loaded: ${problem}`, {
      fix: "Correct the file.",
      cause: error,
    });
  }
}

/** The keys that may stand at a place of the config. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = configSchema;
  for (const key of path) {
    schema = schema instanceof z.ZodObject ? valueSchema(schema.shape[String(key)]) : undefined;
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function problemOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return path === "" ? issue.message : `"${path}": ${issue.message}`;
  const known = keysAt(issue.path);
  return issue.keys
    .map((key) => {
      const full = path === "" ? key : `${path}.${key}`;
      const meant = nearest(key, known);
      const advice = meant === undefined ? `the keys are ${known.join(", ")}` : `did you mean "${meant}"?`;
      return `there is no setting "${full}"; ${advice}`;
    })
    .join("; ");
}

async function loadFile(file: string): Promise<Config | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const value = await contentOf(file, text);
  if (value === undefined || value === null) {
    throw new AgentRefineError(`${file} has no default export`, {
      fix: "Write `export default defineConfig({ … })`.",
    });
  }
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(problemOf);
  throw new AgentRefineError(`${file} cannot be used: ${problems.join("; ")}`, { fix: "Correct the file." });
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

/** The variables of `.env` in `directory`, with those of `env` over them. */
export async function withDotEnv(env: Env, directory: string): Promise<Env> {
  const file = join(directory, ".env");
  try {
    return { ...parseEnv(withoutMark(await readFile(file, "utf8"))), ...env };
  } catch (error) {
    const code = systemErrorCode(error);
    // A folder of that name is how some people keep a Python environment.
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR") return env;
    throw new AgentRefineError(`cannot read ${file}: ${code}`, {
      fix: "Check who may read the file.",
      cause: error,
    });
  }
}

/** What a config file or flags say of servers and their keys. */
type Servers = Pick<GenerateConfig, "baseUrl" | "apiKeyEnv" | "writers">;

/**
 * Refuses settings of a config file that was found in the folder and would send a key of the environment to a server
 * that only it names: the folder may be somebody else's. The user points there by naming the file, the server or the
 * variable; a key in the `.env` beside the file is the folder's as much as the file is. Throws AgentRefineError.
 */
export async function requirePointed(
  file: Servers,
  flags: Servers & { readonly config?: string },
  { env, directory }: { readonly env: Env; readonly directory: string },
): Promise<void> {
  if (flags.config !== undefined) return;
  const named = Object.entries(file.writers ?? {}).map(
    ([name, own]) => [own, flags.writers?.[name]] as const,
  );
  for (const [said, given] of [[file, flags] as const, ...named]) {
    if (said.baseUrl === undefined || (given?.baseUrl ?? given?.apiKeyEnv) !== undefined) continue;
    const variable = keyAtRisk(said.baseUrl, said.apiKeyEnv, env);
    if (variable === undefined || (env[variable] ?? "").trim() === "") continue;
    const found = await Promise.all(CONFIG_FILES.map((name) => readText(join(directory, name))));
    const name = CONFIG_FILES.find((_name, place) => found[place] !== undefined);
    throw new AgentRefineError(`${name} sends the key in ${variable} to ${said.baseUrl}`, {
      fix: `If that is right, say so with --config ${name}, or keep the key in .env beside it.`,
    });
  }
}

/**
 * The Python interpreter that a flag names, else the variable AGENTREFINE_PYTHON, as an absolute path; undefined when
 * neither does. An empty variable names none: it is how scripts unset one.
 */
export function givenPython(
  flag: string | undefined,
  { env, directory }: { readonly env: Env; readonly directory: string },
): string | undefined {
  const given = flag ?? (env.AGENTREFINE_PYTHON || undefined);
  return given === undefined ? undefined : resolve(directory, given);
}
