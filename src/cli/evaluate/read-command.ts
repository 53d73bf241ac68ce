import { resolve } from "node:path";
import { SUITE_NAMES } from "../../environment/suites.ts";
import { parsePrice } from "../../model/prices.ts";
import { evaluateWords } from "../evaluation-words.ts";
import type { ModelSession } from "../model/model-session.ts";
import { overlay } from "../overlay.ts";
import { header } from "../parse-value.ts";
import { pick } from "../pick.ts";
import { UsageError } from "../usage-error.ts";
import type { World } from "../world.ts";
import type { EvaluateFlags } from "./evaluate-flags.ts";
import {
  completeEvaluation,
  type EvaluationSettings,
  type GivenEvaluation,
  givenEvaluation,
  type PartialEvaluationSettings,
} from "./evaluation-settings.ts";
import { parseSuites } from "./load-suites.ts";

/** How one part of an evaluation is driven. None of this is saved. */
export interface EvaluationSession extends ModelSession {
  readonly retryFailed: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** What a command line says. */
export interface EvaluateCommand {
  /** An absolute path. */
  readonly directory: string;
  readonly given: PartialEvaluationSettings;
  readonly session: EvaluationSession;
}

/** The model of the paper's data author, which is no model that plays. */
const OFFLINE = "offline";

function absolute(path: string | undefined, world: World): string | undefined {
  return path === undefined ? undefined : resolve(world.directory, path);
}

/** Reads the flags of `evaluate`. Throws AgentRefineError. */
export function readCommand(flags: EvaluateFlags, world: World): EvaluateCommand {
  if (flags.out === undefined) throw new UsageError(evaluateWords.noOut, { fix: evaluateWords.noOutFix });
  const headers = flags.header === undefined ? undefined : Object.fromEntries(flags.header.map(header));
  const price = flags.price === undefined ? undefined : parsePrice(flags.price);
  const suites = flags.suite === undefined ? undefined : parseSuites(flags.suite);
  const agentboard = absolute(flags.agentboard, world);
  const replay = absolute(flags.replay, world);
  const { perturb: perturbation } = flags;
  const agent = flags.agent ?? (replay === undefined ? undefined : "replay");
  return {
    directory: resolve(world.directory, flags.out),
    given: givenEvaluation(
      overlay<GivenEvaluation>({}, { ...flags, headers, suites, agentboard, perturbation, replay, agent }),
    ),
    session: {
      headers: headers ?? {},
      options: overlay<ModelSession["options"]>(
        {},
        { ...pick(flags, ["concurrency", "timeout", "maxAttempts", "maxCost", "prices"]), price },
      ),
      retryFailed: flags.retryFailed === true,
      quiet: flags.quiet === true,
      json: flags.json === true,
    },
  };
}

function refuse(problem: string, fix: string): never {
  throw new UsageError(problem, { fix });
}

function checkAgent(agent: EvaluationSettings["agent"], given: PartialEvaluationSettings): void {
  const { name } = given.model;
  if (agent === "react") {
    if (name === undefined) refuse(evaluateWords.noModel, evaluateWords.noModelFix);
    if (name === OFFLINE) refuse(evaluateWords.offline, evaluateWords.offlineFix);
  } else if (name !== undefined) refuse(evaluateWords.needlessModel(agent), evaluateWords.needlessModelFix);
  else if (given.reflexion !== undefined)
    refuse(evaluateWords.reflexionNeedsModel, evaluateWords.reflexionFix);
  if (agent === "replay" && given.replay === undefined)
    refuse(evaluateWords.noReplay, evaluateWords.noReplayFix);
  if (agent !== "replay" && given.replay !== undefined)
    refuse(evaluateWords.needlessReplay(agent), evaluateWords.needlessReplayFix);
}

/** The settings of a new evaluation. Throws AgentRefineError for those that do not fit together. */
export function newSettings(given: PartialEvaluationSettings): Omit<EvaluationSettings, "episodes"> {
  const { suites, agent = given.model.name === undefined ? undefined : "react" } = given;
  if (suites === undefined) refuse(evaluateWords.noSuites, evaluateWords.noSuitesFix(SUITE_NAMES));
  if (agent === undefined) refuse(evaluateWords.noAgent, evaluateWords.noAgentFix);
  checkAgent(agent, given);
  const { name } = given.model;
  return completeEvaluation(given, { suites, agent, ...(name === undefined ? {} : { modelName: name }) });
}
