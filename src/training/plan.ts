import { join, relative, resolve } from "node:path";
import type { TrainingEngineName } from "../dataset/engines.ts";
import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";
import { shellWord } from "../printable.ts";
import { exists } from "../runs/atomic-file.ts";
import { requireUnlocked } from "../runs/lock.ts";
import { type OpenJob, openJob } from "../tokens/tokenize-example.ts";
import type { TrainingData } from "./data.ts";
import type { EnginePackage } from "./engine.ts";
import { enginePackages, requireFreeKeys } from "./engines.ts";
import { type ModelChoice, trainingModel } from "./model.ts";
import { type EngineState, probeEngine, pythonEnvironment } from "./python.ts";
import { type EngineValue, type Recipe, type RecipeSettings, recipeOf } from "./recipe.ts";

/** A training as it is asked for. What is left out is the paper's (App. D). */
export interface TrainOptions
  extends ModelChoice,
    Omit<RecipeSettings, "model" | "tokenizer" | "hardware" | "engineKeys"> {
  readonly engine: TrainingEngineName;
  /** The folder that is written, and into which the engine writes its checkpoints. */
  readonly out: string;
  /** Whether the folder of an earlier training may be replaced, with its checkpoints. */
  readonly replace?: boolean | undefined;
  /** Ends after so many steps of the optimizer. */
  readonly steps?: number | undefined;
  /** Graphics cards of a node, 8; 0 trains on the processor. */
  readonly gpus?: number | undefined;
  readonly nodes?: number | undefined;
  /** Any keys of the engine's own configuration; those that would change Eq. 1 are refused. */
  readonly set?: Readonly<Record<string, EngineValue>> | undefined;
  readonly dryRun?: boolean | undefined;
  /** The interpreter that has the engine; the first `python3` on the path when not given. */
  readonly python?: string | undefined;
  /** The variables with which the engine is started; this process's own when not given. */
  readonly env?: Env | undefined;
}

/** A training with everything checked that can be before anything is written. */
export interface TrainingPlan {
  readonly engine: TrainingEngineName;
  readonly recipe: Recipe;
  readonly opened: OpenJob;
  readonly packages: readonly [EnginePackage, ...EnginePackage[]];
  /** The folder, as an absolute path, and as it was given, ready to be pasted into a shell. */
  readonly out: string;
  readonly shown: string;
  /** Whether one is there that is replaced. */
  readonly replaces: boolean;
  /** How the engine is started; undefined when it is not to be. */
  readonly launch:
    | {
        readonly state: Exclude<EngineState, { readonly code: "too-few-devices" }>;
        readonly environment: Env;
      }
    | undefined;
}

/** The cards of a node, where nothing is said. */
const GPUS = 8;
/** What the folder of a training holds in any case. */
const TRAINING_NAMES = ["launch.sh", "slurm.sh", "data"] as const;

/** Refuses numbers of nodes from which nothing can be started here. */
function requireStartable({ nodes = 1, gpus = GPUS, dryRun = false }: TrainOptions): void {
  if (nodes === 1) return;
  if (gpus === 0) {
    throw new AgentRefineError("training on the processor is for one node only", {
      fix: "Give 'nodes' 1, or a number of 'gpus'.",
    });
  }
  if (dryRun) return;
  throw new AgentRefineError("a training on several nodes cannot be started from one of them", {
    fix: "Add 'dryRun', then run the slurm.sh or launch.sh that it writes.",
  });
}

/**
 * Whether a folder is there that may be replaced. Refuses one that may not: when it is being trained in, when it was
 * not allowed, or when it is no training, or holds the data.
 */
async function checkFolder(
  out: string,
  data: TrainingData,
  { out: shown, replace }: TrainOptions,
): Promise<boolean> {
  if (!relative(out, data.path).startsWith("..")) {
    throw new AgentRefineError(`${shown} holds the data that is to be trained on`, {
      fix: "Give another 'out'.",
    });
  }
  if (!(await exists(out))) return false;
  await requireUnlocked(out);
  if (replace !== true) {
    throw new AgentRefineError(`${shown} exists`, {
      fix: "Give another 'out', or 'force' to replace it with all that is in it.",
    });
  }
  for (const name of TRAINING_NAMES) {
    if (await exists(join(out, name))) continue;
    throw new AgentRefineError(`${shown} is not replaced: it is not the folder of a training`, {
      fix: "Give another 'out'.",
    });
  }
  return true;
}

async function recipeFor(options: TrainOptions): Promise<Recipe> {
  const { engine, gpus = GPUS, nodes = 1, steps, set = {} } = options;
  requireFreeKeys(engine, set);
  const { name, tokenizer, billions } = await trainingModel(engine, options);
  return recipeOf({
    ...options,
    model: name,
    tokenizer,
    hardware: { nodes, gpusPerNode: gpus },
    billions: options.billions ?? billions,
    engineKeys: { ...(steps === undefined ? {} : { max_steps: steps }), ...set },
  });
}

/**
 * Checks a training, opens its tokenizer and looks for the engine. Writes nothing.
 *
 * @throws AgentRefineError when something that was given does not hold
 */
export async function planTraining(data: TrainingData, options: TrainOptions): Promise<TrainingPlan> {
  const { engine, directory = ".", python, env = process.env } = options;
  requireStartable(options);
  const out = resolve(directory, options.out);
  const replaces = await checkFolder(out, data, options);
  const recipe = await recipeFor(options);
  const opened = await openJob(recipe);
  const packages = enginePackages(engine, recipe);
  const plan = { shown: shellWord(options.out), engine, recipe, opened, packages, out, replaces };
  if (options.dryRun === true) return { ...plan, launch: undefined };
  const environment = await pythonEnvironment(python && resolve(directory, python), env);
  const state = await probeEngine(environment, packages, recipe.hardware.gpusPerNode);
  if (state.code === "too-few-devices") {
    const { needed, found } = state;
    const cards = needed === 1 ? "1 graphics card" : `${needed} graphics cards`;
    throw new AgentRefineError(`the training is for ${cards} here, and PyTorch finds ${found}`, {
      fix:
        found === 0
          ? "Give 'gpus' 0 to train on the processor, or 'dryRun' to train elsewhere."
          : `Give 'gpus' ${found}, or 'dryRun' to train elsewhere.`,
    });
  }
  return { ...plan, launch: { state, environment } };
}
