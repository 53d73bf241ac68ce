import { resolve } from "node:path";
import * as z from "zod";
import type { EvaluateFlags } from "../../config/flags.ts";
import { loadConfig, requirePointed } from "../../config/load-config.ts";
import { givenModel } from "../../config/run-settings.ts";
import { type EvaluateConfig, playing, worlds } from "../../config/settings.ts";
import { defined } from "../../defined.ts";
import { rejudging } from "../../evaluation/plan-evaluation.ts";
import type { WantedEvaluation } from "../../evaluation/prepare-evaluation.ts";
import type { GivenSettings } from "../../evaluation/settings.ts";
import { foldersOf } from "../../evaluation/several-evaluations.ts";
import { UsageError } from "../failure.ts";
import { type Session, sessionOf, withFlags } from "../run/session.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { dashed } from "../terminal/text.ts";

/** What a command line says of an evaluation. */
export interface EvaluateCommand extends WantedEvaluation {
  /** An absolute path. */
  readonly directory: string;
  readonly session: Session;
}

/** Tokens that suffice for a thought and an action, with room for models that think at length. */
const REPLY_TOKENS = 1024;

/** Tokens of a verdict, as FastChat asks for them. */
const JUDGE_TOKENS = 2048;

const played = z.object({ ...worlds, ...playing });

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

/** The settings that have the answers of an evaluation graded again. Throws AgentRefineError. */
async function answersOf(
  rejudge: string,
  models: readonly string[],
  flags: OneModel,
  { directory }: Host,
): Promise<GivenSettings> {
  if (models.length > 0)
    throw new UsageError("--rejudge buys no answers, so no model gives any", { fix: "Leave out --model." });
  const given = ANSWERING.filter((flag) => flags[flag] !== undefined);
  if (given.length > 0) {
    throw new UsageError(`the answers of ${rejudge} are there already, so nothing says who gives them`, {
      fix: `Leave out ${given.map(dashed).join(", ")}.`,
    });
  }
  const path = resolve(directory, rejudge);
  return rejudging(path, showPath(path, directory));
}

/** The settings of an evaluation among its flags, with absolute paths. */
function givenEvaluation(flags: OneModel, { directory }: Host): GivenSettings {
  const { agentboard, replay, ...rest } = played.parse(flags);
  const { suite: suites, perturb: perturbation, batch, judge: name, wikipedia, recorded } = flags;
  const judge = {
    ...(name === undefined ? {} : { name, temperature: 0, maxTokens: JUDGE_TOKENS }),
    ...defined({ baseUrl: flags.judgeBaseUrl, apiKeyEnv: flags.judgeApiKeyEnv }),
  };
  const path = (given: string | undefined): string | undefined => given && resolve(directory, given);
  return {
    ...rest,
    ...defined({ replay: path(replay), agentboard: path(agentboard), recorded: path(recorded) }),
    ...defined({ suites, perturbation, batch, wikipedia }),
    ...(Object.keys(judge).length === 0 ? {} : { judge }),
    model: givenModel(flags),
  };
}

/** Flags of which the model is one. */
type OneModel = Omit<EvaluateFlags, "model"> & { readonly model?: string };

/** Reads the flags of `evaluate` and the config file: an evaluation for each model. Throws AgentRefineError. */
export async function readCommands(
  { model: models = [], ...flags }: EvaluateFlags,
  host: Host,
): Promise<readonly EvaluateCommand[]> {
  const { evaluate: config = {} } = await loadConfig(host.directory, flags.config);
  await requirePointed(config, flags, host);
  if (flags.out === undefined) {
    throw new UsageError("no folder for the evaluation was given", { fix: "Give one with --out DIR." });
  }
  const { rejudge } = flags;
  const answered = rejudge === undefined ? {} : await answersOf(rejudge, models, flags, host);
  const isWhole = flags.suite !== undefined || flags.agent !== undefined || rejudge !== undefined;
  const folders = await foldersOf(models, resolve(host.directory, flags.out), isWhole);
  // The server of a found file is as checked above; a key that it names may be for that of another's folder.
  const { baseUrl = config.baseUrl, apiKeyEnv } = flags;
  const pointed = defined({ baseUrl, apiKeyEnv });
  return folders.map(([directory, model]) => {
    const own: OneModel = model === undefined ? flags : { ...flags, model };
    const session = sessionOf(withFlags<EvaluateConfig>(config, own), own);
    return {
      directory,
      session,
      driving: session,
      shown: showPath(directory, host.directory),
      given: { ...answered, ...givenEvaluation(own, host) },
      // The paper's: greedy (section 4.1), and 1 when a task is attempted several times (section 4.4).
      temperature: (flags.samples ?? 1) > 1 ? 1 : 0,
      // For new evaluations only.
      configured: { maxTokens: REPLY_TOKENS, ...givenModel(config) },
      pointed: flags.config === undefined ? pointed : { ...config, ...pointed },
    };
  });
}
