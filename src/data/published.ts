import { execFile } from "node:child_process";
import { access, constants, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";
import { damagedFiles, dataFolder, readManifest } from "./cache.ts";
import { DATA_SETS, type DataSetName } from "./data-sets.ts";

/** The command that brings data sets, to be put into a sentence. */
export function fetchCommand(...names: readonly DataSetName[]): string {
  return `\`agentrefine data get ${names.join(" ")}\``;
}

/** The sentence that says so, for what is missing and for what is damaged. */
export function fetchFix(...names: readonly DataSetName[]): string {
  return `Run ${fetchCommand(...names)}.`;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/**
 * The folder of a data set that is whole: the one that its variable names, such as ALFWORLD_DATA, else the fetched one.
 * Undefined when there is none, or only that of another version; `agentrefine data get NAME` brings it.
 *
 * @throws AgentRefineError when the variable names no folder
 */
export async function publishedFolder(
  name: DataSetName,
  env: Env = process.env,
): Promise<string | undefined> {
  const { variable, version } = DATA_SETS[name];
  const given = variable === undefined ? undefined : env[variable];
  if (given) {
    if (await isFolder(given)) return resolve(given);
    throw new AgentRefineError(`${variable} is ${given}, which is no folder`, {
      fix: `Correct it, or unset it. ${fetchFix(name)}`,
    });
  }
  const folder = dataFolder(name, env);
  return (await readManifest(folder))?.version === version ? folder : undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Whether a Java answers. macOS has a `java` that only tells how to install one. */
function answers(path: string): Promise<boolean> {
  return new Promise((done) => execFile(path, ["-version"], (error) => done(error === null)));
}

/** The path of a `java`: that of JAVA_HOME, the first on PATH, else the fetched one; undefined when there is none. */
export async function javaExecutable(env: Env = process.env): Promise<string | undefined> {
  const program = process.platform === "win32" ? "java.exe" : "java";
  const { JAVA_HOME, PATH = env.Path ?? "" } = env;
  const places = [
    ...(JAVA_HOME ? [join(JAVA_HOME, "bin")] : []),
    ...PATH.split(delimiter).filter((place) => place !== ""),
  ];
  for (const place of places) {
    const path = join(place, program);
    const isStub = process.platform === "darwin" && path === "/usr/bin/java";
    if ((await isExecutable(path)) && (!isStub || (await answers(path)))) return path;
  }
  const fetched = await publishedFolder("java", env);
  return fetched === undefined ? undefined : join(fetched, "bin", program);
}

/** What was found of a data set that was to be checked. */
export interface CheckedData {
  readonly name: DataSetName;
  readonly state: "whole" | "damaged" | "not here";
  readonly files: number;
  /** Its damaged files, with what is wrong with each. */
  readonly damaged: readonly string[];
}

/** Whether what was fetched of a data set is whole, by its checksums. */
export async function checkDataSet(name: DataSetName, env: Env): Promise<CheckedData> {
  const folder = dataFolder(name, env);
  const manifest = await readManifest(folder);
  if (manifest?.version !== DATA_SETS[name].version)
    return { name, state: "not here", files: 0, damaged: [] };
  const damaged = await damagedFiles(folder, manifest);
  return { name, state: damaged.length > 0 ? "damaged" : "whole", files: manifest.files.length, damaged };
}
