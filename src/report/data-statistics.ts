import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type DataSource, openDataSources } from "../dataset/data-source.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";
import type { CostOf } from "../model/money.ts";
import { openTemplate, type TemplateName } from "../tokens/template.ts";
import { openTokenizer } from "../tokens/text-tokenizer.ts";
import { readTokenizerFolder } from "../tokens/tokenizer-folder.ts";
import { dataRows } from "./data-rows.ts";
import {
  type CountTokens,
  type RunStatistics,
  type StatisticsOptions,
  statisticsOfRun,
  TrajectoryFold,
} from "./run-statistics.ts";

/** With what lengths are counted in tokens. */
export interface CountedWith {
  /** A Hugging Face tokenizer folder. */
  readonly tokenizer: string;
  /** How messages become text; when not given, the tokens of their texts alone are counted. */
  readonly template?: TemplateName | undefined;
}

/** How data sets are looked at. */
export interface DataStatisticsOptions {
  /** What a relative path is relative to; the working directory when not given. */
  readonly directory?: string;
  readonly tokens?: CountedWith | undefined;
  /** Dollars for the tokens of calls whose price was unknown when they were bought. */
  readonly costOf?: CostOf | undefined;
}

/**
 * Counts the tokens of examples. Rejects with an AgentRefineError when the tokenizer or its template cannot be used.
 */
async function tokenCounter({ tokenizer, template }: CountedWith): Promise<CountTokens> {
  const folder = await readTokenizerFolder(tokenizer);
  const opened = openTokenizer(folder);
  const size = (text: string): number => (text === "" ? 0 : opened.encode(text).length);
  const rendered = template === undefined ? undefined : openTemplate(template, folder, opened);
  return ({ messages }: TrainingExample) => {
    const turns = rendered?.render(messages).map(({ source, target, tail, loss }) => {
      const trained = size(target);
      return { all: size(source) + trained + size(tail), trained: loss ? trained : 0 };
    });
    const parts =
      turns ??
      messages.map(({ content, loss }) => {
        const all = size(content);
        return { all, trained: loss === true ? all : 0 };
      });
    return {
      all: parts.reduce((sum, { all }) => sum + all, 0),
      trained: parts.reduce((sum, { trained }) => sum + trained, 0),
    };
  };
}

/**
 * What the rows of files are. They are of the kind of the first of them that can be used. Rejects with an
 * AgentRefineError when a file cannot be read or has no row that can be used.
 */
async function statisticsOfFiles(
  files: readonly DataSource[],
  { name, countTokens }: StatisticsOptions,
): Promise<RunStatistics> {
  const fold = new TrajectoryFold(countTokens);
  let kind: Exclude<RunStatistics["kind"], "run"> | undefined;
  let [unusable, rows] = [0, 0];
  let firstProblem: string | undefined;
  for await (const read of dataRows(files)) {
    rows += 1;
    kind ??= read.kind;
    if (read.kind === "trajectories" && kind === "trajectories")
      fold.takeTrajectory(read.id, read.trajectory);
    else if (read.kind === "conversations" && kind === "conversations") fold.takeConversation(read.example);
    else {
      unusable += 1;
      const problem = read.kind === undefined ? read.problem : `is no row of ${kind} as those before it`;
      firstProblem ??= `row ${rows} ${problem}`;
    }
  }
  if (kind === undefined) {
    throw new AgentRefineError(
      firstProblem === undefined ? `${name} has no rows` : `no row of ${name} can be used: ${firstProblem}`,
      { fix: "Give a run, or a file of conversations or trajectories." },
    );
  }
  return { name, kind, unusable, firstProblem, ...fold.statistics(kind) };
}

/** Refuses a data set that is given twice, under whatever name. */
async function refuseTwice(given: readonly string[], directory: string): Promise<void> {
  const seen = new Set<string>();
  for (const each of given) {
    const path = resolve(directory, each);
    const { dev, ino } = await stat(path).catch(() => ({ dev: path, ino: "" }));
    const key = `${dev}:${ino}`;
    if (seen.has(key)) throw new AgentRefineError(`${each} is given twice`, { fix: "Give each once." });
    seen.add(key);
  }
}

/**
 * What data sets are, one after the other: runs, files of conversations or trajectories (JSON Lines, one JSON array or
 * Parquet, compressed or not) and folders of the Hugging Face hub, as `agentrefine stats` tells it. One pass over
 * each; memory holds counts, and about a kilobyte of each goal, so that near-duplicates are found. Rejects with an
 * AgentRefineError for what is none of that.
 */
export async function dataStatistics(
  given: readonly string[],
  { directory = process.cwd(), tokens, costOf }: DataStatisticsOptions = {},
): Promise<readonly RunStatistics[]> {
  await refuseTwice(given, directory);
  const countTokens =
    tokens &&
    (await tokenCounter({ tokenizer: resolve(directory, tokens.tokenizer), template: tokens.template }));
  const opened: (readonly [string, readonly DataSource[]])[] = [];
  for (const each of given) opened.push([each, await openDataSources(each, directory)]);
  const all: RunStatistics[] = [];
  for (const [name, sources] of opened) {
    const run = sources[0]?.run;
    const options = { name, countTokens, costOf };
    all.push(
      run === undefined ? await statisticsOfFiles(sources, options) : await statisticsOfRun(run, options),
    );
  }
  return all;
}
