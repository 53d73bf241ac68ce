import type { ChatMessage, ChatModel } from "../model/chat-model.ts";
import { splitReasoning } from "../model/reply.ts";
import type { Agent, PlayedTrial, Reflection } from "./agent.ts";
import { chatWithin } from "./chat-within.ts";
import type { ReactOptions } from "./react-agent.ts";

/** What a model is asked after a trial that failed. */
function reflectionMessages(
  messages: readonly ChatMessage[],
  { goal, ending }: PlayedTrial,
): readonly ChatMessage[] {
  const log = messages
    .map(({ role, content }) => (role === "assistant" ? `Player:\n${content}` : `World:\n${content}`))
    .join("\n\n");
  const content = `Below is the log of a player who failed to reach this goal: ${goal.trim()}
The attempt ended because ${ending}. Find out where it went wrong. Then write, in at most four sentences and to the player, what to do differently in the next attempt: a new plan with the concrete actions that matter. Write the plan only.

Log:
${log}`;
  return [{ role: "user", content }];
}

/**
 * Reflexion (Shinn et al., 2024; App. G) around an agent that talks to a model: after a trial that failed, the
 * model looks back at its log, and what it writes stands in the first message of the next trial. `trials` counts
 * the first one. The paper does not say how many it used.
 */
export function withReflexion(
  agent: Agent,
  model: ChatModel,
  trials: number,
  { maxTokens }: ReactOptions = {},
): Agent {
  const reflect: NonNullable<Agent["reflect"]> = async (played, { recorded }): Promise<Reflection> => {
    const { reply, messages } = await chatWithin(recorded(model), played.messages, {
      forgotten: 0,
      maxTokens,
      ask: (conversation) => reflectionMessages(conversation, played),
    });
    return { lesson: splitReasoning(reply.text).text.trim(), messages, reply };
  };
  return { name: `${agent.name}+reflexion`, begin: (briefing) => agent.begin(briefing), trials, reflect };
}
