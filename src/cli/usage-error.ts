import { AgentRefineError } from "../errors.ts";

/** The command, its settings or the config file are wrong: exit code 2. */
export class UsageError extends AgentRefineError {}

/**
 * Does what belongs to the beginning of a command, such as opening what its arguments name. What the user can
 * put right there is an error of usage.
 */
export async function asUsage<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AgentRefineError) || error instanceof UsageError) throw error;
    throw new UsageError(error.message, {
      cause: error,
      ...(error.fix === undefined ? {} : { fix: error.fix }),
    });
  }
}
