import { resolve } from "node:path";
import { requireWhole } from "../batch/open-batches.ts";
import { lowered, type RunDriving, requireBatched } from "../config/driving.ts";
import {
  completeRun,
  givenRun,
  isBatched,
  type ModelChoice,
  OFFLINE,
  type PartialRunSettings,
  type RunSettings,
  runSettingsSchema,
  STANDARD_INPUT,
  type WriterChoice,
} from "../config/run-settings.ts";
import type { GenerateConfig } from "../config/settings.ts";
import type { WriterConfig } from "../config/writers.ts";
import { defined } from "../defined.ts";
import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";
import { requireOwnKey } from "../model/run-model.ts";
import { shellWord } from "../printable.ts";
import { isRun } from "../runs/change-run.ts";
import { openRunFolder, type RunFolder } from "../runs/run-folder.ts";
import { type Differences, differencesOf } from "../runs/settings-difference.ts";
import { chosenShard } from "../runs/shard.ts";
import { pairingsOf } from "../synthesis/writers.ts";
import { checkSource, type PersonaInput } from "./personas-of-run.ts";

// The settings of a run: those given, those of a new one, those saved, and the given ones over the saved.

/** The settings of a run among those that were given, with absolute paths. Throws AgentRefineError. */
export function settingsGiven(
  config: GenerateConfig & { readonly personas?: string },
  { env, directory }: Pick<Surroundings, "env" | "directory">,
): PartialRunSettings {
  const { personas, shard, batchFiles } = config;
  const absolute = {
    ...config,
    ...defined({ shard: shard && chosenShard(shard, env) }),
    ...defined({ batchFiles: batchFiles && resolve(directory, batchFiles) }),
  };
  const isPath = personas !== undefined && personas !== STANDARD_INPUT;
  return givenRun(absolute, isPath ? resolve(directory, personas) : personas);
}

/** The settings of a new run. Throws AgentRefineError. */
export async function newSettings(given: PartialRunSettings): Promise<RunSettings> {
  const { name } = given.model;
  if (name === undefined) {
    throw new AgentRefineError("no model was given", {
      fix: "Give one with --model NAME; `--model offline` needs no key.",
    });
  }
  const settings = completeRun(given, name);
  if (given.offlineFaults !== undefined && !namesIn(settings).includes(OFFLINE))
    throw new AgentRefineError("--offline-faults is for `--model offline` only", { fix: "Leave it out." });
  if (settings.writers !== undefined) pairingsOf(settings.writers);
  if (isBatched(settings)) requireBatchable(settings);
  const { writers = { [name]: settings.model } } = settings;
  if (writers[OFFLINE] !== undefined && (writers[OFFLINE].structured ?? settings.model.structured) === true)
    throw new AgentRefineError("the built-in author is bound to nothing, so --structured is not for it", {
      fix: "Leave it out, or say structured=off of the writer offline.",
    });
  await checkSource(settings.personas.source);
  return settings;
}

/** The checked settings of a run. Throws AgentRefineError. */
export function savedSettings({ directory, description }: RunFolder): RunSettings {
  const parsed = runSettingsSchema.safeParse(description.settings);
  if (parsed.success) return parsed.data;
  throw description.settings.kind === "evaluation"
    ? new AgentRefineError(`${directory} is an evaluation`, {
        fix: `Resume it: agentrefine evaluate --out ${directory}`,
      })
    : new AgentRefineError(`the settings in ${directory}/run.json cannot be used`, {
        fix: "Use the version of agentrefine that started the run.",
      });
}

/** Saved writers with the given ones over them, when they are the same; the variable of a key shapes nothing. */
function withGivenWriters(
  { writers: saved = {} }: RunSettings,
  { writers: given }: PartialRunSettings,
): Pick<PartialRunSettings, "writers"> {
  if (given === undefined) return {};
  const all = Object.entries(given).map(([name, { apiKeyEnv: _shapesNothing, ...writer }]) => [
    name,
    { ...saved[name], ...writer },
  ]);
  return { writers: Object.fromEntries(all) };
}

/** Saved settings with the given ones over them. */
function withGiven(saved: RunSettings, given: PartialRunSettings): RunSettings {
  const { apiKeyEnv: _shapesNothing, ...model } = given.model;
  return {
    ...saved,
    ...given,
    ...withGivenWriters(saved, given),
    personas: { ...saved.personas, ...given.personas },
    model: { ...saved.model, ...model },
  };
}

// How a run and each of its writers are asked and driven: what is said of a writer, over what is said of all.

/** Which keys the user has named himself, and not a file that was found in a folder, which may be somebody else's. */
export type PointedKeys = Pick<GenerateConfig, "apiKeyEnv" | "writers">;

/** Where a run is prepared: what of the outside that touches. */
export interface Surroundings extends PersonaInput {
  /** With the keys of servers. */
  readonly env: Env;
  /** Where relative paths begin: an absolute one. */
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Whether a writer has a server of its own, to which nothing goes that is said of the server of all. */
function isElsewhere({ baseUrl, provider }: WriterChoice): boolean {
  return baseUrl !== undefined || provider !== undefined;
}

/** How one writer of a run is asked: what is its own over what holds for all, whose server is not that of one elsewhere. */
export function choiceOf({ model }: RunSettings, name: string, writer: WriterChoice): ModelChoice {
  const { share: _share, for: _for, ...own } = writer;
  const { baseUrl: _url, apiKeyEnv: _key, headers: _headers, provider: _protocol, ...asked } = model;
  return { ...(isElsewhere(writer) ? asked : model), ...own, name };
}

/** What was said of a writer for this part of the run. */
export function sayingOf({ options }: Pick<RunDriving, "options">, name: string): WriterConfig {
  return options.writers?.[name] ?? {};
}

/** How a run is driven as far as one of its writers goes. */
export function drivingOfWriter(
  { writers = {} }: RunSettings,
  driving: RunDriving,
  name: string,
): RunDriving {
  const { concurrency, price, headers, baseUrl } = sayingOf(driving, name);
  const { baseUrl: ofAll, ...others } = driving;
  const address = baseUrl ?? (isElsewhere(writers[name] ?? {}) ? undefined : ofAll);
  const { price: _ofAll, ...options } = driving.options;
  return {
    ...others,
    options: {
      ...options,
      ...defined({ concurrency, price }),
    },
    headers: { ...driving.headers, ...lowered(headers) },
    ...defined({ baseUrl: address }),
  };
}

// What the flags of one part of a run cannot say of it: of its batches, and of its writers.

/**
 * Refuses what is said of the batches of a run without them, and what is said for all writers and would send a secret of
 * one server to others, or price all alike.
 */
export function requireFit(settings: RunSettings, driving: RunDriving): void {
  requireBatched(isBatched(settings), driving, "begin a run with --batch or --batch-files");
  const { model, writers } = settings;
  const { options, baseUrl } = driving;
  if (writers === undefined) return;
  const give = (what: string): string => `Give each writer its own, such as --writer "NAME ${what}".`;
  if (options.price !== undefined)
    throw new AgentRefineError("--price is of one model, and there are several", {
      fix: give("price=2.5,10"),
    });
  if (model.baseUrl !== undefined) return;
  if (baseUrl !== undefined)
    throw new AgentRefineError("--base-url moves the server of all writers, and they have none in common", {
      fix: give("base-url=http://…"),
    });
  if (model.apiKeyEnv !== undefined)
    throw new AgentRefineError("--api-key-env is for one server, and the writers may have several", {
      fix: `${give(`api-key-env=${model.apiKeyEnv}`)} Or give the --base-url of all.`,
    });
  if (model.headers !== undefined)
    throw new AgentRefineError("--header is for one server, and the writers may have several", {
      fix: "Give it with its writer in a config file, or give the --base-url of all.",
    });
}

/** What may be said of a writer when its run is resumed. */
const AT_RESUME: readonly string[] = ["baseUrl", "apiKeyEnv", "headers", "concurrency", "price"];

/** Refuses what a flag of `resume` says of a writer and cannot be changed any more. */
export function requireDriving(flags: Readonly<Record<string, WriterConfig>> | undefined): void {
  for (const [name, said] of Object.entries(flags ?? {})) {
    const fixed = Object.keys(said).find((key) => !AT_RESUME.includes(key));
    if (fixed === undefined) continue;
    throw new AgentRefineError(`the ${fixed} of the writer ${name} was fixed when the run was started`, {
      fix: "Of a writer, resume takes base-url, api-key-env, concurrency and price.",
    });
  }
}

/** Refuses what is said of a writer that the run has not. */
export function requireKnown({ writers = {} }: RunSettings, { options }: RunDriving): void {
  const unknown = Object.keys(options.writers ?? {}).find((name) => !Object.hasOwn(writers, name));
  if (unknown === undefined) return;
  const names = Object.keys(writers).join(", ");
  throw new AgentRefineError(`the run has no writer ${unknown}${names === "" ? "" : `; it has ${names}`}`, {
    fix: "Leave it out, or start a new run in another folder.",
  });
}

/** Refuses to send keys to servers that only the folder names: see {@link requireOwnKey}. */
export function requireOwnKeys(
  { writers = {} }: RunSettings,
  driving: RunDriving,
  pointed: PointedKeys,
  env: Env,
): void {
  for (const [name, saved] of Object.entries(writers)) {
    requireOwnKey(
      saved,
      { baseUrl: sayingOf(driving, name).baseUrl, apiKeyEnv: pointed.writers?.[name]?.apiKeyEnv },
      env,
      (key) => `--writer ${shellWord(`${name} api-key-env=${key}`)}`,
    );
  }
}

/** Refuses runs that cannot be asked in batches. Throws AgentRefineError. */
export function requireBatchable({
  model,
  writers,
  batch,
  batchFiles,
}: Pick<RunSettings, "model" | "batch" | "batchFiles" | "writers">): void {
  const refuse = (
    problem: string,
    fix = `Leave ${batchFiles === undefined ? "--batch" : "--batch-files"} out.`,
  ): never => {
    throw new AgentRefineError(problem, { fix });
  };
  if (batch === true && batchFiles !== undefined)
    refuse("--batch asks a service and --batch-files writes files", "Give one of the two.");
  if (writers !== undefined) refuse("several writers cannot be asked in batches in one run");
  if (model.name === OFFLINE && batchFiles === undefined)
    refuse("the offline author has no batch service", "It answers files: --batch-files DIR.");
  requireWhole(model);
}

export function namesIn({ model, writers }: RunSettings): readonly string[] {
  return writers === undefined ? [model.name] : Object.keys(writers);
}

/** The run that is in a folder, with the settings that it is to have now; undefined when there is none. */
export async function runThere(
  directory: string,
  given: PartialRunSettings,
): Promise<
  | ({ readonly run: RunFolder; readonly saved: RunSettings; readonly settings: RunSettings } & Differences)
  | undefined
> {
  if (!(await isRun(directory))) return undefined;
  const run = await openRunFolder(directory);
  const saved = savedSettings(run);
  const settings = withGiven(saved, given);
  return { run, saved, settings, ...differencesOf(saved, settings) };
}
