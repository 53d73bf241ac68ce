import { resolve } from "node:path";
import type { EvaluateConfig } from "../../config/config.ts";
import { loadConfig } from "../../config/load-config.ts";
import { SUITE_NAMES } from "../../environment/suites.ts";
import { checkRules } from "../../evaluation/open-suites.ts";
import { parsePrice } from "../../model/prices.ts";
import { evaluateWords } from "../evaluation-words.ts";
import { type ModelChoice, modelChoice } from "../model/model-choice.ts";
import type { ModelSession } from "../model/model-session.ts";
import { overlay } from "../overlay.ts";
import { header } from "../parse-value.ts";
import { pick } from "../pick.ts";
import type { Host } from "../terminal/host.ts";
import { UsageError } from "../usage-error.ts";
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
  readonly verbose: boolean;
  readonly json: boolean;
}

/** What a command line says. */
export interface EvaluateCommand {
  /** An absolute path. */
  readonly directory: string;
  /** What its flags say. */
  readonly given: PartialEvaluationSettings;
  /** What the config file says of the model that plays; for new evaluations only. */
  readonly configured: Partial<ModelChoice>;
  readonly session: EvaluationSession;
}

/** The model of the paper's data author, which is no model that plays. */
const OFFLINE = "offline";

function absolute(path: string | undefined, host: Host): string | undefined {
  return path === undefined ? undefined : resolve(host.directory, path);
}

/** How an evaluation is driven: as the flags say, else as the config file says. */
function sessionOf(
  flags: EvaluateFlags,
  headers: Readonly<Record<string, string>> | undefined,
  config: EvaluateConfig,
): EvaluationSession {
  const names = ["concurrency", "timeout", "maxAttempts", "maxCost", "prices"] as const;
  const price = flags.price === undefined ? undefined : parsePrice(flags.price);
  const configured = Object.entries(config.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    headers: headers ?? Object.fromEntries(configured),
    options: overlay<ModelSession["options"]>(pick(config, [...names, "price"]), {
      ...pick(flags, names),
      price,
    }),
    retryFailed: flags.retryFailed === true,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    json: flags.json === true,
  };
}

/** Reads the flags of `evaluate` and the config file. Throws AgentRefineError. */
export async function readCommand(flags: EvaluateFlags, host: Host): Promise<EvaluateCommand> {
  const { evaluate: config = {} } = await loadConfig(host.directory, flags.config);
  if (flags.out === undefined) throw new UsageError(evaluateWords.noOut, { fix: evaluateWords.noOutFix });
  const headers = flags.header === undefined ? undefined : Object.fromEntries(flags.header.map(header));
  const suites = flags.suite === undefined ? undefined : parseSuites(flags.suite);
  const agentboard = absolute(flags.agentboard, host);
  const replay = absolute(flags.replay, host);
  const { perturb: perturbation } = flags;
  const agent = flags.agent ?? (replay === undefined ? undefined : "replay");
  return {
    directory: resolve(host.directory, flags.out),
    given: givenEvaluation(
      overlay<GivenEvaluation>({}, { ...flags, headers, suites, agentboard, perturbation, replay, agent }),
    ),
    configured: modelChoice(config),
    session: sessionOf(flags, headers, config),
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
  } else if (Object.keys(given.model).length > 0)
    refuse(evaluateWords.needlessModel(agent), evaluateWords.needlessModelFix);
  else if (given.reflexion !== undefined)
    refuse(evaluateWords.reflexionNeedsModel, evaluateWords.reflexionFix);
  if (agent === "replay" && given.replay === undefined)
    refuse(evaluateWords.noReplay, evaluateWords.noReplayFix);
  if (agent !== "replay" && given.replay !== undefined)
    refuse(evaluateWords.needlessReplay(agent), evaluateWords.needlessReplayFix);
}

/** With the model of the config file under the given one, for an agent that talks to a model. */
function withModel(
  given: PartialEvaluationSettings,
  configured: Partial<ModelChoice>,
): PartialEvaluationSettings {
  const talks = given.agent === undefined || given.agent === "react";
  return talks ? { ...given, model: { ...configured, ...given.model } } : given;
}

/** The settings of a new evaluation. Throws AgentRefineError for those that do not fit together. */
export function newSettings(
  flags: PartialEvaluationSettings,
  configured: Partial<ModelChoice>,
): Omit<EvaluationSettings, "episodes"> {
  const given = withModel(flags, configured);
  const { suites, agent = given.model.name === undefined ? undefined : "react" } = given;
  if (suites === undefined) refuse(evaluateWords.noSuites, evaluateWords.noSuitesFix(SUITE_NAMES));
  if (agent === undefined) refuse(evaluateWords.noAgent, evaluateWords.noAgentFix);
  checkAgent(agent, given);
  const { name } = given.model;
  const modelName = name === undefined ? {} : { modelName: name };
  const settings = completeEvaluation(given, { suites, agent, ...modelName });
  checkRules(settings);
  return settings;
}
