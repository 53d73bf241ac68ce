import type { Agent } from "../agent/agent.ts";
import { expertAgent, randomAgent, replayAgent } from "../agent/planned-agents.ts";
import { reactAgent, withReflexion } from "../agent/react-agent.ts";
import type { BatchOptions } from "../batch/batch-run.ts";
import { noModel, openModelBatches } from "../batch/open-batches.ts";
import type { RunDriving } from "../config/driving.ts";
import { modelChoiceSchema, OFFLINE } from "../config/run-settings.ts";
import type { Env } from "../env.ts";
import type { Suite } from "../environment/suite.ts";
import { AgentRefineError } from "../errors.ts";
import type { ChatModel } from "../model/chat-model.ts";
import type { Price } from "../model/money.ts";
import { FREE, localModel, openRunModel, priceOfRun, type RunModel, wireOf } from "../model/run-model.ts";
import type { EvaluationBatches } from "./batch/rounds-of-episodes.ts";
import type { PlannedEvaluation } from "./plan-evaluation.ts";
import { readRecording } from "./recording.ts";
import type { EvaluatedModel, EvaluationSettings } from "./settings.ts";

/** Refuses a recording of which nothing can be replayed: every episode would end at once, as if it were played. */
async function openReplay(file: string, suites: readonly Suite[]): Promise<Agent> {
  const recorded = await readRecording(file);
  const known = new Set(suites.flatMap(({ name, tasks }) => tasks.map(({ id }) => `${name} ${id}`)));
  if (recorded.some(({ suite, task }) => known.has(`${suite} ${task}`))) return replayAgent(recorded);
  throw new AgentRefineError(`${file} has none of the tasks that are to be played`, {
    fix: "Give the recording of the same suites.",
  });
}

/** The agent of an evaluation, around a model where it talks to one. Throws AgentRefineError. */
export async function openAgent(
  { agent, answered, replay, reflexion, model: asked, stopAt, taskTemperatures }: EvaluationSettings,
  suites: readonly Suite[],
  model: ChatModel | undefined,
): Promise<Agent> {
  if (agent === "expert") return expertAgent;
  if (agent === "random") return randomAgent;
  if (agent === "replay") {
    // Answers that are judged again are still those of who gave them.
    if (replay !== undefined)
      return { ...(await openReplay(replay, suites)), name: answered?.agent ?? agent };
    throw new AgentRefineError("there is nothing to replay", { fix: "Give a recording." });
  }
  if (model === undefined) throw new AgentRefineError("the ReAct agent needs a model", { fix: "Give one." });
  const options = { maxTokens: asked?.maxTokens, stopAt, taskTemperatures };
  const react = reactAgent(model, options);
  return reflexion === undefined ? react : withReflexion(react, model, reflexion, options);
}

/** Episodes at once of agents that wait for nothing. */
const LOCAL_EPISODES = 4;

/** An agent with what an evaluation must know of its model. */
export interface OpenedAgent extends Omit<RunModel, "model"> {
  readonly agent: Agent;
  /** How its models are asked in batches; undefined when they are asked live. */
  readonly batches?: EvaluationBatches | undefined;
}

/** A judge whose model is opened when the evaluation is: what was finished before asks it nothing. */
export class LaterJudge {
  #opened: ChatModel | undefined;

  /** Stands for the judge of that name from now on. */
  readonly as = ({ name }: EvaluatedModel): ChatModel => ({
    name,
    chat: async (...call) => {
      if (this.#opened === undefined) throw new Error("the judge is asked before it is opened");
      return this.#opened.chat(...call);
    },
  });

  bind(model: ChatModel): void {
    this.#opened = model;
  }
}

/** What is opened, and how its models are driven. */
interface Opening extends Pick<PlannedEvaluation, "settings" | "suites"> {
  readonly driving: RunDriving;
  readonly env: Env;
  /** Where a relative path of a price list begins. */
  readonly directory: string;
  readonly price: Price | undefined;
  /** Dollars that earlier parts have cost. */
  readonly spent: number;
  /** Is given the model of the judge, where there is one. */
  readonly judge: LaterJudge;
}

/** A model that is asked in an evaluation, and the batch service that it is asked through when it is. */
interface OpenedModel extends RunModel {
  readonly batches?: BatchOptions;
}

async function openAsked(
  choice: EvaluatedModel,
  { settings: { batch, seed }, driving, env, price, spent }: Opening,
  beside?: Pick<RunModel, "log" | "ledger" | "activity">,
): Promise<OpenedModel> {
  const asked = modelChoiceSchema.safeParse(choice).data;
  if (asked === undefined)
    throw new AgentRefineError("what is saved of the model does not say how it is asked", {
      fix: "Resume the evaluation with the program that began it.",
    });
  if (batch !== true) return openRunModel(asked, { driving, env, price, spent, seed, beside });
  const opened = localModel(1, FREE);
  const { log } = beside ?? opened;
  const batches = await openModelBatches(asked, { driving, env, seed, price, log });
  return { ...opened, log, model: noModel(asked.name), costOf: batches.costOf, batches };
}

/** The player of an evaluation, with what must be known of its model. */
async function openPlayer(
  opening: Opening,
): Promise<Omit<OpenedAgent, "batches"> & Pick<OpenedModel, "batches">> {
  const { settings, suites, driving } = opening;
  const { model: choice } = settings;
  if (choice === undefined) {
    const agent = await openAgent(settings, suites, undefined);
    return { agent, ...localModel(driving.options.concurrency ?? LOCAL_EPISODES, FREE) };
  }
  if (choice.name === OFFLINE) {
    throw new AgentRefineError("the offline author writes training data and plays no tasks", {
      fix: "Give another model ('model'), or the agent expert or random ('agent'), which need none.",
    });
  }
  const { model, ...rest } = await openAsked(choice, opening);
  return { agent: await openAgent(settings, suites, model), ...rest };
}

/** The judge; the address, the headers and the price that were given are the player's. */
async function openJudge(
  { name, ...choice }: EvaluatedModel,
  player: Pick<RunModel, "log" | "ledger" | "activity">,
  opening: Opening,
): Promise<OpenedModel> {
  const { baseUrl: _players, options, ...rest } = opening.driving;
  const { price: _price, ...others } = options;
  const driving = { ...rest, options: others, headers: {} };
  const price = await priceOfRun(name, driving, undefined, opening.directory);
  try {
    return await openAsked({ name, ...choice }, { ...opening, driving, price }, player);
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    const where = "Another server is named by 'judgeBaseUrl', its key by 'judgeApiKeyEnv'.";
    const fix = error.fix === undefined ? where : `${error.fix} ${where}`;
    throw new AgentRefineError(`the judge ${name}: ${error.message}`, { fix, cause: error });
  }
}

/**
 * Opens the player of an evaluation, and its judge where there is one: both are paid from the same purse and told of in
 * the same log. Throws AgentRefineError.
 */
export async function openPlaying(opening: Opening): Promise<OpenedAgent> {
  const { batches: own, ...player } = await openPlayer(opening);
  const { judge: choice } = opening.settings;
  const { maxCost } = opening.driving.options;
  if (choice === undefined) return { ...player, batches: own && { player: own, maxCost } };
  const { batches: judge, ...model } = await openJudge(choice, player, opening);
  opening.judge.bind(model.model);
  return {
    ...player,
    batches: judge && { player: own, judge, maxCost },
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
