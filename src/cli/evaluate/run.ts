import type { Agent } from "../../agent/agent.ts";
import type { EvaluateFlags } from "../../config/flags.ts";
import { withDotEnv } from "../../config/load-config.ts";
import {
  type EvaluationSettings,
  evaluationSettingsSchema,
  type PartialEvaluationSettings,
} from "../../config/run-settings.ts";
import type { Suite } from "../../environment/environment.ts";
import { hasFailed } from "../../evaluation/episode.ts";
import { readSpending } from "../../evaluation/episode-calls.ts";
import { readResults } from "../../evaluation/episode-result.ts";
import { evaluate, planEpisodes, resultsInOrder } from "../../evaluation/evaluate.ts";
import { openAgent } from "../../evaluation/evaluate-suites.ts";
import { instructWith, openSuites, suitesLeftAsTheyAre } from "../../evaluation/open-suites.ts";
import type { Price } from "../../model/prices.ts";
import { createRunFolder, openRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { asUsage, type ExitCode, UsageError } from "../failure.ts";
import { drive, type Hooks } from "../run/drive.ts";
import { beginAnew, contradiction, described, differencesOf, isRun, keepSettings } from "../run/folder.ts";
import { costWith, FREE, localModel, openRunModel, priceOfRun, type RunModel } from "../run/open-model.ts";
import type { Session } from "../run/session.ts";
import { type CliContext, type Host, showPath } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";
import { finishEvaluation, progressOfEvaluation } from "./finish-evaluation.ts";
import { type EvaluateCommand, newSettings, readCommand } from "./read-command.ts";

/** The folder of an evaluation and its checked settings. */
export interface EvaluationFolder {
  readonly run: RunFolder;
  readonly settings: EvaluationSettings;
}

/** Opens the folder of an evaluation; `shown` is how messages name it. Throws AgentRefineError. */
export async function openEvaluation(directory: string, shown: string): Promise<EvaluationFolder> {
  const run = await openRunFolder(directory);
  const { settings } = run.description;
  const parsed = evaluationSettingsSchema.safeParse(settings);
  if (parsed.success) return { run, settings: parsed.data };
  throw settings.kind === "evaluation"
    ? new UsageError(`the settings in ${shown}/run.json cannot be used`, {
        fix: "Use the version of agentrefine that started the evaluation.",
      })
    : new UsageError(`${shown} is a run of generate and no evaluation`, { fix: "Give another folder." });
}

/**
 * Saved settings with those over them that say where things are, since they may have moved: the model's server and
 * the variable with its key, AgentBoard's files, the recording.
 */
function moved(saved: EvaluationSettings, given: PartialEvaluationSettings): EvaluationSettings {
  const { model, agentboard, replay } = saved;
  const { baseUrl = model?.baseUrl, apiKeyEnv = model?.apiKeyEnv } = given.model;
  const server = {
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
  };
  return {
    ...saved,
    ...(agentboard === undefined ? {} : { agentboard: given.agentboard ?? agentboard }),
    ...(replay === undefined ? {} : { replay: given.replay ?? replay }),
    ...(model === undefined ? {} : { model: { ...model, ...server } }),
  };
}

/** The suites that were given; in the saved order when they are the same. */
function inSavedOrder(
  { suites: saved }: EvaluationSettings,
  { suites: given }: PartialEvaluationSettings,
): readonly string[] {
  const isSame =
    given === undefined || (given.length === saved.length && given.every((each) => saved.includes(each)));
  return isSame ? saved : given;
}

function priceFor(
  { model }: Pick<EvaluationSettings, "model">,
  session: Session,
  saved: unknown,
  host: Host,
): Promise<Price | undefined> | undefined {
  return model === undefined ? undefined : priceOfRun(model.name, session, saved, host.directory);
}

/** Episodes at once of agents that wait for nothing. */
const LOCAL_EPISODES = 4;

/** An agent with what an evaluation must know of its model. */
interface OpenedAgent extends Omit<RunModel, "model"> {
  readonly agent: Agent;
}

/** What an evaluation plays and who plays it. */
interface Opened {
  readonly suites: readonly Suite[];
  readonly price: Price | undefined;
  /** Dollars that earlier parts have cost. */
  readonly spent: number;
}

async function open(
  settings: EvaluationSettings,
  session: Session,
  { suites, price, spent }: Opened,
  host: Host,
): Promise<OpenedAgent> {
  const { model: choice, seed } = settings;
  if (choice === undefined) {
    const agent = await openAgent(settings, suites, undefined);
    return { agent, ...localModel(session.options.concurrency ?? LOCAL_EPISODES, FREE) };
  }
  const env = await withDotEnv(host.env, host.directory);
  const { model, ...rest } = await openRunModel(choice, { session, env, price, spent, seed });
  return { agent: await openAgent(settings, suites, model), ...rest };
}

/** One part of an evaluation, ready to be driven. */
interface EvaluationPart extends EvaluationFolder {
  readonly suites: readonly Suite[];
  readonly opened: OpenedAgent;
  readonly session: Session;
}

/** Drives an evaluation and tells what came of it. */
async function driveEvaluation(part: EvaluationPart, host: Host): Promise<ExitCode> {
  const { run, settings, suites, opened, session } = part;
  const start = ({ stop, onNote, onStart }: Hooks): ReturnType<typeof evaluate> =>
    evaluate(run.directory, {
      agent: opened.agent,
      suites,
      instruct: instructWith(settings),
      attempts: settings.samples,
      maxTurns: settings.maxTurns,
      seed: settings.seed,
      concurrency: opened.concurrency,
      costOf: opened.costOf,
      retryFailed: session.retryFailed,
      stop,
      onNote,
      onStart: (view) => onStart(() => ({ total: view.planned, ...progressOfEvaluation(view) })),
    });
  const { result, seconds, stopped } = await drive({ run, session, opened, piece: "episode", start }, host);
  const interrupted = stopped && result.results.length < result.planned;
  return finishEvaluation({ run, settings, result, seconds, interrupted, session }, host);
}

/** What a new evaluation is to be, with its suites and price. */
async function prepare(
  { given, configured, session }: EvaluateCommand,
  host: Host,
): Promise<{
  readonly settings: EvaluationSettings;
  readonly suites: readonly Suite[];
  readonly price: Price | undefined;
}> {
  const chosen = newSettings(given, configured);
  const suites = await openSuites(chosen);
  const settings = { ...chosen, episodes: planEpisodes(suites, chosen.samples).length };
  return { settings, suites, price: await priceFor(settings, session, undefined, host) };
}

async function begin(command: EvaluateCommand, host: Host): Promise<ExitCode> {
  const { directory, session } = command;
  const { opened, settings, suites, price } = await asUsage(async () => {
    const ready = await prepare(command, host);
    return { ...ready, opened: await open(ready.settings, session, { ...ready, spent: 0 }, host) };
  });
  const run = await createRunFolder(directory, await described({ settings, price }, host));
  const left = suitesLeftAsTheyAre(settings);
  if (left.length > 0) {
    tell(
      host.stderr,
      `--compat plain does not apply to ${left.join(", ")}, which has AgentBoard's rules only.`,
    );
  }
  return driveEvaluation({ run, settings, suites, opened, session }, host);
}

/** Resumes an evaluation, or tells what came of one that is finished; that needs neither key nor model. */
async function resumeEvaluation(folder: EvaluationFolder, session: Session, host: Host): Promise<ExitCode> {
  const { run, settings } = folder;
  const { directory } = run;
  const suites = await asUsage(() => openSuites(settings));
  const planned = planEpisodes(suites, settings.samples);
  const results = await readResults(directory);
  const price = await asUsage(async () => priceFor(settings, session, run.description.prices, host));
  const spending = await readSpending(directory, costWith(price));
  const retries = [...results.values()].filter(hasFailed).length;
  if (results.size === planned.length && (retries === 0 || !session.retryFailed)) {
    tell(host.stderr, `${showPath(directory, host.directory)} is finished; nothing was left to do.`);
    const ordered = resultsInOrder(planned, results);
    const result = { planned: planned.length, results: ordered, spending, pause: undefined };
    return finishEvaluation({ ...folder, result, seconds: 0, interrupted: false, session }, host);
  }
  const spent = spending.cost ?? 0;
  const opened = await asUsage(() => open(settings, session, { suites, price, spent }, host));
  return driveEvaluation({ run, settings, suites, opened, session }, host);
}

/** Resumes the evaluation in the folder: as it was started, grown, or anew when no reply was bought for it. */
async function goOn(command: EvaluateCommand, host: Host): Promise<ExitCode> {
  const { directory, given, session } = command;
  const folder = await asUsage(() => openEvaluation(directory, showPath(directory, host.directory)));
  const saved = moved(folder.settings, given);
  const model = Object.keys(given.model).length > 0 ? { ...saved.model, ...given.model } : saved.model;
  const together = { ...saved, ...given, suites: inSavedOrder(saved, given), model };
  const { contradictions, grows } = differencesOf(saved, together);
  if (contradictions.length === 0) {
    if (!grows) return resumeEvaluation({ run: folder.run, settings: saved }, session, host);
    const limits = {
      ...(given.limit === undefined ? {} : { limit: given.limit }),
      ...(given.sample === undefined ? {} : { sample: given.sample }),
    };
    const chosen = { ...saved, ...limits };
    const suites = await asUsage(() => openSuites(chosen));
    const settings = { ...chosen, episodes: planEpisodes(suites, chosen.samples).length };
    return resumeEvaluation({ run: await keepSettings(folder.run, settings, host), settings }, session, host);
  }
  // Who needs no model has bought nothing, and has played all the same.
  const anew = folder.settings.model === undefined ? undefined : await renew(folder, command, host);
  if (anew === undefined) throw contradiction(folder.run, contradictions, "evaluate --out", host);
  tell(host.stderr, "No reply had been bought for this evaluation, so it begins anew with these settings.");
  return resumeEvaluation(anew, session, host);
}

/** Begins an evaluation anew with what was given over what it has; undefined when a reply was bought for it. */
async function renew(
  { run, settings: saved }: EvaluationFolder,
  command: EvaluateCommand,
  host: Host,
): Promise<EvaluationFolder | undefined> {
  const { kind: _kind, episodes: _episodes, model, ...rest } = saved;
  const given = { ...rest, ...command.given, model: { ...model, ...command.given.model } };
  const { settings, price } = await asUsage(() => prepare({ ...command, given }, host));
  const anew = await beginAnew(run, { settings, price }, host);
  return anew === undefined ? undefined : { run: anew, settings };
}

/** `agentrefine evaluate`: begins an evaluation, or resumes one. */
export async function runEvaluate(this: CliContext, flags: EvaluateFlags): Promise<void> {
  const { host } = this;
  const command = await asUsage(() => readCommand(flags, host));
  this.process.exitCode = (await isRun(command.directory))
    ? await goOn(command, host)
    : await begin(command, host);
}
