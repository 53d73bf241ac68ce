import { resolve } from "node:path";
import * as z from "zod";
import type { EvaluateFlags } from "../../config/flags.ts";
import { loadConfig } from "../../config/load-config.ts";
import { givenModel, type ModelChoice } from "../../config/run-settings.ts";
import { didYouMean } from "../../config/setting.ts";
import { type EvaluateConfig, playing, worlds } from "../../config/settings.ts";
import { isSuiteName, SUITE_NAMES, type SuiteName } from "../../environment/suites.ts";
import type { GivenSettings } from "../../evaluation/settings.ts";
import { UsageError } from "../failure.ts";
import { type Session, sessionOf, withFlags } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";

/** What a command line says. */
export interface EvaluateCommand {
  /** An absolute path. */
  readonly directory: string;
  /** What its flags say. */
  readonly given: GivenSettings;
  /**
   * What the config file says of the model that plays, for new evaluations only, over the paper's: greedy (section
   * 4.1), and temperature 1 when a task is attempted several times (section 4.4).
   */
  readonly configured: Partial<ModelChoice>;
  readonly session: Session;
}

/** Tokens that suffice for a thought and an action, with room for models that think at length. */
const REPLY_TOKENS = 1024;

const played = z.object({ ...worlds, ...playing });

/** The settings of an evaluation among its flags, with absolute paths. */
function givenEvaluation(flags: EvaluateFlags, host: Host): GivenSettings {
  const { agentboard, replay, ...rest } = played.parse(flags);
  const { suite, perturb: perturbation } = flags;
  return {
    ...rest,
    ...(replay === undefined ? {} : { replay: resolve(host.directory, replay) }),
    ...(agentboard === undefined ? {} : { agentboard: resolve(host.directory, agentboard) }),
    ...(suite === undefined ? {} : { suites: parseSuites(suite) }),
    ...(perturbation === undefined ? {} : { perturbation }),
    model: givenModel(flags),
  };
}

/** Reads the flags of `evaluate` and the config file. Throws AgentRefineError. */
export async function readCommand(flags: EvaluateFlags, host: Host): Promise<EvaluateCommand> {
  const { evaluate: config = {} } = await loadConfig(host.directory, flags.config);
  if (flags.out === undefined) {
    throw new UsageError("no folder for the evaluation was given", { fix: "Give one with --out DIR." });
  }
  return {
    directory: resolve(host.directory, flags.out),
    given: givenEvaluation(flags, host),
    configured: {
      temperature: (flags.samples ?? 1) > 1 ? 1 : 0,
      maxTokens: REPLY_TOKENS,
      ...givenModel(config),
    },
    session: sessionOf(withFlags<EvaluateConfig>(config, flags), flags),
  };
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
