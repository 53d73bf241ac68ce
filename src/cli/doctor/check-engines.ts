import { AgentRefineError, errorMessage } from "../../errors.ts";
import { enginePackages, pipInstall } from "../../tuning/recipes/engine-packages.ts";
import { TRAINING_ENGINES } from "../../tuning/recipes/recipe-files.ts";
import type { TrainingEngineName } from "../../tuning/recipes/training-engine-name.ts";
import { engineState, type PythonFound } from "../../tuning/train/engine-state.ts";
import { lookIntoPython, pythonEnvironment } from "../../tuning/train/python.ts";
import { doctorWords } from "../doctor-words.ts";
import type { Environment } from "../world.ts";
import type { Check } from "./check.ts";

const ENGINES = Object.keys(TRAINING_ENGINES) as TrainingEngineName[];

/** On one card or the processor; what larger models need beside it, `train` says. */
function packagesOf(engine: TrainingEngineName): ReturnType<typeof enginePackages> {
  return enginePackages(engine, { deepSpeed: "none", method: "full" });
}

function checkEngine(engine: TrainingEngineName, python: PythonFound): Check {
  const neededBy = doctorWords.engine.neededBy(engine);
  const packages = packagesOf(engine);
  const state = engineState(python, packages, 0);
  if (state.code === "ready") {
    return { name: engine, state: "ready", found: state.versions[engine] ?? "", neededBy };
  }
  const isOther = state.code === "unsupported";
  const found = isOther ? doctorWords.engine.unsupported(state.version) : doctorWords.engine.missing;
  const wanted = state.code === "missing" ? state.packages : packages;
  return { name: engine, state: isOther ? "broken" : "absent", found, fix: pipInstall(wanted), neededBy };
}

/**
 * Whether Python runs, and which of the engines it has.
 *
 * @param python the path of an interpreter; the first `python3` on the path when left out
 */
export async function checkEngines(
  python: string | undefined,
  environment: Environment,
): Promise<readonly Check[]> {
  const { name, neededBy, withTorch, withoutTorch } = doctorWords.python;
  try {
    const names = [...new Set(ENGINES.flatMap(packagesOf).map((wanted) => wanted.name))];
    const found = await lookIntoPython(await pythonEnvironment(python, environment), names, true);
    const torch = found.packages.torch;
    const words = torch === undefined ? withoutTorch : withTorch(torch, found.devices ?? 0);
    return [
      { name, state: "ready", found: words, neededBy },
      ...ENGINES.map((engine) => checkEngine(engine, found)),
    ];
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    const state = python === undefined ? "absent" : "broken";
    const fix = error.fix === undefined ? {} : { fix: error.fix };
    return [{ name, state, found: errorMessage(error), ...fix, neededBy }];
  }
}
