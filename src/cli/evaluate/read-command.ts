import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import type { EvaluateFlags } from "../../config/flags.ts";
import { loadConfig, requirePointed } from "../../config/load-config.ts";
import { givenModel } from "../../config/run-settings.ts";
import { type EvaluateConfig, playing, worlds } from "../../config/settings.ts";
import { defined } from "../../defined.ts";
import { rejudging } from "../../evaluation/plan-evaluation.ts";
import type { WantedEvaluation } from "../../evaluation/prepare-evaluation.ts";
import type { GivenSettings } from "../../evaluation/settings.ts";
import { isRun } from "../../runs/change-run.ts";
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

/** The name of a model's folder: what no file system minds of the model's own, such as `step-100` of `out/step-100`. */
function folderName(model: string): string {
  const words = model.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
  return words === "" ? "model" : words;
}

/** The evaluations of several models within a folder, which are resumed together; else the folder itself. */
async function partsOf(directory: string): Promise<readonly (readonly [directory: string])[]> {
  if (await isRun(directory)) return [[directory]];
  const names = await readdir(directory).catch(() => []);
  const inside = names.sort().map((name) => join(directory, name));
  const found = await Promise.all(inside.map(async (path) => ((await isRun(path)) ? [[path] as const] : [])));
  return found.flat().length > 0 ? found.flat() : [[directory]];
}

/**
 * One model plays in the folder that was given, and of several each in one of its own within it. `isWhole` says that
 * the folder is one evaluation, since it is told what is played in it.
 */
async function foldersOf(
  models: readonly string[],
  directory: string,
  isWhole: boolean,
): Promise<readonly (readonly [directory: string, model?: string])[]> {
  const [first, ...others] = models;
  if (first === undefined) return isWhole ? [[directory]] : partsOf(directory);
  if (others.length === 0) return [[directory, first]];
  if (await isRun(directory)) {
    throw new UsageError("several models cannot play in the folder of one evaluation", {
      fix: "Give another --out: each of them gets a folder within it.",
    });
  }
  const taken = new Map<string, string>();
  return models.map((model) => {
    const name = folderName(model);
    const other = taken.get(name.toLowerCase());
    if (other !== undefined) {
      throw new UsageError(`${other} and ${model} would both play in the folder ${name}`, {
        fix: "Evaluate them one by one, each with an --out of its own.",
      });
    }
    taken.set(name.toLowerCase(), model);
    return [join(directory, name), model];
  });
}

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
  const twice = models.find((model, place) => models.indexOf(model) !== place);
  if (twice !== undefined) {
    throw new UsageError(`the model ${twice} is given twice`, {
      fix: "Give it once; --samples N attempts each task several times.",
    });
  }
  const folders = await foldersOf(
    models,
    resolve(host.directory, flags.out),
    flags.suite !== undefined || flags.agent !== undefined || rejudge !== undefined,
  );
  // The server of a found file is as checked above; a key that it names may be for that of another's folder.
  const { baseUrl = config.baseUrl, apiKeyEnv } = flags;
  const pointed = defined({ baseUrl, apiKeyEnv });
  return folders.map(([directory, model]) => {
    const own: OneModel = model === undefined ? flags : { ...flags, model };
    const session = sessionOf(withFlags<EvaluateConfig>(config, own), own);
    return {
      ...{ directory, session, driving: session, shown: showPath(directory, host.directory) },
      given: { ...answered, ...givenEvaluation(own, host) },
      // The paper's: greedy (section 4.1), and 1 when a task is attempted several times (section 4.4).
      temperature: (flags.samples ?? 1) > 1 ? 1 : 0,
      // For new evaluations only.
      configured: { maxTokens: REPLY_TOKENS, ...givenModel(config) },
      pointed: flags.config === undefined ? pointed : { ...config, ...pointed },
    };
  });
}
