import { readWaiting } from "../batch/standing.ts";
import type { RunDriving } from "../config/driving.ts";
import {
  isBound,
  OFFLINE,
  type PartialRunSettings,
  type RunSettings,
  SHIPPED_PERSONAS,
  STANDARD_INPUT,
  synthesisOf,
} from "../config/run-settings.ts";
import { typed } from "../config/setting.ts";
import type { GenerateConfig } from "../config/settings.ts";
import { defined } from "../defined.ts";
import { requireOwnKey } from "../model/run-model.ts";
import { counted } from "../numbers.ts";
import { exists } from "../runs/atomic-file.ts";
import { beginAnew, beginIn, keepSettings } from "../runs/change-run.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import { contradiction } from "../runs/settings-difference.ts";
import { type GenerateOptions, type GenerateResult, generate, tallyByIndex } from "../synthesis/generate.ts";
import { IndexedRun } from "../synthesis/indexed-run.ts";
import { addPersonas } from "../synthesis/keep-personas.ts";
import { endedPersonas } from "../synthesis/tally.ts";
import { openRun, pricesOf, type ReadyRun } from "./open-run.ts";
import { checkSource, mostOf, selectForRun, shardOf } from "./personas-of-run.ts";
import {
  newSettings,
  type PointedKeys,
  requireDriving,
  requireFit,
  requireKnown,
  requireOwnKeys,
  runThere,
  type Surroundings,
  savedSettings,
} from "./settings-of-run.ts";

/** What is wanted of the run in a folder. */
export interface WantedRun {
  readonly given: PartialRunSettings;
  readonly driving: RunDriving;
  readonly pointed: PointedKeys;
  /** How messages name the folder; by its path when not given. */
  readonly shown?: string;
  /** Where who looked at the run may have kept an index of it, for one that has none beside it; not written. */
  readonly indexFile?: () => Promise<string | undefined>;
}

/** What a run has come to. */
export interface GeneratedRun extends GenerateResult {
  readonly run: RunFolder;
  readonly settings: RunSettings;
}

/** How a run is followed and stopped while it is at work. */
export type RunHooks = Pick<GenerateOptions, "stop" | "onStart" | "onNote">;

/** A run that is checked. Nothing has been bought, and a new one has no folder yet. */
export interface PreparedRun {
  /** An absolute path. */
  readonly directory: string;
  readonly settings: RunSettings;
  /** What writes it; undefined where nothing was left to do, which needs neither key nor model. */
  readonly opened: Omit<ReadyRun, "model" | "batches"> | undefined;
  /** Drives the run to its end, a pause or a stop. To be called once. */
  readonly start: (hooks: RunHooks) => Promise<GeneratedRun>;
}

async function driveRun(
  run: RunFolder,
  settings: RunSettings,
  opened: ReadyRun & Pick<GenerateOptions, "index">,
  { driving }: WantedRun,
  hooks: RunHooks & Pick<Surroundings, "stdin">,
): Promise<GeneratedRun> {
  const { strict = false, maxCost } = driving.options;
  const { stdin, stop, onNote = () => {}, onStart } = hooks;
  const result = await generate(run, {
    model: opened.model,
    personas: () => selectForRun(settings, { stdin, onNote }, { strict, stop }),
    shard: shardOf(settings),
    ...synthesisOf(settings),
    concurrency: opened.concurrency,
    batch: opened.batches,
    costOf: opened.costOf,
    budget: maxCost === undefined ? undefined : { maxCost, maxTokens: settings.model.maxTokens },
    retryFailed: driving.retryFailed,
    index: opened.index,
    stop,
    onNote,
    ...defined({ onStart }),
  });
  return { ...result, run, settings };
}

/** What is wanted of a run that is resumed as it was started, with what may be given anew. */
export function wantedAgain<Driven extends RunDriving>(
  driving: Driven,
  said: {
    readonly baseUrl?: string | undefined;
    readonly apiKeyEnv?: string | undefined;
    readonly writers?: GenerateConfig["writers"] | undefined;
  },
  pointed: PointedKeys,
): WantedRun & { readonly driving: Driven } {
  const { baseUrl, apiKeyEnv } = said;
  requireDriving(said.writers);
  return {
    given: { personas: {}, model: apiKeyEnv === undefined ? {} : { apiKeyEnv } },
    driving: { ...driving, ...defined({ baseUrl }) },
    pointed,
  };
}

/**
 * Prepares to resume a run as it was started: the variable of a key and what is in `driving` is all that may be
 * given. Rejects with an AgentRefineError.
 */
export async function prepareResumed(
  run: RunFolder,
  wanted: WantedRun,
  around: Surroundings,
): Promise<PreparedRun> {
  const { driving, given, pointed, indexFile } = wanted;
  const { apiKeyEnv } = given.model;
  const saved = savedSettings(run);
  const settings = apiKeyEnv === undefined ? saved : { ...saved, model: { ...saved.model, apiKeyEnv } };
  requireKnown(saved, driving);
  requireFit(saved, driving);
  const prices = await pricesOf(settings, driving, run.description.prices, around.directory);
  const index = await IndexedRun.open(run.paths, { file: await indexFile?.() });
  const { personas, tally } = await tallyByIndex(run.paths, index, prices.costOf);
  const pending = personas - endedPersonas(tally);
  const retries = driving.retryFailed ? tally.outcomes.failed : 0;
  const waiting = (await readWaiting(run.paths)).batches;
  const { directory } = run;
  if (personas > 0 && pending + retries + waiting === 0) {
    const ended = { run, settings, personas, tally, pending, pause: undefined };
    return { directory, settings, opened: undefined, start: async () => ended };
  }
  const { env, stdin } = around;
  const baseUrl = driving.baseUrl ?? given.model.baseUrl;
  requireOwnKey(saved.model, { baseUrl, apiKeyEnv: pointed.apiKeyEnv }, env);
  requireOwnKeys(saved, driving, pointed, env);
  if (!(await exists(run.paths.personas))) await checkSource(settings.personas.source);
  const opened = { ...(await openRun(settings, { driving, env, prices, spent: tally.cost ?? 0 })), index };
  const start: PreparedRun["start"] = (hooks) => driveRun(run, settings, opened, wanted, { ...hooks, stdin });
  return { directory, settings, opened, start };
}

/** Adds the personas to a run that its source has now and it has not, as far as its settings let it grow. */
async function grow(
  run: RunFolder,
  settings: RunSettings,
  { options: { strict = false } }: RunDriving,
  around: Surroundings,
): Promise<void> {
  const { source } = settings.personas;
  if (source === STANDARD_INPUT || !(await exists(run.paths.personas))) return;
  if (source !== SHIPPED_PERSONAS && !(await exists(source))) return;
  const { signal: stop } = new AbortController();
  const { onNote } = around;
  const added = await addPersonas(run, selectForRun(settings, around, { strict, stop, quiet: true }), {
    most: mostOf(settings),
    shard: shardOf(settings),
    onNote,
  });
  if (added > 0) onNote(`Added ${counted(added, "persona")} that the run did not have.`);
}

/** What is said of a server and has no part in this run: of none is asked, or its replies are left free. */
function tellUnused({ model, writers }: RunSettings, onNote: Surroundings["onNote"]): void {
  const ofAll = ["name", "maxTokens", "stream", "structured"];
  const said = Object.keys(model).filter((key) => !ofAll.includes(key));
  if (writers === undefined && model.name === OFFLINE && said.length > 0) {
    const flags = said.map((key) => (key === "headers" ? "--header" : `--${typed(key)}`));
    onNote(`The built-in author asks no server, so this has no part in the run: ${flags.join(", ")}.`);
  } else if (model.server !== undefined && !isBound({ model, ...defined({ writers }) }))
    onNote(
      "--server says how replies are bound, and none is without --structured: it has no part in the run.",
    );
}

async function prepareNew(directory: string, wanted: WantedRun, around: Surroundings): Promise<PreparedRun> {
  const { given, driving } = wanted;
  const settings = await newSettings(given);
  requireFit(settings, driving);
  const { env, stdin, now, onNote } = around;
  const prices = await pricesOf(settings, driving, undefined, around.directory);
  const opened = await openRun(settings, { driving, env, prices, spent: 0 });
  tellUnused(settings, onNote);
  const { shard, nearDuplicates } = settings.personas;
  if (shard !== undefined && nearDuplicates !== undefined) {
    onNote(
      "Every shard looks for near-duplicates in all personas: `agentrefine personas select` once before is cheaper.",
    );
  }
  const start: PreparedRun["start"] = (hooks) =>
    beginIn(directory, { settings, price: prices.saved, now: now() }, (run) =>
      driveRun(run, settings, opened, wanted, { ...hooks, stdin }),
    );
  return { directory, settings, opened, start };
}

/**
 * Prepares the run in a folder: begins it when the folder is none yet; else resumes it as it was started, lets it grow,
 * or begins it anew when no reply was bought for it. `directory` is an absolute path. Rejects with an
 * AgentRefineError for settings that do not fit together or contradict those of the folder.
 */
export async function prepareRun(
  directory: string,
  wanted: WantedRun,
  around: Surroundings,
): Promise<PreparedRun> {
  const { given, driving, shown = directory } = wanted;
  const there = await runThere(directory, given);
  if (there === undefined) return prepareNew(directory, wanted, around);
  const { now, onNote } = around;
  const { run, saved, settings: together, contradictions, grows } = there;
  if (contradictions.length === 0) {
    // The personas first: whoever is killed in between has more of them than the settings say, which are kept.
    await grow(run, together, driving, around);
    return prepareResumed(grows ? await keepSettings(run, together, onNote) : run, wanted, around);
  }
  const settings = await newSettings({ ...given, model: { ...saved.model, ...given.model } });
  const { saved: price } = await pricesOf(settings, driving, undefined, around.directory);
  const anew = await beginAnew(run, { settings, price, now: now() }, onNote);
  if (anew === undefined) throw contradiction(shown, contradictions, "resume");
  onNote("No reply had been bought for this run, so it begins anew with these settings.");
  return prepareResumed(anew, wanted, around);
}
