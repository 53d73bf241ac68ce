import { ENGINES } from "../dataset/engines.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";
import { lockFolder } from "../runs/lock.ts";
import type { TokenizedExport } from "../tokens/export-tokenized.ts";
import type { TokenizedTally } from "../tokens/tokenized-row.ts";
import { type DataSelection, openTrainingData, type TrainingData } from "./data.ts";
import { type EnginePackage, pipInstall } from "./engine.ts";
import { causeOfFailure } from "./engine-log.ts";
import { loggingSteps } from "./engines.ts";
import { planTraining, type TrainingPlan, type TrainOptions } from "./plan.ts";
import { TORCH_FIX } from "./python.ts";
import { runEngine, type TrainingProgress } from "./run-engine.ts";
import { writeTraining } from "./training-folder.ts";

/** How a training is followed and stopped. */
export interface TrainWatch {
  /** Called after each example that was tokenised. */
  readonly onRow?: ((tally: TokenizedTally) => void) | undefined;
  /** Called at the start of the engine with its version. */
  readonly onStart?: ((version: string) => void) | undefined;
  /** Called after each line of the engine that tells how far it is. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Ends the reading of the data, of which nothing is left behind; or the engine with all that it has started. */
  readonly stop?: AbortSignal | undefined;
}

export interface Trained {
  /** Whether it went to its end; else it was stopped. */
  readonly isFinished: boolean;
  readonly progress: TrainingProgress;
}

export interface TrainResult {
  readonly plan: TrainingPlan;
  /** The rows, tokens and trained tokens of the data, and what a person should know before relying on it. */
  readonly written: TokenizedExport;
  /** Undefined when the engine was not to be started. */
  readonly trained: Trained | undefined;
}

/** What is said of an engine that cannot be started. `title` is how its makers write its name. */
function notReady(
  state: Exclude<NonNullable<TrainingPlan["launch"]>["state"], { readonly code: "ready" }>,
  out: string,
  title: string,
  packages: readonly EnginePackage[],
): AgentRefineError {
  const then = `then run: bash ${out}/launch.sh (with the environment active)`;
  const notStarted = (problem: string, fix: string): AgentRefineError =>
    new AgentRefineError(`${out} is written, but not started: ${problem}`, { fix });
  switch (state.code) {
    case "no-python":
      return notStarted(
        state.problem,
        `Install Python 3 or name one with 'python', for ${title} in it ${pipInstall(packages)}, ${then}`,
      );
    case "missing":
      return notStarted(
        `Python has no ${state.packages.map(({ name }) => name).join(", no ")}`,
        `Install with ${pipInstall(state.packages)}, ${then}; or name another Python with 'python'`,
      );
    case "unsupported": {
      const { name, versions } = state.wanted;
      const range = versions && ` (supported: from ${versions.from}, below ${versions.below})`;
      return notStarted(
        `${name} ${state.version} is not a supported version${range ?? ""}`,
        `Install one with ${pipInstall([state.wanted])}, ${then}`,
      );
    }
    case "broken-torch":
      return notStarted(
        `PyTorch cannot be used: ${state.problem}`,
        `${TORCH_FIX}, ${then}; or name another Python with 'python'`,
      );
  }
}

/**
 * Writes the folder of a planned training; what is replaced is not trained in meanwhile.
 *
 * @throws AgentRefineError when the data or the disk do not allow it; what `stop` was aborted with when it was
 */
export async function writePlanned(
  data: TrainingData,
  { engine, recipe, opened, out, replaces }: TrainingPlan,
  { onRow, stop }: TrainWatch = {},
): Promise<TokenizedExport> {
  async function* examples(): AsyncGenerator<TrainingExample> {
    for await (const example of data.examples()) {
      stop?.throwIfAborted();
      yield example;
    }
  }
  const lock = replaces ? await lockFolder(out) : undefined;
  try {
    const rows = { examples: examples(), notes: () => data.notes(), onRow };
    return await writeTraining({ engine, recipe, opened, out, replace: replaces, ...rows });
  } finally {
    await lock?.release();
  }
}

/**
 * Runs the engine in the folder of a planned training to its end; undefined when it is not to be started.
 *
 * @throws AgentRefineError when it cannot be started or fails; the folder stays
 */
export async function startPlanned(
  { engine, recipe, out, shown, packages, launch }: TrainingPlan,
  { onStart, onProgress, stop = new AbortController().signal }: TrainWatch = {},
): Promise<Trained | undefined> {
  if (launch === undefined) return undefined;
  const { state, environment } = launch;
  const { title } = ENGINES[engine];
  if (state.code !== "ready") throw notReady(state, shown, title, packages);
  onStart?.(state.versions[engine] ?? "");
  const { end, progress } = await runEngine({
    folder: out,
    environment,
    stop,
    onProgress,
    loggingSteps: loggingSteps(recipe.engineKeys),
  });
  if (end.code !== "failed") return { isFinished: end.code === "finished", progress };
  const cause = causeOfFailure(end.tail);
  throw new AgentRefineError(`${title} failed (${end.exit})${cause === undefined ? "" : `: ${cause}`}`, {
    fix: `See ${shown}/train.log; when it is put right, run bash ${shown}/launch.sh again.`,
  });
}

/**
 * Trains a model on data with LLaMA-Factory, TRL or axolotl as they are, with the labels of Eq. 1 (paper section 3.3)
 * and the paper's recipe where nothing else is asked for (App. D). Writes a folder with the tokenised rows, the
 * engine's configuration and scripts that start it by hand and under Slurm, then runs the engine in it and keeps its
 * losses in `loss.jsonl`. Each checkpoint is given the chat template of the data, its end-of-turn token and a
 * generation config that stops there, so that a server answers as the model was trained.
 *
 * @param given what is trained on: the folder of a run, a file of conversations as `mix` reads and writes them, or a
 *   folder for the Hugging Face hub
 * @throws AgentRefineError when the data cannot be read, the model, its tokenizer and the template do not go together,
 *   the batch cannot be made, something is in the way, there is no row to train, the engine is not installed, or it
 *   fails; what `stop` was aborted with, when that was before the engine was started
 */
export async function trainRun(
  given: string,
  options: TrainOptions & DataSelection & TrainWatch,
): Promise<TrainResult> {
  const data = await openTrainingData(given, options, options.directory);
  const plan = await planTraining(data, options);
  const written = await writePlanned(data, plan, options);
  return { plan, written, trained: await startPlanned(plan, options) };
}
