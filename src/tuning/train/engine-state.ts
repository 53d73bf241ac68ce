import { comesBefore, type EnginePackage } from "../recipes/engine-packages.ts";

/** What was found of Python. */
export interface PythonFound {
  /** The installed packages of those that were asked for, with their versions. */
  readonly packages: Readonly<Record<string, string>>;
  /** How many graphics cards PyTorch sees; undefined when that was not asked, or PyTorch is missing or broken. */
  readonly devices: number | undefined;
  /** Why PyTorch is there and cannot be used, in one line; undefined when it can, or was not asked for the cards. */
  readonly torchProblem: string | undefined;
}

/** Whether an engine can be started. */
export type EngineState =
  | { readonly code: "ready"; readonly versions: Readonly<Record<string, string>> }
  | { readonly code: "no-python"; readonly problem: string }
  | { readonly code: "missing"; readonly packages: readonly EnginePackage[] }
  | { readonly code: "unsupported"; readonly version: string; readonly wanted: EnginePackage }
  | { readonly code: "broken-torch"; readonly problem: string }
  | { readonly code: "too-few-devices"; readonly found: number; readonly needed: number };

function isUnsupported({ versions }: EnginePackage, version: string): boolean {
  return (
    versions !== undefined && (comesBefore(version, versions.from) || !comesBefore(version, versions.below))
  );
}

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
    if (isUnsupported(each, version)) return { code: "unsupported", version, wanted: each };
  }
  if (found.torchProblem !== undefined) return { code: "broken-torch", problem: found.torchProblem };
  if (found.devices !== undefined && found.devices < devices) {
    return { code: "too-few-devices", found: found.devices, needed: devices };
  }
  return { code: "ready", versions: found.packages };
}
