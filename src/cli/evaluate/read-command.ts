import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import type { EvaluateFlags } from "../../config/flags.ts";
import { loadConfig, requirePointed } from "../../config/load-config.ts";
import { givenModel, type ModelChoice } from "../../config/run-settings.ts";
import { didYouMean } from "../../config/setting.ts";
import { type EvaluateConfig, playing, worlds } from "../../config/settings.ts";
import { SUITE_NAMES } from "../../environment/suites.ts";
import { SUITE_GROUPS } from "../../evaluation/choose-suites.ts";
import type { GivenSettings } from "../../evaluation/settings.ts";
import { isRun } from "../../runs/change-run.ts";
import { UsageError } from "../failure.ts";
import { type Session, sessionOf, withFlags } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";
import { rejudging } from "./rejudge.ts";

/** What a command line says. */
export interface EvaluateCommand {
  /** An absolute path. */
  readonly directory: string;
  /** What its flags say. */
  readonly given: GivenSettings;
  /**
   * What the config file says of the model that plays, for new evaluations only.
   */
  readonly configured: Partial<ModelChoice>;
  /** Where the user has pointed a key to: not what a config file that was found says of it. */
  readonly pointed: Pick<EvaluateConfig, "baseUrl" | "apiKeyEnv">;
  /** The paper's where none is given: greedy (section 4.1), and 1 when a task is attempted several times (section 4.4). */
  readonly temperature: number;
  readonly session: Session;
}

/** Tokens that suffice for a thought and an action, with room for models that think at length. */
const REPLY_TOKENS = 1024;

/** Tokens of a verdict, as FastChat asks for them. */
const JUDGE_TOKENS = 2048;

const played = z.object({ ...worlds, ...playing });

/** The settings of an evaluation among its flags, with absolute paths. */
function givenEvaluation(flags: OneModel, host: Host): GivenSettings {
  const { agentboard, replay, ...rest } = played.parse(flags);
  const {
    suite,
    perturb: perturbation,
    batch,
    judge,
    judgeBaseUrl,
    judgeApiKeyEnv,
    wikipedia,
    recorded,
  } = flags;
  const graded = {
    ...(judge === undefined ? {} : { name: judge, temperature: 0, maxTokens: JUDGE_TOKENS }),
    ...(judgeBaseUrl === undefined ? {} : { baseUrl: judgeBaseUrl }),
    ...(judgeApiKeyEnv === undefined ? {} : { apiKeyEnv: judgeApiKeyEnv }),
  };
  return {
    ...rest,
    ...(replay === undefined ? {} : { replay: resolve(host.directory, replay) }),
    ...(agentboard === undefined ? {} : { agentboard: resolve(host.directory, agentboard) }),
    ...(suite === undefined ? {} : { suites: parseSuites(suite, [...SUITE_NAMES, ...SUITE_GROUPS]) }),
    ...(perturbation === undefined ? {} : { perturbation }),
    ...(batch === undefined ? {} : { batch }),
    ...(wikipedia === undefined ? {} : { wikipedia }),
    ...(recorded === undefined ? {} : { recorded: resolve(host.directory, recorded) }),
    ...(Object.keys(graded).length === 0 ? {} : { judge: graded }),
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
  if (rejudge !== undefined && models.length > 0) {
    throw new UsageError("--rejudge buys no answers, so no model gives any", { fix: "Leave out --model." });
  }
  const answered = rejudge === undefined ? {} : await rejudging(rejudge, flags, host);
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
  const pointed = {
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
  };
  return folders.map(([directory, model]) => {
    const own: OneModel = model === undefined ? flags : { ...flags, model };
    return {
      directory,
      given: { ...answered, ...givenEvaluation(own, host) },
      temperature: (flags.samples ?? 1) > 1 ? 1 : 0,
      configured: { maxTokens: REPLY_TOKENS, ...givenModel(config) },
      pointed: flags.config === undefined ? pointed : { ...config, ...pointed },
      session: sessionOf(withFlags<EvaluateConfig>(config, own), own),
    };
  });
}

/** The names in a list such as `pddl,babyai`, each once. Throws UsageError for one that is not known. */
export function parseSuites(text: string, known = SUITE_NAMES): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  return [...new Set(names)].map((name) => {
    if (known.includes(name)) return name;
    throw new UsageError(`there is no suite "${name}"${didYouMean(name, known)}`, {
      fix: `The suites are ${known.join(", ")}.`,
    });
  });
}
