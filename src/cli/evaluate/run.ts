import type { EvaluateFlags } from "../../config/flags.ts";
import { withDotEnv } from "../../config/load-config.ts";
import type { EvaluationSettings } from "../../config/run-settings.ts";
import type { Suite } from "../../environment/environment.ts";
import { hasFailed } from "../../evaluation/episode.ts";
import { readSpending } from "../../evaluation/episode-calls.ts";
import { readResults } from "../../evaluation/episode-result.ts";
import { planEpisodes, resultsInOrder } from "../../evaluation/evaluate.ts";
import { openSuites, suitesLeftAsTheyAre } from "../../evaluation/open-suites.ts";
import type { Price } from "../../model/prices.ts";
import { programVersion } from "../../runs/program-version.ts";
import { createRunFolder } from "../../runs/run-folder.ts";
import { evaluateWords } from "../evaluation-words.ts";
import { isRun } from "../is-run.ts";
import { costWith } from "../model/open-run-model.ts";
import { priceOfRun } from "../model/price-of-run.ts";
import type { Session } from "../run/session.ts";
import type { CliContext, Host } from "../terminal/host.ts";
import { showPath } from "../terminal/show-path.ts";
import { asUsage } from "../usage-error.ts";
import { goingOnWords } from "../words.ts";
import { driveEvaluation } from "./drive-evaluation.ts";
import { continuedSettings, type EvaluationFolder, openEvaluation } from "./evaluation-folder.ts";
import { finishEvaluation } from "./finish-evaluation.ts";
import { type OpenedAgent, openAgent } from "./open-agent.ts";
import { type EvaluateCommand, newSettings, readCommand } from "./read-command.ts";

/** `agentrefine evaluate`: begins an evaluation, or goes on with one. */
export async function runEvaluate(this: CliContext, flags: EvaluateFlags): Promise<void> {
  const { host } = this;
  const command = await asUsage(() => readCommand(flags, host));
  this.process.exitCode = (await isRun(command.directory))
    ? await continueEvaluation(command, host)
    : await startEvaluation(command, host);
}

function priceOf(
  { model }: EvaluationSettings,
  session: Session,
  saved: unknown,
  host: Host,
): Promise<Price | undefined> | undefined {
  return model === undefined ? undefined : priceOfRun(model.name, session, saved, host.directory);
}

async function open(
  settings: EvaluationSettings,
  session: Session,
  price: Price | undefined,
  { suites, spent, host }: { readonly suites: readonly Suite[]; readonly spent: number; readonly host: Host },
): Promise<OpenedAgent> {
  const env = await withDotEnv(host.env, host.directory);
  return openAgent(settings, suites, { session, env, price, spent });
}

async function startEvaluation(
  { directory, given, configured, session }: EvaluateCommand,
  host: Host,
): Promise<number> {
  const ready = await asUsage(async () => {
    const chosen = newSettings(given, configured);
    const suites = await openSuites(chosen);
    const settings = { ...chosen, episodes: planEpisodes(suites, chosen.samples).length };
    const price = await priceOf(settings, session, undefined, host);
    return {
      settings,
      suites,
      price,
      opened: await open(settings, session, price, { suites, spent: 0, host }),
    };
  });
  const { settings, price } = ready;
  const run = await createRunFolder(directory, {
    createdAt: new Date(host.now()).toISOString(),
    agentrefine: await programVersion(),
    settings: { ...settings },
    prices: price ?? null,
  });
  const left = suitesLeftAsTheyAre(settings);
  if (left.length > 0) host.stderr.write(`${evaluateWords.noPlainRules(left)}.\n`);
  return driveEvaluation({ ...ready, run, session }, host);
}

/** Goes on, or tells what came of an evaluation that is finished; that needs neither key nor model. */
async function continueEvaluation(
  { directory, given, session }: EvaluateCommand,
  host: Host,
): Promise<number> {
  const folder: EvaluationFolder = await asUsage(async () => {
    const opened = await openEvaluation(directory, showPath(directory, host.directory));
    return { ...opened, settings: continuedSettings(opened, given, host) };
  });
  const { settings } = folder;
  const suites = await asUsage(() => openSuites(settings));
  const planned = planEpisodes(suites, settings.samples);
  const results = await readResults(directory);
  const price = await asUsage(async () => priceOf(settings, session, folder.run.description.prices, host));
  const spending = await readSpending(directory, costWith(price));
  const retries = [...results.values()].filter(hasFailed).length;
  if (results.size === planned.length && (retries === 0 || !session.retryFailed)) {
    host.stderr.write(`${goingOnWords.finished(showPath(folder.run.directory, host.directory))}\n`);
    const ordered = resultsInOrder(planned, results);
    const result = { planned: planned.length, results: ordered, spending, pause: undefined };
    return finishEvaluation({ ...folder, result, seconds: 0, interrupted: false, session }, host);
  }
  const opened = await asUsage(() =>
    open(settings, session, price, { suites, spent: spending.cost ?? 0, host }),
  );
  return driveEvaluation({ run: folder.run, settings, suites, opened, session }, host);
}
