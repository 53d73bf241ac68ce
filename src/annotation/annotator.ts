import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import { AgentRefineError } from "../errors.ts";
import { annotatorNameSchema } from "./annotation.ts";

const GIT_PATIENCE = 2000;

async function gitName(directory: string): Promise<string> {
  try {
    const asked = { cwd: directory, timeout: GIT_PATIENCE };
    return (await promisify(execFile)("git", ["config", "user.name"], asked)).stdout;
  } catch {
    return "";
  }
}

function systemName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that nobody has named.
    return "";
  }
}

/**
 * The name under which annotations are kept: the one given, else git's `user.name` in `directory`, else that of the
 * system's user.
 *
 * @throws AgentRefineError when the given one cannot be a name, or there is none
 */
export async function annotatorName(given: string | undefined, directory: string): Promise<string> {
  if (given !== undefined) {
    const checked = annotatorNameSchema.safeParse(given.trim());
    if (checked.success) return checked.data;
    throw new AgentRefineError("that cannot be an annotator's name", {
      fix: "Give one line of at most 100 characters.",
    });
  }
  for (const name of [await gitName(directory), systemName()]) {
    const checked = annotatorNameSchema.safeParse(name.trim());
    if (checked.success) return checked.data;
  }
  throw new AgentRefineError("it is not known who annotates", { fix: "Give a name with 'as'." });
}
