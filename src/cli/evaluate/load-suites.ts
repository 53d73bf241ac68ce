import { nearest } from "../../config/nearest.ts";
import { isSuiteName, SUITE_NAMES, type SuiteName } from "../../environment/suites.ts";
import { evaluateWords } from "../evaluation-words.ts";
import { UsageError } from "../usage-error.ts";

/** The names in a list such as `pddl,babyai`, each once. Throws AgentRefineError for one that there is not. */
export function parseSuites(text: string): readonly SuiteName[] {
  const names = text.split(",").map((name) => name.trim());
  return [...new Set(names)].map((name) => {
    if (isSuiteName(name)) return name;
    throw new UsageError(evaluateWords.noSuite(name, nearest(name, SUITE_NAMES)), {
      fix: evaluateWords.noSuiteFix(SUITE_NAMES),
    });
  });
}
