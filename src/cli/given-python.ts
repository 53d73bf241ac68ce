import { resolve } from "node:path";
import type { Host } from "./terminal/host.ts";

/**
 * The Python interpreter that a flag names, else the variable AGENTREFINE_PYTHON, as an absolute path; undefined when
 * neither does. An empty variable names none: it is how scripts unset one.
 */
export function givenPython(
  flag: string | undefined,
  { env, directory }: Pick<Host, "env" | "directory">,
): string | undefined {
  const given = flag ?? (env.AGENTREFINE_PYTHON || undefined);
  return given === undefined ? undefined : resolve(directory, given);
}
