import { join, relative, resolve } from "node:path";
import { requireUnlocked } from "../../runs/lock.ts";
import { openRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { openJob } from "../../tokens/tokenize-example.ts";
import type { EnginePackage } from "../../training/engine.ts";
import type { TrainingEngineName } from "../../training/engines.ts";
import { enginePackages, loggingSteps, requireFreeKeys } from "../../training/engines.ts";
import type { EngineState } from "../../training/python.ts";
import { probeEngine, pythonEnvironment, type Variables } from "../../training/python.ts";
import { type Recipe, type RecipeSettings, recipeOf } from "../../training/recipe.ts";
import { givenPython } from "../given-python.ts";
import { exists } from "../is-run.ts";
import type { Host } from "../terminal/host.ts";
import { showPath } from "../terminal/show-path.ts";
import { notReadyWords, trainWords } from "../train-words.ts";
import { UsageError } from "../usage-error.ts";
import { engineSetting } from "./engine-setting.ts";
import type { TrainFlags } from "./train-flags.ts";
import { trainingModel } from "./training-model.ts";

/** A training as it was asked for, with everything checked that can be before anything is written. */
export interface TrainingOrder {
  readonly run: RunFolder;
  readonly engine: TrainingEngineName;
  readonly recipe: Recipe;
  readonly loggingSteps: number;
  readonly packages: readonly [EnginePackage, ...EnginePackage[]];
  /** The folder, as an absolute path and as it is shown. */
  readonly out: string;
  readonly shown: string;
  readonly replaces: boolean;
  /** How the engine is started; undefined when it is not to be. */
  readonly launch: { readonly state: EngineState; readonly environment: Variables } | undefined;
}

/** The cards of a node, where nothing is said. */
const GPUS = 8;

async function recipeSettings(flags: TrainFlags, directory: string): Promise<RecipeSettings> {
  const { template, gpus = GPUS, nodes = 1, steps, lora, set = [] } = flags;
  const { name, tokenizer, billions } = await trainingModel(flags, directory);
  const given = Object.fromEntries(set.map(engineSetting));
  requireFreeKeys(flags.engine, given);
  const { maxTokens, perDevice, accumulation, batch, epochs } = flags;
  return {
    model: name,
    template,
    tokenizer,
    hardware: { nodes, gpusPerNode: gpus },
    method: lora === true ? "lora" : "full",
    engineKeys: { ...(steps === undefined ? {} : { max_steps: steps }), ...given },
    ...(billions === undefined ? {} : { billions }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(perDevice === undefined ? {} : { perDevice }),
    ...(accumulation === undefined ? {} : { accumulation }),
    ...(batch === undefined ? {} : { batch }),
    ...(epochs === undefined ? {} : { epochs }),
  };
}

/** Refuses numbers of nodes from which nothing can be started here. */
function requireStartable({ nodes = 1, gpus = GPUS, dryRun }: TrainFlags): void {
  if (nodes === 1) return;
  if (gpus === 0) {
    throw new UsageError(trainWords.severalNodesWithoutCards, {
      fix: trainWords.severalNodesWithoutCardsFix,
    });
  }
  if (dryRun !== true) throw new UsageError(trainWords.severalNodes, { fix: trainWords.severalNodesFix });
}

/** What the folder of a training holds in any case. */
const TRAINING_NAMES = ["launch.sh", "slurm.sh", "data"] as const;

/**
 * Whether a folder is there that may be replaced. Refuses one that may not: when it is being trained in, without
 * `force`, or when it is no training, or holds the run.
 */
async function checkFolder(out: string, shown: string, run: RunFolder, force: boolean): Promise<boolean> {
  if (!relative(out, run.directory).startsWith("..")) {
    throw new UsageError(trainWords.insideRun(shown), { fix: trainWords.insideRunFix });
  }
  if (!(await exists(out))) return false;
  await requireUnlocked(out);
  if (!force) throw new UsageError(trainWords.inTheWay(shown), { fix: trainWords.inTheWayFix });
  for (const name of TRAINING_NAMES) {
    if (await exists(join(out, name))) continue;
    throw new UsageError(trainWords.notATraining(shown), { fix: trainWords.notATrainingFix });
  }
  return true;
}

/**
 * Reads the command line of `train`, opens the run and looks for the engine. Writes nothing.
 *
 * @throws AgentRefineError when something that was given does not hold
 */
export async function trainingOrder(
  flags: TrainFlags,
  directory: string,
  host: Host,
): Promise<TrainingOrder> {
  const run = await openRunFolder(resolve(host.directory, directory));
  requireStartable(flags);
  const out = resolve(host.directory, flags.out);
  const shown = showPath(out, host.directory);
  const replaces = await checkFolder(out, shown, run, flags.force === true);
  const recipe = recipeOf(await recipeSettings(flags, host.directory));
  const { engine } = flags;
  // A template that cannot be trained with is found here, and not after the run has been read.
  await openJob(recipe);
  const packages = enginePackages(engine, recipe);
  const order = { run, engine, recipe, loggingSteps: loggingSteps(recipe.engineKeys), packages, out, shown };
  if (flags.dryRun === true) return { ...order, replaces, launch: undefined };
  const environment = await pythonEnvironment(givenPython(flags.python, host), host.env);
  const state = await probeEngine(environment, packages, recipe.hardware.gpusPerNode);
  if (state.code === "too-few-devices") {
    const { problem, fix } = notReadyWords(state, { engine, folder: shown, packages });
    throw new UsageError(problem, { fix });
  }
  return { ...order, replaces, launch: { state, environment } };
}
