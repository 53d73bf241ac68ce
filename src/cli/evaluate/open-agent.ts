import type { Agent } from "../../agent/agent.ts";
import { expertAgent, randomAgent, replayAgent } from "../../agent/planned-agents.ts";
import { reactAgent } from "../../agent/react-agent.ts";
import { withReflexion } from "../../agent/reflexion.ts";
import type { Suite } from "../../environment/environment.ts";
import type { Price } from "../../model/prices.ts";
import { evaluateWords } from "../evaluation-words.ts";
import { openRunModel, type RunModel, type RunModelOptions } from "../model/open-run-model.ts";
import { UsageError } from "../usage-error.ts";
import type { EvaluationSettings } from "./evaluation-settings.ts";
import { readRecording } from "./read-recording.ts";

/** An agent with what an evaluation must know of its model. */
export interface OpenedAgent extends Omit<RunModel, "model"> {
  readonly agent: Agent;
}

/** Episodes at once of agents that wait for nothing. */
const LOCAL_EPISODES = 4;

/** Refuses a recording of which nothing can be replayed: every episode would end at once, as if it were played. */
async function openReplay(file: string, suites: readonly Suite[]): Promise<Agent> {
  const recorded = await readRecording(file);
  const known = new Set(
    suites.flatMap(({ name, tasks }) => tasks.map(({ id }) => JSON.stringify([name, id]))),
  );
  if (recorded.some(({ suite, task }) => known.has(JSON.stringify([suite, task]))))
    return replayAgent(recorded);
  throw new UsageError(evaluateWords.otherRecording(file), { fix: evaluateWords.recordingFix });
}

async function openWithoutModel(
  { agent, replay }: EvaluationSettings,
  suites: readonly Suite[],
): Promise<Agent> {
  if (agent === "replay" && replay !== undefined) return openReplay(replay, suites);
  return agent === "expert" ? expertAgent : randomAgent;
}

/** Opens the agent that plays the suites, with its model where it has one. Throws AgentRefineError. */
export async function openAgent(
  settings: EvaluationSettings,
  suites: readonly Suite[],
  options: Omit<RunModelOptions, "seed"> & { readonly price: Price | undefined },
): Promise<OpenedAgent> {
  const { model: choice, reflexion, seed } = settings;
  if (choice === undefined) {
    const concurrency = options.session.options.concurrency ?? LOCAL_EPISODES;
    return {
      agent: await openWithoutModel(settings, suites),
      concurrency,
      costOf: () => 0,
      activity: undefined,
      limiter: undefined,
      onNote: () => {},
    };
  }
  const opened = await openRunModel(choice, { ...options, seed });
  const { model, ...rest } = opened;
  const { maxTokens } = choice;
  const react = reactAgent(model, { maxTokens });
  const agent = reflexion === undefined ? react : withReflexion(react, model, reflexion, { maxTokens });
  return { agent, ...rest };
}
