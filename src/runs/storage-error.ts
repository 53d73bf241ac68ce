import { AgentRefineError, errorMessage, systemErrorCode, systemProblem } from "../errors.ts";

/**
 * What to throw when the disk refused something: an {@link AgentRefineError} of one line that names the path
 * and the cause. Errors that do not come from the system are defects and come back as they are.
 *
 * @param purpose what was tried, such as `write` or `read`
 */
export function storageError(error: unknown, purpose: string, path: string): Error {
  const code = systemErrorCode(error);
  if (error instanceof AgentRefineError || code === undefined || code.startsWith("ERR_")) {
    return error instanceof Error ? error : new Error(errorMessage(error));
  }
  const known = systemProblem(code);
  return known === undefined
    ? new AgentRefineError(`cannot ${purpose} ${path}: ${errorMessage(error)}`, { cause: error })
    : new AgentRefineError(`cannot ${purpose} ${path}: ${known.problem} (${code})`, {
        fix: known.fix,
        cause: error,
      });
}
