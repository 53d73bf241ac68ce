import { defined } from "../defined.ts";
import { definitionOf } from "../environment/suites.ts";
import { AgentRefineError } from "../errors.ts";
import { readEvaluation } from "./plan-evaluation.ts";
import type { GivenSettings } from "./settings.ts";

/**
 * The settings that have the answers of an evaluation graded again, by the same judge or another: the answers are
 * replayed, so that none is bought, and what the folder has of earlier verdicts stays. `directory` is an absolute path,
 * `shown` how messages name it. Throws AgentRefineError.
 */
export async function rejudging(directory: string, shown = directory): Promise<GivenSettings> {
  const { settings } = await readEvaluation(directory, shown);
  const suites = settings.suites.filter((suite) => definitionOf(suite).graded === true);
  if (suites.length === 0) {
    throw new AgentRefineError(`no suite of ${shown} is graded by a judge`, {
      fix: "Give an evaluation of one that is, such as mt-bench.",
    });
  }
  const { agent, model, judge, limit, sample, maxTurns, samples, seed } = settings;
  const { answered = { agent, ...defined({ model }) } } = settings;
  const asked = {
    replay: directory,
    answered,
    samples,
    seed,
    ...defined({ judge, limit, sample, maxTurns }),
  };
  return { suites, agent: "replay", ...asked };
}
