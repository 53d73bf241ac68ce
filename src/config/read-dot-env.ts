import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { AgentRefineError, systemErrorCode } from "../errors.ts";

/** The variables of `.env` in `directory`, with those of `environment` over them. */
export async function withDotEnv(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Promise<Readonly<Record<string, string | undefined>>> {
  const file = join(directory, ".env");
  try {
    return { ...parseEnv(await readFile(file, "utf8")), ...environment };
  } catch (error) {
    const code = systemErrorCode(error);
    // A folder of that name is how some people keep a Python environment.
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR") return environment;
    throw new AgentRefineError(`cannot read ${file}: ${code}`, {
      fix: "Check who may read the file.",
      cause: error,
    });
  }
}
