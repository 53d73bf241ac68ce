import { AgentRefineError } from "../../errors.ts";
import type { EnginePackage } from "../recipes/engine-packages.ts";
import { type EngineState, engineState } from "./engine-state.ts";
import { lookIntoPython, type Variables } from "./python.ts";

/**
 * Whether an engine can be started in an environment.
 *
 * @param devices how many graphics cards the training needs here; 0 on the processor
 */
export async function probeEngine(
  environment: Variables,
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
