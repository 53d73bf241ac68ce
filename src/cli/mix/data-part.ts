import { basename, resolve } from "node:path";
import { readExamples } from "../../dataset/read-examples.ts";
import type { TrainingExample } from "../../dataset/training-example.ts";
import { AgentRefineError } from "../../errors.ts";
import { openGeneratedRun, type RunFolder } from "../../runs/run-folder.ts";
import { noCounts, runExamples } from "../export/run-source.ts";
import { mixWords } from "../export-words.ts";
import { checkSource } from "../generate/personas-of-run.ts";
import { isRun } from "../is-run.ts";
import { showPath } from "../terminal/show-path.ts";
import { dataRows } from "./data-rows.ts";
import type { UnusedReport } from "./unused-report.ts";

/** Something that rows are read from: a run or a file. */
export type DataSource =
  | { readonly kind: "run"; readonly shown: string; readonly path: string; readonly run: RunFolder }
  | { readonly kind: "file"; readonly shown: string; readonly path: string };

/** Opens what a flag names. Throws AgentRefineError when it is neither a run nor a file that can be read. */
export async function openSource(given: string, directory: string): Promise<DataSource> {
  const path = resolve(directory, given);
  const shown = showPath(path, directory);
  if (await isRun(path)) return { kind: "run", shown, path, run: await openGeneratedRun(path) };
  await checkSource(path);
  return { kind: "file", shown, path };
}

/** How sources are read. */
export interface ReadOptions {
  readonly excludeEnvironment: readonly string[];
  readonly stop: AbortSignal;
  /** Given when rows that are not used are to be told. */
  readonly unused?: UnusedReport;
}

async function* fileExamples(
  { path, shown }: DataSource,
  { excludeEnvironment, stop, unused }: ReadOptions,
): AsyncGenerator<TrainingExample> {
  let excluded = 0;
  const examples = readExamples(dataRows(path, shown), {
    name: basename(path),
    excludeEnvironment,
    onExcluded: (environment) => {
      excluded += 1;
      unused?.onExcluded(environment);
    },
    ...(unused === undefined
      ? {}
      : {
          onProblem: (row, problem) => unused.onProblem(shown, row, problem),
          onUnplaced: unused.onUnplaced,
        }),
  });
  let isEmpty = true;
  for await (const example of examples) {
    stop.throwIfAborted();
    isEmpty = false;
    yield example;
  }
  if (!isEmpty) return;
  throw excluded === 0
    ? new AgentRefineError(mixWords.noRows(shown), { fix: mixWords.noRowsFix })
    : new AgentRefineError(mixWords.allExcluded(shown, excluded), { fix: mixWords.allExcludedFix });
}

/** The rows of sources, one source after the other. Throws AgentRefineError when one has none. */
export async function* sourceExamples(
  sources: readonly DataSource[],
  options: ReadOptions,
): AsyncGenerator<TrainingExample> {
  for (const source of sources) {
    if (source.kind === "file") yield* fileExamples(source, options);
    else yield* runExamples({ run: source.run, shown: source.shown, stop: options.stop }, noCounts());
  }
}
