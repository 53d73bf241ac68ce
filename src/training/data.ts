import { basename, resolve } from "node:path";
import { selectsAll } from "../annotation/condition.ts";
import { ABLATIONS } from "../dataset/ablation.ts";
import { type DataSource, openDataSources } from "../dataset/data-source.ts";
import type { GuideNotes } from "../dataset/export-guide.ts";
import { readDataFile } from "../dataset/read-data-file.ts";
import { readExamples } from "../dataset/read-examples.ts";
import {
  openRunSource,
  type RunSelection,
  type RunSource,
  runExamples,
  runNotes,
  selectionNotes,
} from "../dataset/run-source.ts";
import { sampleRows } from "../dataset/subset.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";

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

async function* firstOf<Item>(items: AsyncIterable<Item>, limit: number): AsyncGenerator<Item> {
  let left = limit;
  if (left <= 0) return;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}

/** The data of files of conversations, one after the other. */
function ofFiles(files: readonly DataSource[], selection: DataSelection): Omit<TrainingData, "path"> {
  const { ablation, subset, stop } = selection;
  if (ablation === "no-verification") {
    throw new AgentRefineError("the ablation no-verification needs a run, not a file of its rows", {
      fix: "Give the folder of the run.",
    });
  }
  if (!selectsAll(selection)) {
    throw new AgentRefineError("annotations are kept beside a run, and this is a file of its rows", {
      fix: "Give the folder of the run, or leave out 'only' and 'without'.",
    });
  }
  let bad = 0;
  const onProblem = (): void => {
    bad += 1;
  };
  const read = async function* (): AsyncGenerator<TrainingExample> {
    bad = 0;
    for (const { path, shown } of files) {
      const examples = readExamples(readDataFile(path, shown), { name: basename(path), onProblem });
      for await (const example of examples) {
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
  const names = files.map(({ path }) => basename(path)).join(", ");
  const { facts, ...warning } = selectionNotes(selection, "rows");
  return {
    examples: chosen,
    notes: () => ({ facts: [["rows of", names], ...facts], ...warning }),
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
  const { limit } = selection;
  const path = resolve(directory, given);
  const sources = await openDataSources(given, directory);
  const run = sources[0]?.run && (await openRunSource(sources[0].run, selection));
  const all = run
    ? { run, examples: () => runExamples(run), notes: () => runNotes(run) }
    : ofFiles(sources, selection);
  if (limit === undefined) return { ...all, path };
  return {
    ...all,
    path,
    examples: () => firstOf(all.examples(), limit),
    notes: () => {
      const { facts, ...warning } = all.notes();
      return { facts: [...facts, ["the first rows only", `${limit}`]], ...warning };
    },
  };
}
