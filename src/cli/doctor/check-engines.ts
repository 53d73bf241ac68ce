import { AgentRefineError, errorMessage } from "../../errors.ts";
import { pipInstall } from "../../training/engine.ts";
import type { TrainingEngineName } from "../../training/engines.ts";
import { enginePackages, TRAINING_ENGINES } from "../../training/engines.ts";
import {
  engineState,
  lookIntoPython,
  type PythonFound,
  pythonEnvironment,
  TORCH_FIX,
} from "../../training/python.ts";
import { doctorWords } from "../doctor-words.ts";
import type { Env } from "../terminal/host.ts";
import type { Check } from "./check.ts";

const ENGINES = Object.keys(TRAINING_ENGINES) as TrainingEngineName[];

/** On one card or the processor; what larger models need beside it, `train` says. */
function packagesOf(engine: TrainingEngineName): ReturnType<typeof enginePackages> {
  return enginePackages(engine, { deepSpeed: "none", method: "full" });
}

function checkEngine(engine: TrainingEngineName, python: PythonFound): Check {
  const { neededBy, missing, unsupported, brokenTorch } = doctorWords.engine;
  const of = { name: engine, neededBy: neededBy(engine) };
  const packages = packagesOf(engine);
  const version = python.packages[engine] ?? "";
  const state = engineState(python, packages, 0);
  switch (state.code) {
    case "missing":
      return { ...of, state: "absent", found: missing, fix: pipInstall(state.packages) };
    case "unsupported":
      return { ...of, state: "broken", found: unsupported(state.version), fix: pipInstall(packages) };
    case "broken-torch":
      return { ...of, state: "broken", found: brokenTorch(version) };
    default:
      return { ...of, state: "ready", found: version };
  }
}

/** What Python is said to have, and a check of its own for a PyTorch that is there and cannot be used. */
function checkPython({ packages: { torch }, devices = 0, torchProblem }: PythonFound): readonly Check[] {
  const { name, torchName, neededBy, withTorch, withBrokenTorch, withoutTorch } = doctorWords.python;
  if (torch === undefined) return [{ name, state: "ready", found: withoutTorch, neededBy }];
  if (torchProblem === undefined)
    return [{ name, state: "ready", found: withTorch(torch, devices), neededBy }];
  return [
    { name, state: "ready", found: withBrokenTorch(torch), neededBy },
    { name: torchName, state: "broken", found: torchProblem, fix: TORCH_FIX, neededBy },
  ];
}

/**
 * Whether Python runs and its PyTorch can be used, and which of the engines it has.
 *
 * @param python the path of an interpreter; the first `python3` on the path when left out
 */
export async function checkEngines(python: string | undefined, env: Env): Promise<readonly Check[]> {
  const { name, neededBy } = doctorWords.python;
  try {
    const names = [...new Set(ENGINES.flatMap(packagesOf).map((wanted) => wanted.name))];
    const found = await lookIntoPython(await pythonEnvironment(python, env), names, true);
    return [...checkPython(found), ...ENGINES.map((engine) => checkEngine(engine, found))];
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    const state = python === undefined ? "absent" : "broken";
    const fix = error.fix === undefined ? {} : { fix: error.fix };
    return [{ name, state, found: errorMessage(error), ...fix, neededBy }];
  }
}
