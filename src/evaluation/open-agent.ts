import type { Agent } from "../agent/agent.ts";
import { expertAgent, randomAgent, replayAgent } from "../agent/planned-agents.ts";
import { reactAgent, withReflexion } from "../agent/react-agent.ts";
import type { Suite } from "../environment/suite.ts";
import { AgentRefineError } from "../errors.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { readRecording } from "./recording.ts";
import type { EvaluationSettings } from "./settings.ts";

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
