import { resolve } from "node:path";
import * as z from "zod";
import type { EvaluateFlags } from "../../config/flags.ts";
import { loadConfig } from "../../config/load-config.ts";
import {
  completeEvaluation,
  type EvaluationSettings,
  givenModel,
  type ModelChoice,
  OFFLINE,
  type PartialEvaluationSettings,
} from "../../config/run-settings.ts";
import { didYouMean } from "../../config/setting.ts";
import { type EvaluateConfig, playing, worlds } from "../../config/settings.ts";
import { isSuiteName, SUITE_NAMES, type SuiteName } from "../../environment/suites.ts";
import { checkRules } from "../../evaluation/open-suites.ts";
import { UsageError } from "../failure.ts";
import { type Session, sessionOf, withFlags } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";

/** What a command line says. */
export interface EvaluateCommand {
  /** An absolute path. */
  readonly directory: string;
  /** What its flags say. */
  readonly given: PartialEvaluationSettings;
  /** What the config file says of the model that plays; for new evaluations only. */
  readonly configured: Partial<ModelChoice>;
  readonly session: Session;
}

const played = z.object({ ...worlds, ...playing });

/** The settings of an evaluation among its flags, with absolute paths. */
function givenEvaluation(flags: EvaluateFlags, host: Host): PartialEvaluationSettings {
  const { agentboard, replay, ...rest } = played.parse(flags);
  const { suite, perturb: perturbation } = flags;
  return {
    ...(replay === undefined ? {} : { agent: "replay", replay: resolve(host.directory, replay) }),
    ...rest,
    ...(agentboard === undefined ? {} : { agentboard: resolve(host.directory, agentboard) }),
    ...(suite === undefined ? {} : { suites: parseSuites(suite) }),
    ...(perturbation === undefined ? {} : { perturbation }),
    model: givenModel(flags),
  };
}

/** Reads the flags of `evaluate` and the config file. Throws AgentRefineError. */
export async function readCommand(flags: EvaluateFlags, host: Host): Promise<EvaluateCommand> {
  const { evaluate: config = {} } = await loadConfig(host.directory, flags.config);
  if (flags.out === undefined) refuse("no folder for the evaluation was given", "Give one with --out DIR.");
  return {
    directory: resolve(host.directory, flags.out),
    given: givenEvaluation(flags, host),
    configured: givenModel(config),
    session: sessionOf(withFlags<EvaluateConfig>(config, flags), flags),
  };
}

function refuse(problem: string, fix: string): never {
  throw new UsageError(problem, { fix });
}

function checkAgent(agent: EvaluationSettings["agent"], given: PartialEvaluationSettings): void {
  const { name } = given.model;
  if (agent === "react") {
    if (name === undefined) refuse("the ReAct agent needs a model", "Give one with --model NAME.");
    if (name === OFFLINE) {
      refuse(
        "the offline author writes training data and plays no tasks",
        "Give another --model, or --agent expert or random, which need none.",
      );
    }
  } else if (Object.keys(given.model).length > 0) {
    refuse(
      `the agent ${agent} talks to no model`,
      "Leave out --model and what says how it is asked, or give --agent react.",
    );
  } else if (given.reflexion !== undefined) {
    refuse("--reflexion is for agents that talk to a model", "Leave it out, or give a --model.");
  }
  if (agent === "replay" && given.replay === undefined)
    refuse("there is nothing to replay", "Give the recording with --replay FILE.");
  if (agent !== "replay" && given.replay !== undefined)
    refuse(`--replay is not for the agent ${agent}`, "Leave out --agent, or leave out --replay.");
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
  if (suites === undefined)
    refuse("no suite was given", `Give one or several with --suite: ${SUITE_NAMES.join(", ")}.`);
  if (agent === undefined) {
    refuse(
      "neither a model nor an agent was given",
      "Give a model with --model NAME, or --agent expert or random, which need none.",
    );
  }
  checkAgent(agent, given);
  const settings = completeEvaluation(given, { suites, agent });
  checkRules(settings);
  return settings;
}

/** The names in a list such as `pddl,babyai`, each once. Throws UsageError for one that there is not. */
export function parseSuites(text: string): readonly SuiteName[] {
  const names = text.split(",").map((name) => name.trim());
  return [...new Set(names)].map((name) => {
    if (isSuiteName(name)) return name;
    throw new UsageError(`there is no suite "${name}"${didYouMean(name, SUITE_NAMES)}`, {
      fix: `The suites are ${SUITE_NAMES.join(", ")}.`,
    });
  });
}
