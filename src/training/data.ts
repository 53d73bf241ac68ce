import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ABLATIONS } from "../dataset/ablation.ts";
import type { GuideNotes } from "../dataset/export-guide.ts";
import { readDataFile } from "../dataset/read-data-file.ts";
import { readExamples } from "../dataset/read-examples.ts";
import {
  openRunSource,
  type RunSelection,
  type RunSource,
  runExamples,
  runNotes,
} from "../dataset/run-source.ts";
import { sampleRows } from "../dataset/subset.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";
import { readingError } from "../lines.ts";
import { openGeneratedRun } from "../runs/run-folder.ts";

/** Which of the data is trained on, and as what. */
export interface DataSelection extends RunSelection {
  /** At most so many rows, the first ones; of a subset, the first of it. */
  readonly limit?: number | undefined;
}

/** What a model is trained on: something that was opened and is read once. */
export interface TrainingData {
  /** Where it lies, as an absolute path: the training's folder must not hold it. */
  readonly path: string;
  examples(): AsyncIterable<TrainingExample>;
  /** What the data's README says of where it comes from; asked for when all has been read. */
  notes(): GuideNotes;
  /** The run, as far as it is; undefined of anything else. */
  readonly run?: RunSource;
  /** How many rows could not be used, once they have been read. */
  bad?(): number;
}

async function* firstOf<Item>(items: AsyncIterable<Item>, limit: number | undefined): AsyncGenerator<Item> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  if (left <= 0) return;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}

async function ofRun(path: string, selection: DataSelection): Promise<TrainingData> {
  const source = await openRunSource(await openGeneratedRun(path), selection);
  return {
    path,
    examples: () => firstOf(runExamples(source), selection.limit),
    notes: () => withLimit(runNotes(source), selection.limit),
    run: source,
  };
}

function withLimit(notes: GuideNotes, limit: number | undefined): GuideNotes {
  return limit === undefined
    ? notes
    : { ...notes, facts: [...notes.facts, ["the first rows only", `${limit}`]] };
}

/** The data of files of conversations, one after the other. */
async function ofFiles(
  path: string,
  files: readonly string[],
  shown: string,
  { ablation, subset, limit, stop }: DataSelection,
): Promise<TrainingData> {
  if (ablation === "no-verification") {
    throw new AgentRefineError("the ablation no-verification needs a run, not a file of its rows", {
      fix: "Give the folder of the run.",
    });
  }
  let bad = 0;
  const read = async function* (): AsyncGenerator<TrainingExample> {
    bad = 0;
    for (const file of files) {
      const name = files.length === 1 ? shown : basename(file);
      const onProblem = (): void => {
        bad += 1;
      };
      for await (const example of readExamples(readDataFile(file, name), {
        name: basename(file),
        onProblem,
      })) {
        stop?.throwIfAborted();
        yield ablation === undefined ? example : ABLATIONS[ablation].apply(example);
      }
    }
  };
  const chosen = async function* (): AsyncGenerator<TrainingExample> {
    if (subset === undefined) return yield* read();
    let count = 0;
    for await (const _example of read()) count += 1;
    yield* sampleRows(read(), count, subset.size, subset.seed);
  };
  const facts: (readonly [string, string])[] = [["rows of", files.map((file) => basename(file)).join(", ")]];
  if (subset !== undefined) facts.push(["subset", `${subset.size} rows, seed ${subset.seed}`]);
  if (ablation !== undefined) facts.push(["ablation", ablation]);
  const warning =
    ablation && `This is the ablation \`${ablation}\` (paper Table 2): Eq. 1 is not what is trained.`;
  return {
    path,
    examples: () => firstOf(chosen(), limit),
    notes: () => withLimit({ facts, ...(warning === undefined ? {} : { warning }) }, limit),
    bad: () => bad,
  };
}

/**
 * Opens what a model is to be trained on: the folder of a run, a file of conversations, messages or alpaca rows with or
 * without a mask as `mix` reads and writes them, or a folder for the Hugging Face hub (`export --hub`).
 *
 * @param given its path
 * @param directory what a relative path is relative to
 * @throws AgentRefineError when it cannot be read, has no row, or the selection does not go with it
 */
export async function openTrainingData(
  given: string,
  selection: DataSelection = {},
  directory = ".",
): Promise<TrainingData> {
  const path = resolve(directory, given);
  const found = await stat(path).catch((error: unknown) => {
    throw readingError(error, given);
  });
  if (!found.isDirectory()) return ofFiles(path, [path], given, selection);
  const shards = await readdir(join(path, "data")).catch(() => []);
  const parquet = shards.filter((name) => name.startsWith("train-") && name.endsWith(".parquet")).sort();
  if (parquet.length === 0) return ofRun(path, selection);
  return ofFiles(
    path,
    parquet.map((name) => join(path, "data", name)),
    given,
    selection,
  );
}
