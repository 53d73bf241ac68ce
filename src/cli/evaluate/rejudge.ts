import { resolve } from "node:path";
import type { EvaluateFlags } from "../../config/flags.ts";
import { definitionOf } from "../../environment/suites.ts";
import { readEvaluation } from "../../evaluation/plan-evaluation.ts";
import type { GivenSettings } from "../../evaluation/settings.ts";
import { UsageError } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { dashed } from "../terminal/text.ts";

/** What says who answers, or which questions; an evaluation that is judged again has all of it already. */
const ANSWERING = [
  "agent",
  "suite",
  "replay",
  "reflexion",
  "samples",
  "seed",
  "limit",
  "sample",
  "maxTurns",
] as const;

/**
 * The settings that have the answers of an evaluation graded again, by the same judge or another: the answers are
 * replayed, so that none is bought, and what the folder has of earlier verdicts stays. Throws UsageError.
 */
export async function rejudging(
  rejudge: string,
  flags: Omit<EvaluateFlags, "model">,
  host: Host,
): Promise<GivenSettings> {
  const given = ANSWERING.filter((flag) => flags[flag] !== undefined);
  if (given.length > 0) {
    throw new UsageError(`the answers of ${rejudge} are there already, so nothing says who gives them`, {
      fix: `Leave out ${given.map(dashed).join(", ")}.`,
    });
  }
  const directory = resolve(host.directory, rejudge);
  const { settings } = await readEvaluation(directory, showPath(directory, host.directory));
  const suites = settings.suites.filter((suite) => definitionOf(suite).graded === true);
  if (suites.length === 0) {
    throw new UsageError(`no suite of ${rejudge} is graded by a judge`, {
      fix: "Give an evaluation of one that is, such as mt-bench.",
    });
  }
  const { agent, model, limit, sample, samples, seed, maxTurns, judge } = settings;
  const answered = settings.answered ?? { agent, ...(model === undefined ? {} : { model }) };
  return {
    suites,
    agent: "replay",
    replay: directory,
    answered,
    samples,
    seed,
    ...(limit === undefined ? {} : { limit }),
    ...(sample === undefined ? {} : { sample }),
    ...(maxTurns === undefined ? {} : { maxTurns }),
    ...(judge === undefined ? {} : { judge }),
  };
}
