import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AgentRefineError } from "../errors.ts";
import { readingError } from "../lines.ts";
import { openGeneratedRun, type RunFolder } from "../runs/run-folder.ts";

/** Something that rows are read from: a run, or a file. */
export interface DataSource {
  /** As the user is told of it. */
  readonly shown: string;
  /** Its absolute path. */
  readonly path: string;
  readonly run?: RunFolder;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

/**
 * What a path names: a run, a file, or a data set of the Hugging Face hub with its Parquet files.
 *
 * @param directory what a relative path is relative to
 * @throws AgentRefineError when it is nothing of that
 */
export async function openDataSources(given: string, directory: string): Promise<readonly DataSource[]> {
  const path = resolve(directory, given);
  const found = await stat(path).catch((error: unknown) => {
    throw readingError(error, given);
  });
  if (!found.isDirectory()) return [{ shown: given, path }];
  if ((await namesIn(path)).includes("run.json")) {
    return [{ shown: given, path, run: await openGeneratedRun(path) }];
  }
  for (const inside of ["data", "."]) {
    const files = (await namesIn(join(path, inside))).filter((name) => name.endsWith(".parquet")).sort();
    if (files.length === 0) continue;
    return files.map((name) => ({ shown: join(given, inside, name), path: join(path, inside, name) }));
  }
  throw new AgentRefineError(`cannot read ${given}: it is a folder without a run or Parquet files`, {
    fix: "Give the folder of a run or of a data set, or a file.",
  });
}
