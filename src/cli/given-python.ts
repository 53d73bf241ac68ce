import { resolve } from "node:path";
import type { World } from "./world.ts";

/**
 * The Python interpreter that a flag names, else the variable AGENTREFINE_PYTHON, as an absolute path; undefined when
 * neither does. An empty variable names none: it is how scripts unset one.
 */
export function givenPython(
  flag: string | undefined,
  { environment, directory }: Pick<World, "environment" | "directory">,
): string | undefined {
  const given = flag ?? (environment.AGENTREFINE_PYTHON || undefined);
  return given === undefined ? undefined : resolve(directory, given);
}
