import { ChatError } from "../model/chat-error.ts";
import type { ChatMessage, ChatModel, ChatReply } from "../model/chat-model.ts";
import { exceedsContext } from "../model/context-length.ts";

/** How a conversation is put to a model. */
export interface AskOptions {
  /** How many of the oldest turns did not fit before; so many are left out from the beginning. */
  readonly forgotten: number;
  /** What is sent for a conversation; the conversation itself when not given. */
  readonly ask?: (conversation: readonly ChatMessage[]) => readonly ChatMessage[];
}

/** A reply, and what it is a reply to. */
export interface FittingReply {
  readonly reply: ChatReply;
  readonly messages: readonly ChatMessage[];
  /** How many of the oldest turns were left out. */
  readonly forgotten: number;
}

/** A conversation without its oldest turns, each a reply and what was shown for it; the first message stays. */
function withoutOldest(conversation: readonly ChatMessage[], turns: number): readonly ChatMessage[] {
  return [...conversation.slice(0, 1), ...conversation.slice(1 + 2 * turns)];
}

/**
 * Asks a model. Where the server refuses a conversation because the model's context is too short for it, its oldest
 * turn is left out, and the next, until it fits, as AgentBoard does; the first message, which has the instruction,
 * and the last turn are always sent. Rejects with the refusal when that is still too long.
 */
export async function chatWithin(
  model: ChatModel,
  conversation: readonly ChatMessage[],
  { forgotten: before, ask = (all) => all }: AskOptions,
): Promise<FittingReply> {
  const most = Math.max(0, Math.ceil((conversation.length - 1) / 2) - 1);
  for (let forgotten = Math.min(before, most); ; forgotten += 1) {
    const messages = [...ask(withoutOldest(conversation, forgotten))];
    try {
      return { reply: await model.chat({ messages }), messages, forgotten };
    } catch (error) {
      const canForget = forgotten < most && error instanceof ChatError && exceedsContext(error);
      if (!canForget) throw error;
    }
  }
}
