import { readWaiting } from "../batch/standing.ts";
import { type RunDriving, requireBatched } from "../config/driving.ts";
import type { EvaluateConfig } from "../config/settings.ts";
import type { Env } from "../env.ts";
import type { CostOf, Price } from "../model/money.ts";
import { costWith, priceOfRun, requireOwnKey } from "../model/run-model.ts";
import { hasFailed } from "./episode.ts";
import { readSpending } from "./episode-calls.ts";
import { readResults } from "./episode-result.ts";
import {
  type EvaluateOptions,
  type EvaluationResult,
  evaluate,
  planEpisodes,
  resultsInOrder,
} from "./evaluate.ts";
import { LaterJudge, type OpenedAgent, openPlaying } from "./open-playing.ts";
import {
  type EvaluationFolder,
  type PlannedEvaluation,
  type PlanOptions,
  planEvaluation,
} from "./plan-evaluation.ts";

/** What an evaluation that was planned is begun with. */
interface Beginning {
  readonly price: Price | undefined;
  /** Dollars for what was bought before. */
  readonly costOf: CostOf;
  /** Whether episodes that ended because the model or the world failed are played again. */
  readonly retryFailed: boolean;
  /** Opens what plays. It is told what earlier parts have cost, in dollars; nothing of a new evaluation. */
  readonly open: (spent: number | undefined) => Promise<OpenedAgent>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An evaluation in its folder, before its first episode. */
export interface BegunEvaluation extends EvaluationFolder {
  /** What plays it; undefined where nothing was left to do, which needs neither key nor model. */
  readonly opened: OpenedAgent | undefined;
  /** Drives it to its end, a pause or a stop. To be called once. */
  readonly start: (hooks: Pick<EvaluateOptions, "stop" | "onStart" | "onNote">) => Promise<EvaluationResult>;
}

/**
 * Begins or resumes an evaluation that was planned: opens what plays it, before there is a folder where it is new, and
 * writes what is to be written. Rejects with an AgentRefineError where something cannot be opened.
 */
export async function beginEvaluation(
  { settings, suites, how, save }: PlannedEvaluation,
  { price, costOf, retryFailed, open, now }: Beginning,
): Promise<BegunEvaluation> {
  const isNew = how === "begun" || how === "anew";
  const opened = isNew ? await open(undefined) : undefined;
  const run = await save(price, now());
  const driven = (by: OpenedAgent): BegunEvaluation => ({
    run,
    settings,
    opened: by,
    start: (hooks) =>
      evaluate(run.directory, {
        suites,
        attempts: settings.samples,
        maxTurns: settings.maxTurns,
        seed: settings.seed,
        agent: by.agent,
        concurrency: by.concurrency,
        costOf: by.costOf,
        batches: by.batches,
        retryFailed,
        ...hooks,
      }),
  });
  if (opened !== undefined) return driven(opened);
  const planned = planEpisodes(suites, settings.samples);
  const all = await readResults(run.directory);
  const spending = await readSpending(run.directory, costOf);
  const retries = retryFailed ? [...all.values()].filter(hasFailed).length : 0;
  const waiting = (await readWaiting(run.paths)).batches;
  if (all.size !== planned.length || retries + waiting > 0) return driven(await open(spending.cost ?? 0));
  const results = resultsInOrder(planned, all);
  const ended = { planned: planned.length, results, spending, pause: undefined };
  return { run, settings, opened: undefined, start: async () => ended };
}

/** What is wanted of the evaluation in a folder whose models are named and opened by their settings. */
export interface WantedEvaluation extends Omit<PlanOptions, "judge" | "onNote"> {
  readonly driving: RunDriving;
  /** Where the user has pointed a key to: not what a config file that was found says of it. */
  readonly pointed: Pick<EvaluateConfig, "baseUrl" | "apiKeyEnv">;
}

/** An evaluation that is checked; nothing is written or asked yet. */
export interface PreparedEvaluation extends Pick<PlannedEvaluation, "settings" | "how"> {
  /** What is to be said of it when it has begun. */
  readonly notes: readonly string[];
  /** Begins or resumes it. What drives it is as it was wanted, but for what is left of a cap on cost. */
  readonly begin: (driving: RunDriving) => Promise<BegunEvaluation>;
}

/** Where an evaluation is prepared. */
interface Surroundings extends Pick<Beginning, "now"> {
  /** With the keys of servers. */
  readonly env: Env;
  /** Where relative paths begin. */
  readonly directory: string;
}

/**
 * Prepares the evaluation in a folder, as {@link planEvaluation} does, with its models as `agentrefine evaluate` opens
 * them. `directory` is an absolute path. Rejects with an AgentRefineError.
 */
export async function prepareEvaluation(
  directory: string,
  { driving, pointed, ...wanted }: WantedEvaluation,
  around: Surroundings,
): Promise<PreparedEvaluation> {
  const { env, now } = around;
  const notes: string[] = [];
  const judge = new LaterJudge();
  const onNote = (note: string): void => void notes.push(note);
  const plan = await planEvaluation(directory, { ...wanted, judge: judge.as, onNote });
  const { settings, suites, how, prices } = plan;
  const { model, batch } = settings;
  requireBatched(batch === true, driving, "begin an evaluation with 'batch'");
  const price = model && (await priceOfRun(model.name, driving, prices, around.directory));
  const begin: PreparedEvaluation["begin"] = (drivenBy) =>
    beginEvaluation(plan, {
      price,
      costOf: costWith(price),
      retryFailed: driving.retryFailed,
      now,
      open: async (spent) => {
        if (spent !== undefined) {
          requireOwnKey(model, pointed, env);
          requireOwnKey(settings.judge, wanted.given.judge, env, (key) => `'judgeApiKeyEnv' ${key}`);
        }
        return openPlaying({
          settings,
          suites,
          driving: drivenBy,
          env,
          directory: around.directory,
          price,
          spent: spent ?? 0,
          judge,
        });
      },
    });
  return { settings, how, notes, begin };
}
