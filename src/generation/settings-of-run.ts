import { resolve } from "node:path";
import {
  completeRun,
  givenRun,
  isBatched,
  OFFLINE,
  type PartialRunSettings,
  type RunSettings,
  runSettingsSchema,
  STANDARD_INPUT,
} from "../config/run-settings.ts";
import type { GenerateConfig } from "../config/settings.ts";
import { defined } from "../defined.ts";
import { AgentRefineError } from "../errors.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import { chosenShard } from "../runs/shard.ts";
import { pairingsOf } from "../synthesis/writers.ts";
import type { Surroundings } from "./driving.ts";
import { checkSource } from "./personas-of-run.ts";
import { namesIn } from "./prices-of-run.ts";
import { requireBatchable } from "./refusals.ts";

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
export function withGiven(saved: RunSettings, given: PartialRunSettings): RunSettings {
  const { apiKeyEnv: _shapesNothing, ...model } = given.model;
  return {
    ...{ ...saved, ...given, ...withGivenWriters(saved, given) },
    personas: { ...saved.personas, ...given.personas },
    model: { ...saved.model, ...model },
  };
}
