import type { ChatMessage, ChatModel, ChatReply } from "../model/chat-model.ts";
import { firstMessage, formatReAct, parseReAct } from "../react.ts";
import type { Agent, Briefing, Move, Player } from "./agent.ts";
import { chatWithin } from "./chat-within.ts";
import { withLessons } from "./lessons.ts";
import { malformedObservation } from "./malformed-observation.ts";

/** Stands in the conversation for a reply without text, which some providers refuse to be sent. */
const EMPTY_REPLY = "(no text)";

/** A reply as a move, and as it stands in the conversation: well-formed ones in the words of training data. */
function readReply(reply: ChatReply): { readonly move: Move; readonly content: string } {
  const turn = parseReAct(reply.text);
  if (!("code" in turn)) return { move: { code: "action", ...turn, reply }, content: formatReAct(turn) };
  const observation = malformedObservation(turn);
  return {
    move: { code: "malformed", problem: turn.code, observation, reply },
    content: reply.text.trim() === "" ? EMPTY_REPLY : reply.text,
  };
}

function beginReAct(model: ChatModel, { instruction, lessons }: Briefing): Player {
  const messages: ChatMessage[] = [];
  let forgotten = 0;
  return {
    messages: () => [...messages],
    act: async ({ observation }) => {
      const isFirst = messages.length === 0;
      const first = (): string => firstMessage(withLessons(instruction, lessons), observation);
      messages.push({ role: "user", content: isFirst ? first() : observation.trim() });
      const fitting = await chatWithin(model, messages, { forgotten });
      forgotten = fitting.forgotten;
      const { move, content } = readReply(fitting.reply);
      messages.push({ role: "assistant", content });
      return forgotten === 0 ? move : { ...move, forgotten };
    },
  };
}

/**
 * The paper's agent (section 4.1): a chat in which the first message has the instruction and the first
 * observation, each reply is a thought and an action, and each further message is an observation. The first
 * message comes from the function that writes the training data's. A model that goes on to write observations
 * of its own does not see them again. When the conversation is too long for the model, its oldest turns are left
 * out ({@link chatWithin}).
 */
export function reactAgent(model: ChatModel): Agent {
  return { name: "react", begin: (briefing) => beginReAct(briefing.recorded(model), briefing) };
}
