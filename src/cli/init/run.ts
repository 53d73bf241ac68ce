import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { InitFlags } from "../../config/flags.ts";
import { CONFIG_FILES, loadConfig, withDotEnv } from "../../config/load-config.ts";
import { OFFLINE } from "../../config/run-settings.ts";
import { keysOf } from "../../config/setting.ts";
import type { Config, GenerateConfig } from "../../config/settings.ts";
import { AgentRefineError, storageError, systemErrorCode } from "../../errors.ts";
import { type ClusterFiles, clusterFiles, SCHEDULERS } from "../../generation/cluster-files.ts";
import { SHIPPED_FILE } from "../../generation/personas-of-run.ts";
import { KEY_VARIABLES } from "../../model/model-settings.ts";
import { readPersonas } from "../../persona/read-personas.ts";
import { exists } from "../../runs/atomic-file.ts";
import { asUsage, UsageError } from "../failure.ts";
import { schemaText } from "../schema/run.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { dashed, tell } from "../terminal/text.ts";
import { type Answers, askQuestions, mayReplace, WITHOUT_QUESTIONS } from "./questions.ts";

const PERSONAS = 12;
const CONFIG_FILE = "agentrefine.config.json";
const SCHEMA_FILE = "agentrefine.schema.json";

async function somePersonas(): Promise<string> {
  const lines: string[] = [];
  for await (const line of readPersonas(SHIPPED_FILE)) {
    if ("persona" in line) lines.push(`${JSON.stringify({ persona: line.persona.text })}\n`);
    if (lines.length === PERSONAS) break;
  }
  return lines.join("");
}

function configOf({ config: { personas, ...more } }: Answers): GenerateConfig {
  return { personas, out: "runs/first", ...more };
}

/** JSON with a schema beside it, which editors follow without any package being installed. */
function configText(answers: Answers): string {
  const config: Config = { $schema: `./${SCHEMA_FILE}`, generate: configOf(answers) };
  return `${JSON.stringify(config, null, 2)}\n`;
}

interface NewFile {
  readonly name: string;
  readonly content: string;
}

/** What is written; not a config file beside another one, which would be read in its place. */
async function filesOf(answers: Answers, others: readonly string[]): Promise<readonly NewFile[]> {
  const { config, key } = answers;
  const variables = key === undefined ? KEY_VARIABLES : [key];
  const env = variables.map((name) => `${name}=\n`).join("");
  const ownPersonas = config.personas === WITHOUT_QUESTIONS.config.personas;
  return [
    ...(others.length > 0 ? [] : [{ name: CONFIG_FILE, content: configText(answers) }]),
    { name: SCHEMA_FILE, content: schemaText("config") },
    { name: ".env.example", content: `# Copy to .env and fill in what you use.\n${env}` },
    { name: ".gitignore", content: ".env\nruns/\nevals/\nnode_modules/\n" },
    ...(ownPersonas ? [{ name: "personas.jsonl", content: await somePersonas() }] : []),
  ];
}

/** Writes a file unless there is one of that name; false when there is. */
async function writeNew(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw storageError(error, "write", path);
  }
}

async function createFolder(directory: string, shown: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw storageError(error, "create", directory);
    throw new AgentRefineError(`${shown} is not a folder`, {
      fix: "Give a folder, or a name that is free.",
    });
  }
}

async function presentConfigs(directory: string): Promise<readonly string[]> {
  const found = await Promise.all(
    CONFIG_FILES.map(async (name) => ((await exists(join(directory, name))) ? [name] : [])),
  );
  return found.flat();
}

/** What is to be done before the next command, and that command. */
async function tellNext({ config, key }: Answers, directory: string, host: Host): Promise<void> {
  const isSet = key === undefined || ((await withDotEnv(host.env, directory))[key] ?? "").trim() !== "";
  if (!isSet)
    tell(
      host.stderr,
      `The key is looked for in ${key}: set it, or copy .env.example to .env and fill it in.`,
    );
  if (!(await exists(resolve(directory, config.personas))))
    tell(host.stderr, `There is no ${config.personas} yet.`);
  const go = directory === host.directory ? "" : `cd ${showPath(directory, host.directory)} && `;
  const command = config.model === OFFLINE ? "agentrefine generate" : "agentrefine generate --dry-run";
  if (config.model !== OFFLINE)
    tell(
      host.stderr,
      "The next command shows the prompts and the price, and buys nothing; without --dry-run it begins.",
    );
  tell(host.stderr, `Next: ${go}${command}`);
}

/** What is typed to run it on a cluster, as it can be pasted. */
function tellCommands(commands: readonly string[], directory: string, host: Host): void {
  const go = directory === host.directory ? [] : [`cd ${showPath(directory, host.directory)}`];
  tell(host.stderr, "Look through what was written: times, memory and queues are yours to choose. Next:");
  for (const line of [...go, ...commands]) host.stderr.write(`  ${line}\n`);
}

/** Writes a file for a cluster: a new one, or over another where that is wanted. */
async function writeClusterFile(
  path: string,
  content: string,
  wantsAnew: (path: string) => Promise<boolean>,
): Promise<"written" | "kept" | "stale"> {
  await createFolder(dirname(path), dirname(path));
  if (await writeNew(path, content)) return "written";
  if ((await readFile(path, "utf8").catch(() => "")) === content) return "kept";
  if (!(await wantsAnew(path))) return "stale";
  await writeFile(path, content).catch((error: unknown) => {
    throw storageError(error, "write", path);
  });
  return "written";
}

/** The files for the schedulers that were named. */
async function filesForClusters(
  flags: InitFlags,
  config: GenerateConfig,
  file: string = CONFIG_FILE,
): Promise<ClusterFiles> {
  const names = keysOf(SCHEDULERS).filter((name) => flags[name] === true);
  const unused = (["shards", "atOnce", "image"] as const).find((name) => flags[name] !== undefined);
  if (names.length === 0 && unused !== undefined) {
    throw new UsageError(`${dashed(unused)} is for a cluster, and none was named`, {
      fix: "Give --slurm, --kubernetes or --skypilot too.",
    });
  }
  const all = await Promise.all(names.map((name) => clusterFiles(name, config, file, flags)));
  return {
    files: all.flatMap(({ files }) => files),
    commands: all.flatMap(({ commands }) => commands),
  };
}

/** `agentrefine init`: a config file and some personas to begin with; nothing is overwritten unasked. */
export async function runInit(host: Host, flags: InitFlags, given = "."): Promise<void> {
  const directory = resolve(host.directory, given);
  const others = await presentConfigs(directory);
  const isAsked = host.isInteractive && flags.yes !== true && flags.json !== true;
  const answers = isAsked && others.length === 0 ? await askQuestions(host) : WITHOUT_QUESTIONS;
  const config =
    others.length > 0 ? (await asUsage(() => loadConfig(directory))).generate : configOf(answers);
  const { files, commands } = await asUsage(() => filesForClusters(flags, config ?? {}, others[0]));
  await asUsage(() => createFolder(directory, showPath(directory, host.directory)));
  const written: string[] = [];
  const stale: string[] = [];
  const kept: string[] = others.map((name) => join(directory, name));
  for (const { name, content } of await filesOf(answers, others)) {
    const path = join(directory, name);
    ((await writeNew(path, content)) ? written : kept).push(path);
  }
  const wantsAnew = async (path: string): Promise<boolean> =>
    flags.force === true || (isAsked && (await mayReplace(showPath(path, host.directory), host)));
  for (const { name, content } of files) {
    const path = join(directory, name);
    ({ written, kept, stale })[await writeClusterFile(path, content, wantsAnew)].push(path);
  }
  const names = (paths: readonly string[]): string =>
    paths.map((path) => showPath(path, host.directory)).join(", ");
  if (written.length > 0) tell(host.stderr, `Wrote ${names(written)}.`);
  if (kept.length > 0) tell(host.stderr, `Kept what was there: ${names(kept)}.`);
  if (stale.length > 0)
    tell(host.stderr, `These are not as they would be written now (--force replaces them): ${names(stale)}.`);
  if (commands.length > 0) tellCommands(commands, directory, host);
  else if (others.length > 0) tell(host.stderr, "Next: agentrefine generate");
  else await tellNext(answers, directory, host);
  if (flags.json === true)
    host.stdout.write(`${JSON.stringify({ directory, written, kept: [...kept, ...stale] })}\n`);
}
