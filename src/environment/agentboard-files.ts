import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

// AgentBoard's data lies in a folder that was gathered by hand (babyai.jsonl, pddl/GAME/*.pddl), or as in a checkout
// of its repository with the data archive unpacked in it.

/** Where AgentBoard's label file of a suite may lie in a folder. */
export function labelFiles(folder: string, suite: string): readonly string[] {
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

/** Reads a text file of AgentBoard's data; undefined when there is none. */
export interface AgentboardFiles {
  /** The labels of a suite. */
  labels(suite: string): string | undefined;
  /** A PDDL problem, by its game and the name of its file. */
  problem(game: string, file: string): string | undefined;
}

function readFirst(files: readonly string[]): string | undefined {
  const file = files.find((each) => existsSync(each));
  return file === undefined ? undefined : readFileSync(file, "utf8");
}

/** AgentBoard's data in a folder of either layout. */
export function agentboardFiles(folder: string): AgentboardFiles {
  return {
    labels: (suite) => readFirst(labelFiles(folder, suite)),
    problem: (game, file) => readFirst(problemFolders(folder).map((each) => join(each, game, file))),
  };
}

/** No data of AgentBoard's at all. */
export const NO_AGENTBOARD_FILES: AgentboardFiles = {
  labels: () => undefined,
  problem: () => undefined,
};
