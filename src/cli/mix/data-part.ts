import { basename, resolve } from "node:path";
import { readExamples } from "../../dataset/read-examples.ts";
import type { TrainingExample } from "../../dataset/training-example.ts";
import { AgentRefineError } from "../../errors.ts";
import { openRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { runExamples, type SourceCounts } from "../export/run-source.ts";
import { mixWords } from "../export-words.ts";
import { checkSource } from "../generate/personas-of-run.ts";
import { isRun } from "../is-run.ts";
import { showPath } from "../show-path.ts";
import type { World } from "../world.ts";
import { dataRows } from "./data-rows.ts";

/** Something that rows are read from: a run or a file. */
export type DataSource =
  | { readonly kind: "run"; readonly shown: string; readonly path: string; readonly run: RunFolder }
  | { readonly kind: "file"; readonly shown: string; readonly path: string };

/** Opens what a flag names. Throws AgentRefineError when it is neither a run nor a file that can be read. */
export async function openSource(given: string, directory: string): Promise<DataSource> {
  const path = resolve(directory, given);
  const shown = showPath(path, directory);
  if (await isRun(path)) return { kind: "run", shown, path, run: await openRunFolder(path) };
  await checkSource(path);
  return { kind: "file", shown, path };
}

/** Told of rows that are not used. */
export interface Unused {
  readonly onProblem: (source: DataSource, row: number, problem: string) => void;
  readonly onExcluded: () => void;
}

/** How sources are read. */
export interface ReadOptions {
  readonly excludeEnvironment: readonly string[];
  readonly stop: AbortSignal;
  /** Given when rows that are not used are to be told. */
  readonly unused?: Unused;
}

async function* fileExamples(
  source: DataSource,
  { excludeEnvironment, stop, unused }: ReadOptions,
): AsyncGenerator<TrainingExample> {
  const examples = readExamples(dataRows(source.path, source.shown), {
    name: basename(source.path),
    excludeEnvironment,
    ...(unused === undefined
      ? {}
      : {
          onProblem: (row, problem) => unused.onProblem(source, row, problem),
          onExcluded: unused.onExcluded,
        }),
  });
  let isEmpty = true;
  for await (const example of examples) {
    stop.throwIfAborted();
    isEmpty = false;
    yield example;
  }
  if (isEmpty) throw new AgentRefineError(mixWords.noRows(source.shown), { fix: mixWords.noRowsFix });
}

/** The rows of sources, one source after the other. Throws AgentRefineError when one has none. */
export async function* sourceExamples(
  sources: readonly DataSource[],
  options: ReadOptions,
): AsyncGenerator<TrainingExample> {
  for (const source of sources) {
    if (source.kind === "file") yield* fileExamples(source, options);
    else {
      const counts: SourceCounts = { ended: 0, kinds: { "few-errors": 0, "unmatched-action": 0, right: 0 } };
      yield* runExamples({ run: source.run, shown: source.shown, stop: options.stop }, counts);
    }
  }
}

/** How many of the rows that cannot be used are told one by one. */
const SHOWN = 20;

/** Tells of rows that are not used; the first of the bad ones by their number. */
export class UnusedReport implements Unused {
  readonly #world: World;
  #bad = 0;
  #excluded = 0;

  constructor(world: World) {
    this.#world = world;
  }

  readonly onProblem = ({ shown }: DataSource, row: number, problem: string): void => {
    this.#bad += 1;
    if (this.#bad <= SHOWN) this.#write(mixWords.badRow(shown, row, problem));
  };

  readonly onExcluded = (): void => {
    this.#excluded += 1;
  };

  /** How many rows were not used so far, and why. */
  get counts(): { readonly bad: number; readonly excluded: number } {
    return { bad: this.#bad, excluded: this.#excluded };
  }

  /** Tells what was not told row by row. */
  end(): void {
    if (this.#bad > SHOWN) this.#write(mixWords.moreBadRows(this.#bad - SHOWN));
    if (this.#excluded > 0) this.#write(mixWords.excluded(this.#excluded));
  }

  #write(line: string): void {
    this.#world.stderr.write(`${line}\n`);
  }
}
