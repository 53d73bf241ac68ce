import { withDotEnv } from "../../config/load-config.ts";
import { errorMessage } from "../../errors.ts";
import { KEY_VARIABLES } from "../../model/model-settings.ts";
import { doctorWords } from "../doctor-words.ts";
import type { Env } from "../terminal/host.ts";
import type { Check } from "./check.ts";

/** Which keys are set, in the environment or in `.env`. The keys themselves are not shown. */
export async function checkKeys(env: Env, directory: string): Promise<Check> {
  const { name, neededBy, none, fix } = doctorWords.keys;
  try {
    const variables = await withDotEnv(env, directory);
    const set = KEY_VARIABLES.filter((variable) => (variables[variable] ?? "").trim() !== "");
    if (set.length > 0) return { name, state: "ready", found: set.join(", "), neededBy };
    return { name, state: "absent", found: none, fix, neededBy };
  } catch (error) {
    return { name, state: "broken", found: errorMessage(error), fix, neededBy };
  }
}
