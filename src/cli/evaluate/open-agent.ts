import type { Agent } from "../../agent/agent.ts";
import type { EvaluationSettings } from "../../config/run-settings.ts";
import type { Suite } from "../../environment/environment.ts";
import { openAgent as openNamed } from "../../evaluation/evaluate-suites.ts";
import type { Price } from "../../model/prices.ts";
import { openRunModel, type RunModel, type RunModelOptions } from "../model/open-run-model.ts";
import { CallLog } from "../terminal/call-log.ts";

/** An agent with what an evaluation must know of its model. */
export interface OpenedAgent extends Omit<RunModel, "model"> {
  readonly agent: Agent;
}

/** Episodes at once of agents that wait for nothing. */
const LOCAL_EPISODES = 4;

/** Opens the agent that plays the suites, with its model where it has one. Throws AgentRefineError. */
export async function openAgent(
  settings: EvaluationSettings,
  suites: readonly Suite[],
  options: Omit<RunModelOptions, "seed"> & { readonly price: Price | undefined },
): Promise<OpenedAgent> {
  const { model: choice, seed } = settings;
  if (choice === undefined) {
    return {
      agent: await openNamed(settings, suites, undefined),
      concurrency: options.session.options.concurrency ?? LOCAL_EPISODES,
      costOf: () => 0,
      activity: undefined,
      limiter: undefined,
      onNote: () => {},
      log: new CallLog(),
      end: () => {},
    };
  }
  const { model, ...rest } = await openRunModel(choice, { ...options, seed });
  return { agent: await openNamed(settings, suites, model), ...rest };
}
