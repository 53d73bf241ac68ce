import { access, constants, statfs } from "node:fs/promises";
import { resolve } from "node:path";
import { withDotEnv } from "../../config/load-config.ts";
import { TRAINING_ENGINE_NAMES, type TrainingEngineName } from "../../dataset/engines.ts";
import type { Env } from "../../env.ts";
import { SUITES } from "../../environment/suites.ts";
import { AgentRefineError, errorMessage, systemErrorCode } from "../../errors.ts";
import { KEY_VARIABLES } from "../../model/model-settings.ts";
import { counted } from "../../numbers.ts";
import { oldestNode } from "../../runs/run-folder.ts";
import { comesBefore, pipInstall } from "../../training/engine.ts";
import { enginePackages } from "../../training/engines.ts";
import {
  engineState,
  lookIntoPython,
  type PythonFound,
  pythonEnvironment,
  TORCH_FIX,
} from "../../training/python.ts";
import type { Check } from "./check.ts";

const GIBIBYTE = 2 ** 30;

/** Whether a version of Node is new enough. */
export async function checkNode(version: string): Promise<Check> {
  const oldest = await oldestNode();
  const of = { name: "Node", neededBy: "everything" };
  if (!comesBefore(version, oldest)) return { ...of, state: "ready", found: version };
  const fix = `Install Node ${oldest} or newer: https://nodejs.org`;
  return { ...of, state: "broken", found: `${version} is older than ${oldest}`, fix };
}

/** Whether runs can be written in a folder, and how much room there is. */
export async function checkFolder(directory: string): Promise<Check> {
  const of = { name: "this folder", neededBy: "everything" };
  try {
    await access(directory, constants.W_OK);
    const { bavail, bsize } = await statfs(directory);
    const free = ((bavail * bsize) / GIBIBYTE).toFixed(1);
    return { ...of, state: "ready", found: `can be written to, ${free} GiB free` };
  } catch (error) {
    const found = `cannot be written to: ${systemErrorCode(error) ?? String(error)}`;
    return { ...of, state: "broken", found, fix: "Go to a folder of yours." };
  }
}

/** Which keys are set, in the environment or in `.env`. The keys themselves are not shown, and none is tried. */
export async function checkKeys(env: Env, directory: string): Promise<Check> {
  const of = { name: "keys", neededBy: "hosted models" };
  try {
    const variables = await withDotEnv(env, directory);
    const set = KEY_VARIABLES.filter((variable) => (variables[variable] ?? "").trim() !== "");
    if (set.length > 0) {
      const fix = "Whether a key is accepted, doctor --model NAME tries.";
      return { ...of, state: "set", found: set.join(", "), fix };
    }
    const fix =
      "Set OPENAI_API_KEY or that of another provider, here or in .env; a server of your own needs none. See docs/models.md.";
    return { ...of, state: "absent", found: "none is set", fix };
  } catch (error) {
    const fix = error instanceof AgentRefineError ? error.fix : undefined;
    return { ...of, state: "broken", found: errorMessage(error), fix };
  }
}

/** On one card or the processor; what larger models need beside it, `train` says. */
function packagesOf(engine: TrainingEngineName): ReturnType<typeof enginePackages> {
  return enginePackages(engine, { deepSpeed: "none", method: "full" });
}

function checkEngine(engine: TrainingEngineName, python: PythonFound): Check {
  const of = { name: engine, neededBy: `train --engine ${engine}` };
  const packages = packagesOf(engine);
  const version = python.packages[engine] ?? "";
  const state = engineState(python, packages, 0);
  switch (state.code) {
    case "missing":
      return { ...of, state: "absent", found: "not installed", fix: pipInstall(state.packages) };
    case "unsupported": {
      const found = `${state.version} is not a supported version`;
      return { ...of, state: "broken", found, fix: pipInstall(packages) };
    }
    case "broken-torch":
      return { ...of, state: "broken", found: `${version}, but torch is broken` };
    default:
      return { ...of, state: "ready", found: version };
  }
}

/** What Python is said to have, and a check of its own for a PyTorch that is there and cannot be used. */
function checkPython({ packages: { torch }, devices, torchProblem }: PythonFound): readonly Check[] {
  const of = { name: "Python", state: "ready", neededBy: "train" } as const;
  if (torch === undefined) return [{ ...of, found: "without torch" }];
  if (torchProblem !== null) {
    return [
      { ...of, found: `with torch ${torch}, which is broken` },
      { ...of, name: "torch", state: "broken", found: torchProblem, fix: TORCH_FIX },
    ];
  }
  const cards = devices ? counted(devices, "graphics card") : "no graphics card";
  return [{ ...of, found: `with torch ${torch}, ${cards}` }];
}

/**
 * Whether Python runs and its PyTorch can be used, and which of the engines it has.
 *
 * @param python the path of an interpreter; the first `python3` on the path when left out
 */
export async function checkEngines(python: string | undefined, env: Env): Promise<readonly Check[]> {
  try {
    const names = [...new Set(TRAINING_ENGINE_NAMES.flatMap(packagesOf).map((wanted) => wanted.name))];
    const found = await lookIntoPython(await pythonEnvironment(python, env), names, true);
    return [...checkPython(found), ...TRAINING_ENGINE_NAMES.map((engine) => checkEngine(engine, found))];
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    const state = python === undefined ? "absent" : "broken";
    return [{ name: "Python", state, found: error.message, fix: error.fix, neededBy: "train" }];
  }
}

/** What the suites need from elsewhere, and whether it is there. */
export async function checkSuites(given: string | undefined, directory: string): Promise<readonly Check[]> {
  const agentboard = given === undefined ? undefined : resolve(directory, given);
  const checks = await Promise.all(
    SUITES.map(async ({ name, needs }) => {
      const found = await needs({ compat: "agentboard", agentboard });
      return found.map((need): Check => {
        const of = { name, found: `${need.need}: ${need.detail}` };
        if (need.found) return { ...of, state: "ready" };
        // What was named by the user is missed more than what nobody asked for.
        const state = given !== undefined && need.optional === true ? "broken" : "absent";
        return { ...of, state, neededBy: need.optional === true ? "the paper's numbers" : name };
      });
    }),
  );
  return checks.flat();
}
