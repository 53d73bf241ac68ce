import { execFile } from "node:child_process";
import { access, constants, stat } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { z } from "zod";
import type { Env } from "../env.ts";
import { AgentRefineError, errorMessage } from "../errors.ts";
import { comesBefore, type EnginePackage } from "./engine.ts";

export type EngineState =
  | { readonly code: "ready"; readonly versions: Readonly<Record<string, string>> }
  | { readonly code: "no-python"; readonly problem: string }
  | { readonly code: "missing"; readonly packages: readonly EnginePackage[] }
  | { readonly code: "unsupported"; readonly version: string; readonly wanted: EnginePackage }
  | { readonly code: "broken-torch"; readonly problem: string }
  | { readonly code: "too-few-devices"; readonly found: number; readonly needed: number };

/**
 * Whether an engine can be started with what was found.
 *
 * @param devices how many graphics cards the training needs here; 0 on the processor
 */
export function engineState(
  found: PythonFound,
  wanted: readonly EnginePackage[],
  devices: number,
): EngineState {
  const missing = wanted.filter(({ name }) => found.packages[name] === undefined);
  if (missing.length > 0) return { code: "missing", packages: missing };
  for (const each of wanted) {
    const version = found.packages[each.name] ?? "";
    const { from = version, below } = each.versions ?? {};
    const isSupported = !comesBefore(version, from) && (below === undefined || comesBefore(version, below));
    if (!isSupported) return { code: "unsupported", version, wanted: each };
  }
  if (found.torchProblem !== null) return { code: "broken-torch", problem: found.torchProblem };
  if (found.devices !== null && found.devices < devices) {
    return { code: "too-few-devices", found: found.devices, needed: devices };
  }
  return { code: "ready", versions: found.packages };
}

/**
 * Whether an engine can be started in an environment.
 *
 * @param devices how many graphics cards the training needs here; 0 on the processor
 */
export async function probeEngine(
  environment: Env,
  wanted: readonly EnginePackage[],
  devices: number,
): Promise<EngineState> {
  try {
    const names = wanted.map(({ name }) => name);
    return engineState(await lookIntoPython(environment, names, devices > 0), wanted, devices);
  } catch (error) {
    if (error instanceof AgentRefineError) return { code: "no-python", problem: error.message };
    throw error;
  }
}

/** What to do about a PyTorch that is there and cannot be used. */
export const TORCH_FIX =
  "Install a PyTorch that fits this machine, see https://pytorch.org/get-started/locally";

/** Packages are found by their metadata, which is quick; PyTorch is loaded only to count the cards. */
const LOOK = `
import importlib.metadata, json, sys
found = {}
for name in sys.argv[2:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
devices = problem = None
if sys.argv[1] == "devices" and "torch" in found:
    try:
        import torch
        counter = torch.accelerator if hasattr(torch, "accelerator") else torch.cuda
        devices = counter.device_count()
    except Exception as error:
        words = str(error).strip().split("\\n")[0]
        problem = (type(error).__name__ + (": " + words if words else ""))[:300]
print(json.dumps({"packages": found, "devices": devices, "torchProblem": problem}))
`;

const LONGEST_LOOK = 120_000;
const foundSchema = z.object({
  /** The installed packages of those that were asked for, with their versions. */
  packages: z.record(z.string(), z.string()),
  /** How many graphics cards PyTorch sees; null when that was not asked, or PyTorch is missing or broken. */
  devices: z.number().int().nullable(),
  /** Why PyTorch is there and cannot be used, in one line; null when it can, or was not asked for the cards. */
  torchProblem: z.string().nullable(),
});

export type PythonFound = z.infer<typeof foundSchema>;

/**
 * The environment in which an engine is started: the folder of the given interpreter stands first on the path, so
 * that `python3` and the engine's commands are those beside it, as in an activated virtual environment.
 *
 * @param python the path of an interpreter; the first `python3` on the path when left out
 * @throws AgentRefineError when there is no such interpreter
 */
export async function pythonEnvironment(python: string | undefined, variables: Env): Promise<Env> {
  // What is printed must come at once, for it is how the progress is known.
  const environment = { ...variables, PYTHONUNBUFFERED: "1" };
  if (python === undefined) return environment;
  try {
    await access(python, constants.X_OK);
    if (!(await stat(python)).isFile()) throw new Error("not a file");
    await access(join(dirname(python), "python3"), constants.X_OK);
  } catch (error) {
    throw new AgentRefineError(`${python} is not a Python interpreter with python3 in its folder`, {
      fix: "Give the path of bin/python3 of an environment.",
      cause: error,
    });
  }
  return { ...environment, PATH: [dirname(python), variables.PATH ?? ""].join(delimiter) };
}

/**
 * Looks for packages in the `python3` of an environment.
 *
 * @param countsDevices whether graphics cards are counted, for which PyTorch is loaded
 * @throws AgentRefineError when Python cannot be run
 */
export async function lookIntoPython(
  environment: Env,
  packages: readonly string[],
  countsDevices: boolean,
): Promise<PythonFound> {
  const words = ["-c", LOOK, countsDevices ? "devices" : "packages", ...packages];
  try {
    const printed = await new Promise<string>((resolve, reject) => {
      const settings = { env: { ...environment }, timeout: LONGEST_LOOK };
      execFile("python3", words, settings, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    });
    return foundSchema.parse(JSON.parse(printed.trim().split("\n").at(-1) ?? ""));
  } catch (error) {
    const problem = errorMessage(error).trim().split("\n").at(-1);
    throw new AgentRefineError(`Python cannot be run: ${problem}`, {
      fix: "Install Python 3, or give the path of one.",
      cause: error,
    });
  }
}
