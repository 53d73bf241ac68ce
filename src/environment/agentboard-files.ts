import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchFix, publishedFolder } from "../data/published.ts";
import { AgentRefineError, systemErrorCode, wordsWithFix } from "../errors.ts";
import { dataNeed, type Need } from "./need.ts";
import type { LoadOptions, Suite } from "./suite.ts";

// AgentBoard's data lies in a folder that was gathered by hand (babyai.jsonl, pddl/GAME/*.pddl), or as in a checkout
// of its repository with the data archive extracted in it.

/** Where AgentBoard's label file of a suite may lie in a folder. */
function labelFiles(folder: string, suite: string): readonly string[] {
  return [
    join(folder, `${suite}.jsonl`),
    join(folder, "data", suite, "test.jsonl"),
    join(folder, suite, "test.jsonl"),
  ];
}

/** Where the folders of AgentBoard's PDDL games may lie in a folder. */
export function problemFolders(folder: string): readonly string[] {
  return [join(folder, "pddl"), join(folder, "agentboard/environment/pddl_env/pddlgym/pddl")];
}

/** A text file of AgentBoard's data, without a byte order mark. */
export interface DataFile {
  readonly path: string;
  readonly text: string;
}

/** Reads a text file of AgentBoard's data; undefined when there is none. Throws AgentRefineError. */
export interface AgentboardFiles {
  labels(suite: string): DataFile | undefined;
  /** A PDDL problem, by its game and the name of its file. */
  problem(game: string, file: string): string | undefined;
}

function readFirst(paths: readonly string[]): DataFile | undefined {
  for (const path of paths) {
    try {
      return { path, text: readFileSync(path, "utf8").replace(/^\uFEFF/, "") };
    } catch (error) {
      const code = systemErrorCode(error);
      if (code !== "ENOENT" && code !== "ENOTDIR") {
        throw new AgentRefineError(`cannot read ${path}: ${code ?? String(error)}`, { cause: error });
      }
    }
  }
  return undefined;
}

/** AgentBoard's data in a folder of either layout. */
export function agentboardFiles(folder: string): AgentboardFiles {
  return {
    labels: (suite) => readFirst(labelFiles(folder, suite)),
    problem: (game, file) => readFirst(problemFolders(folder).map((each) => join(each, game, file)))?.text,
  };
}

/** The folder of AgentBoard's data: the one that was given, else the fetched one; undefined when there is none. */
export async function agentboardFolder({ agentboard }: LoadOptions): Promise<string | undefined> {
  return agentboard === undefined ? publishedFolder("agentboard") : (agentboard ?? undefined);
}

/**
 * AgentBoard's labels of a suite in the folder that was given, else in the fetched one; undefined when there are none.
 */
export async function findLabels(options: LoadOptions, suite: string): Promise<DataFile | undefined> {
  const folder = await agentboardFolder(options);
  return folder === undefined ? undefined : agentboardFiles(folder).labels(suite);
}

/** AgentBoard's labels of a benchmark, without which its suite can be played in the way that `without` tells. */
export async function labelsNeed(
  options: LoadOptions,
  benchmark: "ALFWorld" | "Jericho" | "ScienceWorld",
  without: string,
): Promise<Need> {
  const labels = await findLabels(options, benchmark.toLowerCase());
  return dataNeed(`AgentBoard's labels of ${benchmark}`, "agentboard", labels?.path, without);
}

/** What a suite needs of AgentBoard's data, and can be played without: whether `load` finds it in the folder given. */
export async function agentboardNeed(
  need: string,
  options: LoadOptions,
  without: string,
  load: (options: LoadOptions) => Promise<Suite>,
): Promise<Need> {
  const folder = await agentboardFolder(options);
  const missing = dataNeed(need, "agentboard", undefined, without);
  if (folder === undefined) return missing;
  try {
    const { tasks } = await load({ ...options, split: "test" });
    return { ...missing, found: true, detail: `${tasks.length} tasks in ${folder}` };
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    return { ...missing, detail: wordsWithFix(error) };
  }
}

/** AgentBoard's label file of a suite. Throws an AgentRefineError when there is none. */
export function needLabels(folder: string, suite: string): DataFile {
  const file = agentboardFiles(folder).labels(suite);
  if (file !== undefined) return file;
  const places = labelFiles(folder, suite).join(", ");
  throw new AgentRefineError(`there are no labels of ${suite} in ${folder}: no ${places}`, {
    fix: `Give the folder of AgentBoard's data archive. ${fetchFix("agentboard")}`,
  });
}

/** No data of AgentBoard's at all. */
export const NO_AGENTBOARD_FILES: AgentboardFiles = {
  labels: () => undefined,
  problem: () => undefined,
};
