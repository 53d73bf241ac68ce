import { resolve } from "node:path";
import { readWaiting } from "../../batch/standing.ts";
import type { GenerateFlags, ResumeFlags } from "../../config/flags.ts";
import { loadConfig } from "../../config/load-config.ts";
import {
  completeRun,
  givenRun,
  isBatched,
  OFFLINE,
  type PartialRunSettings,
  type RunSettings,
  runSettingsSchema,
  SHIPPED_PERSONAS,
  STANDARD_INPUT,
  synthesisOf,
} from "../../config/run-settings.ts";
import type { GenerateConfig } from "../../config/settings.ts";
import { requireOwnKey } from "../../model/run-model.ts";
import { counted } from "../../numbers.ts";
import { exists } from "../../runs/atomic-file.ts";
import { beginAnew, hasReplies, isRun, keepSettings } from "../../runs/change-run.ts";
import { openRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { differencesOf } from "../../runs/settings-difference.ts";
import { chosenShard } from "../../runs/shard.ts";
import { generate, tallyOf } from "../../synthesis/generate.ts";
import { addPersonas } from "../../synthesis/keep-personas.ts";
import { endedPersonas } from "../../synthesis/tally.ts";
import { pairingsOf } from "../../synthesis/writers.ts";
import { asUsage, type ExitCode, UsageError } from "../failure.ts";
import { drive } from "../run/drive.ts";
import { beginIn, contradiction } from "../run/folder.ts";
import { indexOptions } from "../run/indexed.ts";
import { requireBatchable } from "../run/open-batches.ts";
import { type Session, sessionOf, withFlags } from "../run/session.ts";
import { type CliContext, type Host, showPath } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";
import { finishRun, progressOfRun } from "./finish-run.ts";
import { openRun, type ReadyRun } from "./open-run.ts";
import { checkSource, mostOf, selectForRun, shardOf } from "./personas-of-run.ts";
import { namesIn, pricesOf } from "./prices-of-run.ts";
import { requireDriving, requireFit, requireKnown, requireOwnKeys } from "./refusals.ts";

interface GenerateCommand {
  readonly config: GenerateConfig;
  readonly session: Session;
  readonly given: PartialRunSettings;
  /** An absolute path. */
  readonly directory: string;
}

async function readCommand(
  flags: GenerateFlags,
  personas: string | undefined,
  host: Host,
): Promise<GenerateCommand> {
  const file = await loadConfig(host.directory, flags.config);
  const settings = withFlags<GenerateConfig>(file.generate ?? {}, flags);
  const { shard } = settings;
  const config = {
    ...settings,
    ...(personas === undefined ? {} : { personas }),
    ...(shard === undefined ? {} : { shard: chosenShard(shard, host.env) }),
  };
  if (config.out === undefined) {
    throw new UsageError("no folder for the run was given", {
      fix: "Give one with --out DIR, or in a config file.",
    });
  }
  const { personas: named, batchFiles } = config;
  const files = batchFiles === undefined ? {} : { batchFiles: resolve(host.directory, batchFiles) };
  const source = named === undefined || named === STANDARD_INPUT ? named : resolve(host.directory, named);
  return {
    config,
    session: sessionOf(config, flags),
    given: givenRun({ ...config, ...files }, source),
    directory: resolve(host.directory, config.out),
  };
}

/** The settings of a new run. Throws AgentRefineError. */
async function newSettings(given: PartialRunSettings): Promise<RunSettings> {
  const { name } = given.model;
  if (name === undefined) {
    throw new UsageError("no model was given", {
      fix: "Give one with --model NAME; `--model offline` needs no key.",
    });
  }
  const settings = completeRun(given, name);
  if (given.offlineFaults !== undefined && !namesIn(settings).includes(OFFLINE))
    throw new UsageError("--offline-faults is for `--model offline` only", { fix: "Leave it out." });
  if (settings.writers !== undefined) pairingsOf(settings.writers);
  if (isBatched(settings)) requireBatchable(settings);
  const { writers = { [name]: settings.model } } = settings;
  if (writers[OFFLINE] !== undefined && (writers[OFFLINE].structured ?? settings.model.structured) === true)
    throw new UsageError("the built-in author is bound to nothing, so --structured is not for it", {
      fix: "Leave it out, or say structured=off of the writer offline.",
    });
  await checkSource(settings.personas.source);
  return settings;
}

/** Drives a run and tells what came of it. */
async function driveRun(
  run: RunFolder,
  settings: RunSettings,
  session: Session,
  opened: ReadyRun,
  host: Host,
): Promise<ExitCode> {
  const { strict = false, maxCost } = session.options;
  const { file: indexFile } = await indexOptions(run.directory, host);
  const work = {
    ...{ run, session, opened, piece: "persona" },
    start: ({ stop, onNote, onStart }: Parameters<Parameters<typeof drive>[0]["start"]>[0]) =>
      generate(run, {
        model: opened.model,
        personas: () => selectForRun(settings, host, { strict, stop }),
        shard: shardOf(settings),
        ...synthesisOf(settings),
        concurrency: opened.concurrency,
        batch: opened.batches,
        costOf: opened.costOf,
        budget: maxCost === undefined ? undefined : { maxCost, maxTokens: settings.model.maxTokens },
        retryFailed: session.retryFailed,
        indexFile,
        stop,
        onNote,
        onStart: ({ personas, tally, batches }) =>
          onStart(() => ({ total: personas, ...progressOfRun(tally()), batches: batches?.() })),
      }),
  };
  const { result, seconds, written, stopped } = await drive(work, host);
  const interrupted = stopped && result.pending > 0;
  return finishRun({ run, settings, session, result, seconds, written, interrupted }, host);
}

/** The checked settings of a run. Throws UsageError. */
function settingsOf({ directory, description }: RunFolder): RunSettings {
  const parsed = runSettingsSchema.safeParse(description.settings);
  if (parsed.success) return parsed.data;
  throw description.settings.kind === "evaluation"
    ? new UsageError(`${directory} is an evaluation`, {
        fix: `Resume it: agentrefine evaluate --out ${directory}`,
      })
    : new UsageError(`the settings in ${directory}/run.json cannot be used`, {
        fix: "Use the version of agentrefine that started the run.",
      });
}

/** Resumes a run, or tells what came of one that is finished; that needs neither key nor model. */
async function resumeRun(
  run: RunFolder,
  session: Session,
  host: Host,
  apiKeyEnv: string | undefined,
): Promise<ExitCode> {
  const saved = settingsOf(run);
  const settings = apiKeyEnv === undefined ? saved : { ...saved, model: { ...saved.model, apiKeyEnv } };
  const prices = await asUsage(async () => {
    requireKnown(saved, session);
    requireFit(saved, session);
    return pricesOf(settings, session, run.description.prices, host.directory);
  });
  const { personas, tally } = await tallyOf(
    run.paths,
    prices.costOf,
    await indexOptions(run.directory, host),
  );
  const pending = personas - endedPersonas(tally);
  const retries = session.retryFailed ? tally.outcomes.failed : 0;
  const waiting = (await readWaiting(run.paths)).batches;
  if (personas > 0 && pending + retries + waiting === 0) {
    tell(host.stderr, `${showPath(run.directory, host.directory)} is finished; nothing was left to do.`);
    const result = { personas, tally, pending, pause: undefined };
    return finishRun({ run, settings, session, result, seconds: 0, written: 0, interrupted: false }, host);
  }
  const opened = await asUsage(async () => {
    requireOwnKey(saved.model, { baseUrl: session.baseUrl, apiKeyEnv });
    requireOwnKeys(saved, session);
    if (!(await exists(run.paths.personas))) await checkSource(settings.personas.source);
    return openRun(settings, session, { prices, spent: tally.cost ?? 0 }, host);
  });
  return driveRun(run, settings, session, opened, host);
}

/** Adds the personas to a run that its source has now and it has not, as far as its settings let it grow. */
async function grow(run: RunFolder, settings: RunSettings, session: Session, host: Host): Promise<void> {
  const { source } = settings.personas;
  if (source === STANDARD_INPUT || !(await exists(run.paths.personas))) return;
  if (source !== SHIPPED_PERSONAS && !(await exists(source))) return;
  const strict = session.options.strict === true;
  const never = new AbortController().signal;
  const added = await addPersonas(run, selectForRun(settings, host, { strict, stop: never, quiet: true }), {
    most: mostOf(settings),
    shard: shardOf(settings),
    onNote: (line) => tell(host.stderr, line),
  });
  if (added > 0) tell(host.stderr, `Added ${counted(added, "persona")} that the run did not have.`);
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
    ...{ ...saved, ...given, ...withGivenWriters(saved, given) },
    personas: { ...saved.personas, ...given.personas },
    model: { ...saved.model, ...model },
  };
}

/** Resumes the run that is in the folder: as it was started, grown, or anew when no reply was bought for it. */
async function resumeIn(
  { config, session, given, directory }: GenerateCommand,
  host: Host,
): Promise<ExitCode> {
  const run = await asUsage(() => openRunFolder(directory));
  const saved = settingsOf(run);
  const together = withGiven(saved, given);
  const { contradictions, grows } = differencesOf(saved, together);
  if (contradictions.length === 0) {
    // The personas first: whoever is killed in between has more of them than the settings say, which are kept.
    await asUsage(() => grow(run, together, session, host));
    const grown = grows ? await keepSettings(run, together, (line) => tell(host.stderr, line)) : run;
    return resumeRun(grown, session, host, config.apiKeyEnv);
  }
  const settings = await asUsage(() => newSettings({ ...given, model: { ...saved.model, ...given.model } }));
  const { saved: price } = await asUsage(() => pricesOf(settings, session, undefined, host.directory));
  const anew = await beginAnew(run, { settings, price, now: host.now() }, (line) => tell(host.stderr, line));
  if (anew === undefined) throw contradiction(run.directory, contradictions, "resume", host);
  tell(host.stderr, "No reply had been bought for this run, so it begins anew with these settings.");
  return resumeRun(anew, session, host, config.apiKeyEnv);
}

async function begin({ session, given, directory }: GenerateCommand, host: Host): Promise<ExitCode> {
  const { settings, prices, opened } = await asUsage(async () => {
    const settings = await newSettings(given);
    requireFit(settings, session);
    const prices = await pricesOf(settings, session, undefined, host.directory);
    return { settings, prices, opened: await openRun(settings, session, { prices, spent: 0 }, host) };
  });
  const { shard, nearDuplicates } = settings.personas;
  if (shard !== undefined && nearDuplicates !== undefined) {
    tell(
      host.stderr,
      "Every shard looks for near-duplicates in all personas: `agentrefine personas select` once before is cheaper.",
    );
  }
  if (settings.personas.source === SHIPPED_PERSONAS) {
    tell(
      host.stderr,
      "No personas were given, so those that come with agentrefine are used (data/personas.jsonl).",
    );
  }
  return beginIn(directory, { settings, price: prices.saved, now: host.now() }, (run) =>
    driveRun(run, settings, session, opened, host),
  );
}

/** What a command would begin, or what it would do to the run that is in its folder. Throws as the command would. */
async function rehearsed({ session, given, directory }: GenerateCommand, host: Host) {
  const { json } = session;
  const run = (await isRun(directory)) ? await openRunFolder(directory) : undefined;
  if (run !== undefined) {
    const saved = settingsOf(run);
    const settings = withGiven(saved, given);
    const { contradictions } = differencesOf(saved, settings);
    if (contradictions.length === 0)
      return {
        settings,
        prices: await pricesOf(settings, session, run.description.prices, host.directory),
        run,
        json,
      };
    if (await hasReplies(run)) throw contradiction(run.directory, contradictions, "resume", host);
  }
  const settings = await newSettings(given);
  requireFit(settings, session);
  const prices = await pricesOf(settings, session, undefined, host.directory);
  return { settings, prices, run: undefined, json };
}

/** `agentrefine generate`: begins a run, or resumes one. */
export async function runGenerate(this: CliContext, flags: GenerateFlags, personas?: string): Promise<void> {
  const { host } = this;
  const command = await asUsage(() => readCommand(flags, personas, host));
  if (flags.dryRun === true) {
    const { dryRun } = await import("./dry-run.ts");
    return dryRun(await asUsage(() => rehearsed(command, host)), host);
  }
  this.process.exitCode = (await isRun(command.directory))
    ? await resumeIn(command, host)
    : await begin(command, host);
}

/** `agentrefine resume`: resumes a run with the settings that it was started with. */
export async function runResume(this: CliContext, flags: ResumeFlags, directory: string): Promise<void> {
  const { host } = this;
  const { run, config } = await asUsage(async () => {
    const file = await loadConfig(host.directory, flags.config);
    return {
      run: await openRunFolder(resolve(host.directory, directory)),
      config: withFlags<GenerateConfig>(file.generate ?? {}, flags),
    };
  });
  const { baseUrl, writers } = flags;
  await asUsage(async () => requireDriving(writers));
  const session = { ...sessionOf(config, flags), ...(baseUrl === undefined ? {} : { baseUrl }) };
  this.process.exitCode = await resumeRun(run, session, host, config.apiKeyEnv);
}
