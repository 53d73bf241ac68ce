import { basename } from "node:path";
import { type DataSource, openDataSources } from "../dataset/data-source.ts";
import type { GuideNotes } from "../dataset/export-guide.ts";
import { generalRows, type MixtureSize, mixture } from "../dataset/mixture.ts";
import { readDataFile } from "../dataset/read-data-file.ts";
import { environmentName, readExamples } from "../dataset/read-examples.ts";
import { openRunSource, type RunSource, runExamples } from "../dataset/run-source.ts";
import { sampleRows } from "../dataset/subset.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import {
  type ChosenEngine,
  checkReplacement,
  checkTokenizer,
  chooseTarget,
  type TargetOptions,
  type TextTarget,
  type TokenizedTarget,
} from "./target.ts";
import { type OnProgress, type Written, writeExamples } from "./write-examples.ts";

export interface MixOptions extends TargetOptions {
  /** Agent data: folders of runs or of data sets of the hub, or files of conversations, messages or alpaca rows. */
  readonly agent: readonly string[];
  /** General data, as agent data; the agent data alone is written when there is none. */
  readonly data?: readonly string[] | undefined;
  /** General rows for each agent row (paper section 9); all there are when not given. */
  readonly ratio?: number | undefined;
  /** Seeds which general rows are taken and how the rows lie; 1 when not given. */
  readonly seed?: number | undefined;
  /** Rows of files whose id names one of these environments are left out (App. F). */
  readonly excludeEnvironment?: readonly string[] | undefined;
  /** Called for each row that cannot be used and is left out, with its number from 1. */
  readonly onBadRow?: ((file: string, row: number, problem: string) => void) | undefined;
  /** Called when all sources have been counted, before anything is written. */
  readonly onCounted?: ((counts: MixCounts) => void) | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly stop?: AbortSignal | undefined;
}

/** How many rows of the sources were not used and why, and how many were kept whose environment is not known. */
export interface MixCounts {
  readonly bad: number;
  /** Rows that were left out by each environment that is to be excluded, as it was given. */
  readonly excluded: ReadonlyMap<string, number>;
  readonly unplaced: number;
}

/** A mixture, with everything checked that can be before anything is written. */
interface MixPlan {
  readonly target: TextTarget | TokenizedTarget;
  readonly engine: ChosenEngine | undefined;
  /** Whether something is there that is replaced. */
  readonly replaces: boolean;
  readonly agent: readonly DataSource[];
  readonly general: readonly DataSource[];
  readonly options: MixOptions;
}

export interface MixResult extends MixPlan {
  readonly size: MixtureSize;
  readonly counts: MixCounts;
  readonly written: Written;
}

/**
 * Checks a mixture and writes nothing.
 *
 * @throws AgentRefineError when it cannot be followed
 */
export async function planMix(options: MixOptions): Promise<MixPlan> {
  const { agent, data = [], ratio, replace = false, directory = "." } = options;
  if (agent.length === 0) {
    throw new AgentRefineError("no agent data was given", {
      fix: "Give the folder of a run or a file with 'agent'.",
    });
  }
  if (ratio !== undefined && data.length === 0) {
    throw new AgentRefineError("'ratio' is for 'data' only", {
      fix: "Give general data with 'data', or leave it out.",
    });
  }
  const { target, engine } = chooseTarget(options);
  if (target.kind === "trajectories") {
    throw new AgentRefineError("trajectories cannot be mixed", { fix: "Use another 'format'." });
  }
  const open = async (given: readonly string[]): Promise<readonly DataSource[]> =>
    (await Promise.all(given.map((each) => openDataSources(each, directory)))).flat();
  const [agents, general] = [await open(agent), await open(data)];
  const read = [...agents, ...general].flatMap(({ run, path }) =>
    run === undefined ? [path] : Object.values(run.paths),
  );
  const replaces = await checkReplacement(target.format, target, replace, read);
  await checkTokenizer(target);
  return { target, engine, replaces, agent: agents, general, options };
}

/** Reads sources, as often as is needed, and counts what is not used when they are read for the first time. */
class SourceReader {
  readonly #options: MixOptions;
  readonly #runs = new Map<string, RunSource>();
  readonly #counted = new Set<string>();
  readonly #excluded: Map<string, number>;
  #bad = 0;
  #unplaced = 0;

  constructor(options: MixOptions) {
    this.#options = options;
    // Two ways of writing one name count under the last.
    const names = new Map((options.excludeEnvironment ?? []).map((given) => [environmentName(given), given]));
    this.#excluded = new Map([...names.values()].map((given) => [given, 0]));
  }

  get counts(): MixCounts {
    return { bad: this.#bad, excluded: this.#excluded, unplaced: this.#unplaced };
  }

  /** The rows of sources, one source after the other. Throws AgentRefineError when one has none. */
  async *read(sources: readonly DataSource[]): AsyncGenerator<TrainingExample> {
    for (const { shown, path, run } of sources) {
      if (run === undefined) yield* this.#readFile(path, shown);
      else yield* runExamples(await this.#open(run));
    }
  }

  async count(sources: readonly DataSource[]): Promise<number> {
    let count = 0;
    for await (const _example of this.read(sources)) count += 1;
    return count;
  }

  async #open(run: RunFolder): Promise<RunSource> {
    const source = this.#runs.get(run.directory) ?? (await openRunSource(run, { stop: this.#options.stop }));
    this.#runs.set(run.directory, source);
    return source;
  }

  async *#readFile(path: string, shown: string): AsyncGenerator<TrainingExample> {
    const { excludeEnvironment = [], onBadRow, stop } = this.#options;
    const isFirst = !this.#counted.has(path);
    this.#counted.add(path);
    let [rows, excluded] = [0, 0];
    const examples = readExamples(readDataFile(path, shown), {
      name: basename(path),
      excludeEnvironment,
      onExcluded: (environment) => {
        excluded += 1;
        if (isFirst) this.#excluded.set(environment, (this.#excluded.get(environment) ?? 0) + 1);
      },
      onProblem: (row, problem) => {
        if (!isFirst) return;
        this.#bad += 1;
        onBadRow?.(shown, row, problem);
      },
      onUnplaced: () => {
        if (isFirst) this.#unplaced += 1;
      },
    });
    for await (const example of examples) {
      stop?.throwIfAborted();
      rows += 1;
      yield example;
    }
    if (rows > 0) return;
    throw excluded === 0
      ? new AgentRefineError(`${shown} has no row that can be used`, {
          fix: "Give conversations, messages or alpaca as JSON or Parquet.",
        })
      : new AgentRefineError(
          `${shown} has no row left: ${excluded} that could be used are of an excluded environment`,
          { fix: "Give other data, or exclude less." },
        );
  }
}

/** How many rows of each part the mixture has. Throws AgentRefineError when the ratio asks for more than there are. */
function sizeOf(agent: number, there: number, ratio: number | undefined): MixtureSize {
  const general = ratio === undefined ? there : generalRows(agent, ratio);
  if (general <= there) return { agent, general };
  throw new AgentRefineError(`the ratio asks for ${general} general rows, and there are ${there}`, {
    fix: `Give more data, or a 'ratio' of at most ${Math.floor((100 * there) / agent) / 100}.`,
  });
}

function factsOf({ agent, general, options }: MixPlan, size: MixtureSize, counts: MixCounts): GuideNotes {
  const names = (sources: readonly DataSource[]): string =>
    sources.map(({ path }) => basename(path)).join(", ");
  const facts: [string, string][] = [["agent rows", `${size.agent}, from ${names(agent)}`]];
  if (size.general > 0) {
    facts.push(["general rows", `${size.general}, from ${names(general)}`]);
    facts.push(["seed of the mixture", `${options.seed ?? 1}`]);
  }
  facts.push(["bad rows left out", `${counts.bad}`]);
  if (counts.excluded.size > 0) {
    const excluded = [...counts.excluded].map(([name, count]) => `${name} ${count}`).join(", ");
    facts.push(["rows left out by environment", excluded]);
    facts.push(["rows kept whose id names no known environment", `${counts.unplaced}`]);
  }
  return { facts };
}

/** Writes what was planned. Throws AgentRefineError, and what `stop` was aborted with when it was. */
export async function performMix(plan: MixPlan): Promise<MixResult> {
  const { target, replaces, agent, general, options } = plan;
  const { ratio, seed = 1, onCounted, onProgress } = options;
  const reader = new SourceReader(options);
  const [agents, there] = [await reader.count(agent), await reader.count(general)];
  const size = sizeOf(agents, there, ratio);
  onCounted?.(reader.counts);
  const chosen = size.general === 0 ? [] : sampleRows(reader.read(general), there, size.general, seed);
  const written = await writeExamples(target, {
    examples: mixture(reader.read(agent), chosen, size, seed),
    notes: () => factsOf(plan, size, reader.counts),
    replace: replaces,
    onProgress,
  });
  return { ...plan, size, counts: reader.counts, written };
}

/**
 * Writes agent data and general data as one set to train on (paper section 9), in any form of export but
 * `trajectories`. Files are JSON Lines, one JSON array (compressed with gzip or not) or Parquet, of conversations
 * (ShareGPT, AgentInstruct, Agent-FLAN, AgentTraj-L), messages or alpaca; a mask that they carry is kept, and without
 * one every answer is trained. Each part keeps its own order, and how they lie between each other is drawn from the
 * seed. Sources are read twice: once to be counted, once to be written; memory holds a row at a time, of Parquet a
 * group of rows.
 *
 * @returns how many rows of each part were written, and what was left out
 * @throws AgentRefineError as {@link exportRun} does, and when a file cannot be read, has no usable row, or the ratio
 *   asks for more general rows than there are
 */
export async function mixData(options: MixOptions): Promise<MixResult> {
  return performMix(await planMix(options));
}
