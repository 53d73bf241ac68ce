import { resolve } from "node:path";
import { isSuiteName, loadSuite, SUITE_NAMES } from "../../environment/suites.ts";
import { AgentRefineError } from "../../errors.ts";
import { HELD_OUT_TASKS } from "../../evaluation/metrics/held-out.ts";
import { doctorWords } from "../doctor-words.ts";
import type { Check } from "./check.ts";

/** Whether a folder has what the suites need of AgentBoard; one check for each suite, or one that says how to get it. */
export async function checkAgentboard(
  given: string | undefined,
  directory: string,
): Promise<readonly Check[]> {
  const { name, neededBy, notLookedFor, notAll, fix, tasks } = doctorWords.agentboard;
  if (given === undefined) return [{ name, state: "absent", found: notLookedFor, fix, neededBy }];
  const agentboard = resolve(directory, given);
  return Promise.all(
    SUITE_NAMES.filter(isSuiteName).map(async (suite): Promise<Check> => {
      const of = { name: `${name}: ${suite}`, neededBy };
      try {
        const loaded = await loadSuite(suite, { compat: "agentboard", agentboard });
        const isWhole = loaded.tasks.length === HELD_OUT_TASKS[suite];
        const found = tasks(loaded.tasks.length);
        return isWhole
          ? { ...of, state: "ready", found }
          : { ...of, state: "broken", found: notAll(found), fix };
      } catch (error) {
        if (!(error instanceof AgentRefineError)) throw error;
        return { ...of, state: "broken", found: error.message, fix: error.fix ?? fix };
      }
    }),
  );
}
