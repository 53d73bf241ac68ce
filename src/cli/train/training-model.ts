import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { highestTokenId, readTokenizerFolder, tokenizerHash } from "../../tokens/tokenizer-folder.ts";
import { type ModelConfiguration, readModelConfiguration } from "../../training/model-configuration.ts";
import { billionsInName } from "../../training/recipe.ts";
import { exists } from "../is-run.ts";
import { trainWords } from "../train-words.ts";
import { UsageError } from "../usage-error.ts";
import type { TrainFlags } from "./train-flags.ts";

/** The model of a training, and the tokenizer that goes with it. */
export interface TrainingModel {
  /** The model's folder as an absolute path, since the engine works elsewhere; or its id. */
  readonly name: string;
  /** The tokenizer folder as an absolute path. */
  readonly tokenizer: string;
  /** Thousands of millions of parameters: what was given, else what its name or its `config.json` tells. */
  readonly billions: number | undefined;
}

/** A model in a folder of this machine. */
interface LocalModel extends ModelConfiguration {
  /** As it was given. */
  readonly shown: string;
  readonly path: string;
  readonly hasTokenizer: boolean;
}

/** An id of the Hugging Face hub. */
const HUB_ID = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)?$/;

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** The model in a folder; undefined when it is an id. */
async function localModel(shown: string, directory: string): Promise<LocalModel | undefined> {
  const path = resolve(directory, shown);
  if (!(await exists(path))) {
    if (HUB_ID.test(shown)) return undefined;
    throw new UsageError(trainWords.noModel(shown), { fix: trainWords.noModelFix });
  }
  if (!(await isFile(join(path, "config.json")))) {
    throw new UsageError(trainWords.notAModel(shown), { fix: trainWords.notAModelFix });
  }
  const hasTokenizer = await isFile(join(path, "tokenizer.json"));
  return { ...(await readModelConfiguration(path)), shown, path, hasTokenizer };
}

/** LLaMA-Factory has no setting for a tokenizer that stands elsewhere than the model, and finds that out late. */
async function requireOwnTokenizer({ shown, path }: LocalModel): Promise<void> {
  if (await isFile(join(path, "tokenizer_config.json"))) return;
  throw new UsageError(trainWords.otherTokenizer(shown), { fix: trainWords.otherTokenizerFix });
}

/** Refuses a tokenizer whose ids mean something else to the model, or nothing. */
async function requireFitting(given: string, path: string, model: LocalModel): Promise<void> {
  const { shown, vocabulary } = model;
  if (model.hasTokenizer) {
    if ((await tokenizerHash(path)) === (await tokenizerHash(model.path))) return;
    throw new UsageError(trainWords.notItsTokenizer(given, shown), { fix: trainWords.notItsTokenizerFix });
  }
  const highest = highestTokenId(await readTokenizerFolder(path));
  if (vocabulary === undefined || highest < vocabulary) return;
  throw new UsageError(trainWords.tooManyTokens(given, highest, shown, vocabulary), {
    fix: trainWords.tooManyTokensFix,
  });
}

async function tokenizerOf(
  given: string | undefined,
  model: LocalModel | undefined,
  directory: string,
): Promise<string> {
  if (given !== undefined) {
    const path = resolve(directory, given);
    await readTokenizerFolder(path);
    if (model !== undefined) await requireFitting(given, path, model);
    return path;
  }
  if (model?.hasTokenizer !== true) {
    throw new UsageError(trainWords.noTokenizer, { fix: trainWords.noTokenizerFix });
  }
  await readTokenizerFolder(model.path);
  return model.path;
}

/**
 * Finds the model and the tokenizer of a training, and makes sure that they fit together where that can be known.
 *
 * @throws AgentRefineError when one is missing, or they do not
 */
export async function trainingModel(flags: TrainFlags, directory: string): Promise<TrainingModel> {
  const local = await localModel(flags.model, directory);
  if (flags.engine === "llamafactory" && local !== undefined) await requireOwnTokenizer(local);
  const name = local?.path ?? flags.model;
  return {
    name,
    tokenizer: await tokenizerOf(flags.tokenizer, local, directory),
    billions: flags.size ?? billionsInName(name) ?? local?.billions,
  };
}
