import { resolve } from "node:path";
import { defined } from "../defined.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { type CostOf, costOf, type Price } from "../model/money.ts";
import { FREE, localModel } from "../model/run-model.ts";
import type { EvaluateOptions, EvaluationResult } from "./evaluate.ts";
import { openAgent } from "./open-playing.ts";
import { planEvaluation, rejudging } from "./plan-evaluation.ts";
import { beginEvaluation } from "./prepare-evaluation.ts";
import type { EvaluatedModel, EvaluationSettings, GivenSettings } from "./settings.ts";
import { type EvaluationSummary, summarize } from "./summary.ts";

/** What is evaluated and how; what is not given is as in the paper (section 4.1), or as the folder has it. */
export interface EvaluateSuitesOptions
  extends Partial<Omit<EvaluationSettings, "kind" | "episodes" | "remarks" | "model" | "judge" | "batch">>,
    Pick<EvaluateOptions, "onStart" | "onNote" | "batches"> {
  /** The folder of an evaluation whose answers are graded again, by its judge or another; none is bought anew. */
  readonly rejudge?: string;
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

/** The settings among the options, with what is known of the model. */
function givenSettings(options: EvaluateSuitesOptions): GivenSettings {
  const { model, judge, rejudge: _folder, modelSettings, price, batches, ...more } = options;
  const { concurrency, stop, retryFailed, onStart, onNote, ...given } = more;
  const { agentboard, replay, recorded } = given;
  const named = defined({
    agentboard: agentboard && resolve(agentboard),
    replay: replay && resolve(replay),
    recorded: recorded && resolve(recorded),
    batch: batches && true,
    judge: judge && { name: judge.name },
    model: model && { ...modelSettings, name: model.name },
  });
  return { ...given, ...named };
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
  const { judge, rejudge, onStart, onNote, concurrency = 16, retryFailed = false } = options;
  const plan = await planEvaluation(directory, {
    given: { ...(rejudge === undefined ? {} : await rejudging(resolve(rejudge))), ...givenSettings(options) },
    judge: judge && (() => judge),
    onNote,
  });
  const { settings, suites } = plan;
  const costOf = costFunction(options, settings);
  const { start } = await beginEvaluation(plan, {
    price: options.price,
    costOf,
    retryFailed,
    now: Date.now,
    open: async () => ({
      ...localModel(concurrency, FREE),
      costOf,
      batches: options.batches,
      agent: await openAgent(settings, suites, options.model),
    }),
  });
  const { stop = new AbortController().signal } = options;
  const result = await start({ stop, onStart, onNote });
  return { ...result, settings, summary: { ...summarize(result.results), spending: result.spending } };
}
