import type * as z from "zod";
import { AgentRefineError } from "../errors.ts";
import type { Config } from "./config.ts";
import { CONFIG_KEYS, configSchema } from "./config-schema.ts";
import { nearest } from "./nearest.ts";

function unknownKeyWords(path: string, keys: readonly string[]): string {
  const known = CONFIG_KEYS[path] ?? [];
  return keys
    .map((key) => {
      const full = path === "" ? key : `${path}.${key}`;
      const meant = nearest(key, known);
      const advice = meant === undefined ? `the keys are ${known.join(", ")}` : `did you mean "${meant}"?`;
      return `there is no setting "${full}"; ${advice}`;
    })
    .join("; ");
}

function issueWords(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") return unknownKeyWords(path, issue.keys);
  return path === "" ? issue.message : `"${path}": ${issue.message}`;
}

/** Checks what a config file gave. Throws AgentRefineError with everything that is wrong. */
export function checkConfig(value: unknown, file: string): Config {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(issueWords);
  throw new AgentRefineError(`${file} cannot be used: ${problems.join("; ")}`, { fix: "Correct the file." });
}
