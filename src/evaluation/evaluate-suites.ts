import { resolve } from "node:path";
import type { Agent } from "../agent/agent.ts";
import { expertAgent, randomAgent, replayAgent } from "../agent/planned-agents.ts";
import { reactAgent } from "../agent/react-agent.ts";
import { withReflexion } from "../agent/reflexion.ts";
import type { Suite } from "../environment/suite.ts";
import { AgentRefineError } from "../errors.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { type CostOf, costOf, type Price } from "../model/money.ts";
import { type EvaluateOptions, type EvaluationResult, evaluate } from "./evaluate.ts";
import { planEvaluation } from "./plan-evaluation.ts";
import { readRecording } from "./recording.ts";
import type { EvaluatedModel, EvaluationSettings, GivenSettings } from "./settings.ts";
import { type EvaluationSummary, summarize } from "./summary.ts";

/** What is evaluated and how; what is not given is as in the paper (section 4.1), or as the folder has it. */
export interface EvaluateSuitesOptions
  extends Partial<Omit<EvaluationSettings, "kind" | "episodes" | "remarks" | "model" | "judge" | "batch">>,
    Pick<EvaluateOptions, "onStart" | "onNote" | "batches"> {
  /** The model that plays; needed by the agent `react`, which is the agent when a model is given. */
  readonly model?: ChatModel;
  /** The model that grades answers, where a suite has them graded (App. J). */
  readonly judge?: ChatModel;
  /** How the model is asked, to be saved: `maxTokens` also tells a full context from a long reply. */
  readonly modelSettings?: Omit<EvaluatedModel, "name">;
  /** Dollars for tokens; the cost is unknown without. */
  readonly price?: Price;
  /** Episodes at once; 16 when not given. */
  readonly concurrency?: number;
  /** Ends the evaluation, which can be resumed. */
  readonly stop?: AbortSignal;
  /** Whether episodes that ended because the model or the world failed are played again. */
  readonly retryFailed?: boolean;
}

/** What an evaluation came to. */
export interface EvaluatedSuites extends EvaluationResult {
  readonly settings: EvaluationSettings;
  readonly summary: EvaluationSummary;
}

/** Refuses a recording of which nothing can be replayed: every episode would end at once, as if it were played. */
async function openReplay(file: string, suites: readonly Suite[]): Promise<Agent> {
  const recorded = await readRecording(file);
  const known = new Set(suites.flatMap(({ name, tasks }) => tasks.map(({ id }) => `${name} ${id}`)));
  if (recorded.some(({ suite, task }) => known.has(`${suite} ${task}`))) return replayAgent(recorded);
  throw new AgentRefineError(`${file} has none of the tasks that are to be played`, {
    fix: "Give the recording of the same suites.",
  });
}

/** Which agent plays, and how its model is asked. */
interface AgentSettings
  extends Pick<
    EvaluationSettings,
    "agent" | "answered" | "replay" | "reflexion" | "stopAt" | "taskTemperatures"
  > {
  readonly model?: { readonly maxTokens?: number };
}

/** Stands for an agent whose model was not given: an evaluation that has ended does not ask for it. */
const MISSING_MODEL: Agent = {
  name: "react",
  begin: () => {
    throw new AgentRefineError("the ReAct agent needs a model", { fix: "Give one." });
  },
};

/**
 * The agent of a name, around a model where it talks to one; without its model it can be asked nothing. Throws
 * AgentRefineError.
 */
export async function openAgent(
  { agent, answered, replay, reflexion, model: asked, stopAt, taskTemperatures }: AgentSettings,
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
  if (model === undefined) return MISSING_MODEL;
  const options = { maxTokens: asked?.maxTokens, stopAt, taskTemperatures };
  const react = reactAgent(model, options);
  return reflexion === undefined ? react : withReflexion(react, model, reflexion, options);
}

/** The settings among the options, with what is known of the model. */
function givenSettings(options: EvaluateSuitesOptions): GivenSettings {
  const { model, judge, modelSettings, price, batches, ...more } = options;
  const { concurrency, stop, retryFailed, onStart, onNote, ...given } = more;
  const { agentboard, replay, recorded } = given;
  return {
    ...given,
    ...(agentboard === undefined ? {} : { agentboard: resolve(agentboard) }),
    ...(replay === undefined ? {} : { replay: resolve(replay) }),
    ...(recorded === undefined ? {} : { recorded: resolve(recorded) }),
    ...(batches === undefined ? {} : { batch: true }),
    ...(judge === undefined ? {} : { judge: { name: judge.name } }),
    ...(model === undefined ? {} : { model: { ...modelSettings, name: model.name } }),
  };
}

function costFunction({ price, batches }: EvaluateSuitesOptions, { model }: EvaluationSettings): CostOf {
  const { player, judge } = batches ?? {};
  if (batches !== undefined)
    return (usage, name) =>
      (name === judge?.model ? judge : player)?.costOf(usage) ?? (model === undefined ? 0 : null);
  // What other models cost, such as a judge, is not known.
  return (usage, name = model?.name) => {
    if (name !== model?.name) return null;
    if (model === undefined) return 0;
    return price === undefined ? null : costOf(price, usage);
  };
}

/**
 * Evaluates an agent on suites by their names, in a folder, as `agentrefine evaluate` does: begins the evaluation
 * when the folder is new or empty, and resumes it when it is one: a larger `limit` or `sample` lets it grow, and while
 * no reply is kept it begins anew with other settings. Nothing that was bought is bought again; an
 * evaluation that has ended needs no model and gives its results. Rejects with an AgentRefineError for settings that
 * do not fit together or contradict the folder's.
 */
export async function evaluateSuites(
  directory: string,
  options: EvaluateSuitesOptions,
): Promise<EvaluatedSuites> {
  const { judge, onStart, onNote, concurrency = 16, retryFailed = false } = options;
  const plan = await planEvaluation(directory, {
    given: givenSettings(options),
    ...(judge === undefined ? {} : { judge: () => judge }),
    ...(onNote === undefined ? {} : { onNote }),
  });
  const { settings, suites } = plan;
  // A recording of no use is refused before there is a folder.
  const agent = await openAgent(settings, suites, options.model);
  await plan.save(options.price, Date.now());
  const result = await evaluate(directory, {
    suites,
    agent,
    attempts: settings.samples,
    maxTurns: settings.maxTurns,
    seed: settings.seed,
    concurrency,
    costOf: costFunction(options, settings),
    ...{ retryFailed, batches: options.batches },
    stop: options.stop ?? new AbortController().signal,
    ...(onStart === undefined ? {} : { onStart }),
    ...(onNote === undefined ? {} : { onNote }),
  });
  return { ...result, settings, summary: { ...summarize(result.results), spending: result.spending } };
}
