import type { Agent } from "../../agent/agent.ts";
import type { BatchOptions } from "../../batch/batch-run.ts";
import { withDotEnv } from "../../config/load-config.ts";
import { type ModelChoice, modelChoiceSchema, OFFLINE } from "../../config/run-settings.ts";
import type { Env } from "../../env.ts";
import type { Suite } from "../../environment/suite.ts";
import { AgentRefineError } from "../../errors.ts";
import type { EvaluationBatches } from "../../evaluation/batch/rounds-of-episodes.ts";
import { openAgent } from "../../evaluation/evaluate-suites.ts";
import type { EvaluatedModel, EvaluationSettings } from "../../evaluation/settings.ts";
import { noModel, openRunBatches, requireBatchable } from "../../generation/open-batches.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import type { Price } from "../../model/money.ts";
import {
  FREE,
  localModel,
  openRunModel,
  priceOfRun,
  type RunModel,
  type RunModelOptions,
  wireOf,
} from "../../model/run-model.ts";
import { UsageError } from "../failure.ts";
import type { Session } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";

/** Episodes at once of agents that wait for nothing. */
const LOCAL_EPISODES = 4;

/** An agent with what an evaluation must know of its model. */
export interface OpenedAgent extends Omit<RunModel, "model"> {
  readonly agent: Agent;
  /** How its models are asked in batches; undefined when they are asked live. */
  readonly batches?: EvaluationBatches;
}

/** What an evaluation plays and who plays it. */
interface Opened {
  readonly suites: readonly Suite[];
  readonly price: Price | undefined;
  /** Dollars that earlier parts have cost. */
  readonly spent: number;
  readonly judge: Judge | undefined;
}

/** How a saved model is asked. Throws UsageError for one that another program saved. */
function askedAs(choice: EvaluatedModel): ModelChoice {
  const asked = modelChoiceSchema.safeParse(choice);
  if (asked.success) return asked.data;
  throw new UsageError("what is saved of the model does not say how it is asked", {
    fix: "Resume the evaluation with the program that began it.",
  });
}

/** A model that is asked in an evaluation, and the batch service that it is asked through when it is. */
interface OpenedModel extends RunModel {
  readonly batches?: BatchOptions;
}

async function openAsked(
  { batch, seed }: EvaluationSettings,
  choice: ModelChoice,
  session: Session,
  options: Omit<RunModelOptions, "driving" | "seed">,
): Promise<OpenedModel> {
  if (batch !== true) return openRunModel(choice, { ...options, driving: session, seed });
  requireBatchable({ model: choice, batch });
  const opened = localModel(1, FREE);
  const batches = await openRunBatches({ model: choice, seed }, { ...options, driving: session, opened });
  const { log } = options.beside ?? opened;
  return { ...opened, log, model: noModel(choice.name), costOf: batches.costOf, batches };
}

/** The player of an evaluation, with what must be known of its model. */
async function openPlayer(
  settings: EvaluationSettings,
  session: Session,
  { suites, price, spent }: Opened,
  env: Env,
): Promise<Omit<OpenedAgent, "batches"> & Pick<OpenedModel, "batches">> {
  const { model: choice } = settings;
  if (choice === undefined) {
    const agent = await openAgent(settings, suites, undefined);
    return { agent, ...localModel(session.options.concurrency ?? LOCAL_EPISODES, FREE) };
  }
  if (choice.name === OFFLINE) {
    throw new UsageError("the offline author writes training data and plays no tasks", {
      fix: "Give another --model, or --agent expert or random, which need none.",
    });
  }
  const { model, ...rest } = await openAsked(settings, askedAs(choice), session, { env, price, spent });
  return { agent: await openAgent(settings, suites, model), ...rest };
}

/** The player, and the judge where there is one: both are paid from the same purse and told of in the same log. */
export async function openPlaying(
  settings: EvaluationSettings,
  session: Session,
  opened: Opened,
  host: Host,
): Promise<OpenedAgent> {
  const env = await withDotEnv(host.env, host.directory);
  const { batches: own, ...player } = await openPlayer(settings, session, opened, env);
  const { judge: choice } = settings;
  const { judge, spent } = opened;
  const { maxCost } = session.options;
  const cap = maxCost === undefined ? {} : { maxCost };
  if (choice === undefined || judge === undefined)
    return own === undefined ? player : { ...player, batches: { player: own, ...cap } };
  // The address and the headers that were given are the player's.
  const { baseUrl: _players, ...rest } = session;
  const judging = { ...rest, headers: {} };
  const price = await priceOfRun(choice.name, unpriced(judging), undefined, host.directory);
  const { batches: judges, ...model } = await openAsked(settings, askedAs(choice), judging, {
    env,
    price,
    spent,
    beside: player,
  }).catch((error: unknown) => {
    if (!(error instanceof AgentRefineError)) throw error;
    throw new AgentRefineError(`the judge ${choice.name}: ${error.message}`, {
      fix: [error.fix, "Another server is named by --judge-base-url, its key by --judge-api-key-env."]
        .filter((each) => each !== undefined)
        .join(" "),
      cause: error,
    });
  });
  judge.bind(model.model);
  return {
    ...player,
    ...(judges === undefined
      ? {}
      : { batches: { ...(own === undefined ? {} : { player: own }), judge: judges, ...cap } }),
    ...wireOf([player, model]),
    costOf: (usage, name) => (name === choice.name ? model.costOf(usage) : player.costOf(usage)),
    onNote: (listener) => {
      player.onNote(listener);
      model.onNote(listener);
    },
    end: (reason) => {
      player.end(reason);
      model.end(reason);
    },
  };
}

/** A session without the price that was given, which is the player's. */
function unpriced(session: Session): Session {
  const { price: _players, ...options } = session.options;
  return { ...session, options };
}

/** A judge whose model is opened when the evaluation is: what was finished before asks it nothing. */
export class Judge implements ChatModel {
  readonly name: string;
  #model: ChatModel | undefined;

  constructor({ name }: EvaluatedModel) {
    this.name = name;
  }

  bind(model: ChatModel): void {
    this.#model = model;
  }

  async chat(...call: Parameters<ChatModel["chat"]>): ReturnType<ChatModel["chat"]> {
    if (this.#model === undefined) throw new Error("the judge is asked before it is opened");
    return this.#model.chat(...call);
  }
}
