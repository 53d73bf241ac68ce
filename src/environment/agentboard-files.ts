import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { publishedFolder } from "../data/published.ts";
import { AgentRefineError, systemErrorCode } from "../errors.ts";
import { difficultySchema, type LoadOptions, type Need, type Suite } from "./suite.ts";

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
  /** The labels of a suite. */
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

/** AgentBoard's labels of a suite in the folder that was given, else in the fetched one; undefined when there are none. */
export async function findLabels(options: LoadOptions, suite: string): Promise<DataFile | undefined> {
  const folder = await agentboardFolder(options);
  return folder === undefined ? undefined : agentboardFiles(folder).labels(suite);
}

/** AgentBoard's labels of a benchmark, as something that its suite can be played without, in a way that `without` tells. */
export async function labelsNeed(
  options: LoadOptions,
  benchmark: "ALFWorld" | "Jericho" | "ScienceWorld",
  without: string,
): Promise<Need> {
  const labels = await findLabels(options, benchmark.toLowerCase());
  return {
    need: `AgentBoard's labels of ${benchmark}`,
    found: labels !== undefined,
    detail: labels?.path ?? without,
    optional: true,
  };
}

/** What a suite needs of AgentBoard's data, and can be played without: whether `load` finds it in the folder given. */
export async function agentboardNeed(
  need: string,
  options: LoadOptions,
  load: (options: LoadOptions) => Promise<Suite>,
): Promise<Need> {
  try {
    const agentboard = await agentboardFolder(options);
    if (agentboard === undefined)
      return {
        need,
        found: false,
        detail: "agentrefine data get agentboard, or --agentboard DIR",
        optional: true,
      };
    const { tasks } = await load({ ...options, split: "test" });
    return { need, found: true, detail: `${tasks.length} tasks in ${agentboard}`, optional: true };
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    const detail = [error.message, error.fix].filter((text) => text !== undefined).join(". ");
    return { need, found: false, detail, optional: true };
  }
}

/** AgentBoard's label file of a suite. Throws an AgentRefineError when there is none. */
export function needLabels(folder: string, suite: string): DataFile {
  const file = agentboardFiles(folder).labels(suite);
  if (file !== undefined) return file;
  const places = labelFiles(folder, suite).join(", ");
  throw new AgentRefineError(`there are no labels of ${suite} in ${folder}: no ${places}`, {
    fix: "Give the folder of AgentBoard's data archive.",
  });
}

/** Makes something of a file's text; the errors that a user can put right then begin with the file's path. */
export function readingFrom<Value>({ path, text }: DataFile, make: (text: string) => Value): Value {
  try {
    return make(text);
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    const { message, fix } = error;
    throw new AgentRefineError(`${path}: ${message}`, {
      ...(fix === undefined ? {} : { fix }),
      cause: error,
    });
  }
}

/** What AgentBoard's label files say of every task: how hard it is, and the level or game that it is of. */
export const agentboardLabel = z.looseObject({
  difficulty: difficultySchema,
  additional_info: z.looseObject({ subtask: z.string() }),
});

/**
 * Reads the text of a label file, one JSON object a line; `read` is given the number of the line too, and throws for
 * what is no label. Throws AgentRefineError when a line is not a label.
 */
export function readLabelLines<Label>(
  text: string,
  benchmark: "BabyAI" | "Jericho" | "PDDL" | "ScienceWorld",
  read: (value: unknown, line: number) => Label,
): readonly Label[] {
  const lines = text.split("\n").map((line, index) => ({ line, number: index + 1 }));
  const written = lines.filter(({ line }) => line.trim() !== "");
  return written.map(({ line, number }) => {
    try {
      return read(JSON.parse(line), number);
    } catch (error) {
      throw new AgentRefineError(`line ${number} is not a ${benchmark} label`, {
        fix: `Point to the ${benchmark.toLowerCase()} test.jsonl of AgentBoard's data archive.`,
        cause: error,
      });
    }
  });
}

/** No data of AgentBoard's at all. */
export const NO_AGENTBOARD_FILES: AgentboardFiles = {
  labels: () => undefined,
  problem: () => undefined,
};
