import { readWaiting } from "../../batch/standing.ts";
import type { EvaluateFlags } from "../../config/flags.ts";
import { withDotEnv } from "../../config/load-config.ts";
import type { Suite } from "../../environment/suite.ts";
import { hasFailed } from "../../evaluation/episode.ts";
import { readSpending } from "../../evaluation/episode-calls.ts";
import { readResults } from "../../evaluation/episode-result.ts";
import { evaluate, planEpisodes, resultsInOrder } from "../../evaluation/evaluate.ts";
import { suitesLeftAsTheyAre } from "../../evaluation/open-suites.ts";
import {
  type EvaluationFolder,
  type PlannedEvaluation,
  planEvaluation,
} from "../../evaluation/plan-evaluation.ts";
import type { EvaluationSettings } from "../../evaluation/settings.ts";
import { requireBatched } from "../../generation/refusals.ts";
import type { Price } from "../../model/money.ts";
import { costWith, priceOfRun, requireOwnKey } from "../../model/run-model.ts";
import { shellWord } from "../../printable.ts";
import { asUsage, EXIT_CODE, type ExitCode } from "../failure.ts";
import { drive, type Hooks } from "../run/drive.ts";
import type { Session } from "../run/session.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";
import { finishEvaluation, progressOfEvaluation } from "./finish-evaluation.ts";
import { Judge, type OpenedAgent, openPlaying } from "./open-player.ts";
import { type EvaluateCommand, readCommands } from "./read-command.ts";

function priceFor(
  { model }: Pick<EvaluationSettings, "model">,
  session: Session,
  saved: unknown,
  host: Host,
): Promise<Price | undefined> | undefined {
  return model === undefined ? undefined : priceOfRun(model.name, session, saved, host.directory);
}

/** One part of an evaluation, ready to be driven. */
interface EvaluationPart extends EvaluationFolder {
  readonly suites: readonly Suite[];
  readonly opened: OpenedAgent;
  readonly session: Session;
  readonly judge: Judge | undefined;
  readonly isOneOfSeveral: boolean;
}

/** Drives an evaluation and tells what came of it. */
async function driveEvaluation(part: EvaluationPart, host: Host): Promise<Played> {
  const { run, settings, suites, opened, session, isOneOfSeveral } = part;
  const start = ({ stop, onNote, onStart }: Hooks): ReturnType<typeof evaluate> =>
    evaluate(run.directory, {
      agent: opened.agent,
      suites,
      attempts: settings.samples,
      maxTurns: settings.maxTurns,
      seed: settings.seed,
      concurrency: opened.concurrency,
      costOf: opened.costOf,
      retryFailed: session.retryFailed,
      batches: opened.batches,
      stop,
      onNote,
      onStart: (view) => onStart(() => ({ total: view.planned, ...progressOfEvaluation(view) })),
    });
  const { result, seconds, stopped } = await drive(
    { directory: run.directory, session, opened, piece: "episode", start },
    host,
  );
  const interrupted = stopped && result.results.length < result.planned;
  const finished = { run, settings, result, seconds, interrupted, session, isOneOfSeveral };
  return { code: finishEvaluation(finished, host), cost: result.spending.cost };
}

/** Tells what was begun, as far as it is not what the command seems to say. */
function tellBeginning({ how, settings }: PlannedEvaluation, notes: readonly string[], host: Host): void {
  if (how === "resumed") return;
  if (how === "anew")
    tell(host.stderr, "No reply had been bought for this evaluation, so it begins anew with these settings.");
  const left = how === "begun" ? suitesLeftAsTheyAre(settings) : [];
  if (left.length > 0) {
    tell(
      host.stderr,
      `--compat plain does not apply to ${left.join(", ")}, which has AgentBoard's rules only.`,
    );
  }
  for (const note of notes) tell(host.stderr, note);
}

/** What came of the part of an evaluation that a command has played. */
interface Played {
  readonly code: ExitCode;
  /** Dollars, over all of its parts; null when the price is unknown. */
  readonly cost: number | null;
}

/** Resumes an evaluation, or tells what came of one that is finished; that needs neither key nor model. */
async function resumeEvaluation(
  { run, settings, suites, session, judge, isOneOfSeveral }: Omit<EvaluationPart, "opened">,
  price: Price | undefined,
  { given, pointed }: EvaluateCommand,
  host: Host,
): Promise<Played> {
  const { directory } = run;
  const planned = planEpisodes(suites, settings.samples);
  const results = await readResults(directory);
  const spending = await readSpending(directory, costWith(price));
  const retries = [...results.values()].filter(hasFailed).length;
  const waiting = (await readWaiting(run.paths)).batches;
  if (results.size === planned.length && (retries === 0 || !session.retryFailed) && waiting === 0) {
    tell(host.stderr, `${showPath(directory, host.directory)} is finished; nothing was left to do.`);
    const ordered = resultsInOrder(planned, results);
    const result = { planned: planned.length, results: ordered, spending, pause: undefined };
    const finished = { run, settings, result, seconds: 0, interrupted: false, session, isOneOfSeveral };
    return { code: finishEvaluation(finished, host), cost: spending.cost };
  }
  const spent = spending.cost ?? 0;
  const opened = await asUsage(async () => {
    const env = await withDotEnv(host.env, host.directory);
    requireOwnKey(settings.model, pointed, env);
    requireOwnKey(settings.judge, given.judge, env, (key) => `--judge-api-key-env ${key}`);
    return openPlaying(settings, session, { suites, price, spent, judge }, host);
  });
  return driveEvaluation({ run, settings, suites, opened, session, judge, isOneOfSeveral }, host);
}

/** An evaluation that is checked; nothing is written or asked yet. */
interface Prepared {
  readonly command: EvaluateCommand;
  readonly plan: PlannedEvaluation;
  readonly price: Price | undefined;
  readonly notes: readonly string[];
  readonly judge: Judge | undefined;
}

async function prepare(command: EvaluateCommand, host: Host): Promise<Prepared> {
  const { directory, given, configured, temperature, session } = command;
  const notes: string[] = [];
  let judge: Judge | undefined;
  const plan = await planEvaluation(directory, {
    given,
    configured,
    temperature,
    judge: (choice) => {
      judge ??= new Judge(choice);
      return judge;
    },
    shown: showPath(directory, host.directory),
    onNote: (note) => notes.push(note),
  });
  requireBatched(plan.settings.batch === true, session, "begin an evaluation with --batch");
  return { command, plan, price: await priceFor(plan.settings, session, plan.prices, host), notes, judge };
}

async function playEvaluation(
  { command, plan, price, notes, judge }: Prepared,
  isOneOfSeveral: boolean,
  host: Host,
): Promise<Played> {
  const { session } = command;
  const { settings, suites } = plan;
  // What cannot be opened is refused before there is a folder.
  const isNew = plan.how === "begun" || plan.how === "anew";
  const opened = isNew
    ? await asUsage(() => openPlaying(settings, session, { suites, price, spent: 0, judge }, host))
    : undefined;
  const run = await plan.save(price, host.now());
  tellBeginning(plan, notes, host);
  const part = { run, settings, suites, session, judge, isOneOfSeveral };
  return opened === undefined
    ? resumeEvaluation(part, price, command, host)
    : driveEvaluation({ ...part, opened }, host);
}

/** The evaluation with what the ones before have left of the money that all of them may cost. */
function within({ command, ...rest }: Prepared, spent: number): Prepared {
  const { maxCost, ...options } = command.session.options;
  if (maxCost === undefined) return { command, ...rest };
  const left = { ...options, maxCost: Math.max(0, maxCost - spent) };
  return { command: { ...command, session: { ...command.session, options: left } }, ...rest };
}

/** Plays evaluations one after the other until one is interrupted. Gives the exit code of the one that went worst. */
async function playAll(prepared: readonly Prepared[], host: Host): Promise<ExitCode> {
  const isSeveral = prepared.length > 1;
  let spent = 0;
  const codes = new Set<ExitCode>();
  for (const [place, each] of prepared.entries()) {
    const { model } = each.plan.settings;
    const shown = showPath(each.command.directory, host.directory);
    if (isSeveral)
      tell(
        host.stderr,
        `Evaluation ${place + 1} of ${prepared.length}: ${model?.name ?? each.plan.settings.agent}, in ${shown}`,
      );
    const { code, cost } = await playEvaluation(within(each, spent), isSeveral, host);
    spent += cost ?? 0;
    codes.add(code);
    if (code === EXIT_CODE.interrupted) break;
  }
  const worst = [EXIT_CODE.interrupted, EXIT_CODE.failed, EXIT_CODE.belowThreshold].find((code) =>
    codes.has(code),
  );
  const folders = prepared.map(({ command }) => shellWord(showPath(command.directory, host.directory)));
  if (isSeveral) tell(host.stderr, `Evaluations: ${folders.join(", ")}`);
  if (isSeveral && worst === undefined)
    tell(host.stderr, `Next: agentrefine compare ${folders.join(" ")} --paper`);
  return worst ?? EXIT_CODE.done;
}

/** `agentrefine evaluate`: begins an evaluation of each model, or resumes it. */
export async function runEvaluate(host: Host, flags: EvaluateFlags): Promise<ExitCode> {
  const prepared = await asUsage(async () => {
    const all: Prepared[] = [];
    for (const command of await readCommands(flags, host)) all.push(await prepare(command, host));
    return all;
  });
  return playAll(prepared, host);
}
