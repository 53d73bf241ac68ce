import {
  ChatError,
  type ChatMessage,
  type ChatModel,
  type ChatReply,
  type ChatRequest,
  totalUsage,
} from "../model/chat-model.ts";
import { exceedsContext } from "../model/failure.ts";

/** How a conversation is put to a model. */
interface AskOptions {
  /** How many of the oldest turns did not fit before; so many are left out from the beginning. */
  readonly forgotten: number;
  /** The most tokens that the model is asked for in a reply; unknown when not given. */
  readonly maxTokens?: number | undefined;
  /** How the reply is drawn, where that is not the model's own. */
  readonly sampling?: ChatRequest["sampling"];
  /** What is sent for a conversation; the conversation itself when not given. */
  readonly ask?: (conversation: readonly ChatMessage[]) => readonly ChatMessage[];
}

/** A reply, and what it is a reply to. */
interface FittingReply {
  /** Its usage is that of all replies that were bought for it. */
  readonly reply: ChatReply;
  readonly messages: readonly ChatMessage[];
  /** How many of the oldest turns were left out. */
  readonly forgotten: number;
}

/** Estimated counts may be this far from the truth. */
const ESTIMATE = 0.5;

/**
 * Whether a reply was cut although it had not used up what it was asked to have: so llama.cpp answers a prompt that
 * just fits into the context.
 */
function filledContext({ finish, usage }: ChatReply, maxTokens: number | undefined): boolean {
  if (finish !== "length" || maxTokens === undefined) return false;
  return usage.completionTokens < (usage.estimated ? ESTIMATE : 1) * maxTokens;
}

/** The reply to a conversation, or undefined where it is too long for the model's context. */
async function replyTo(
  model: ChatModel,
  request: ChatRequest,
  canForget: boolean,
): Promise<ChatReply | undefined> {
  try {
    return await model.chat(request);
  } catch (error) {
    if (canForget && error instanceof ChatError && exceedsContext(error)) return undefined;
    throw error;
  }
}

/**
 * Asks a model. Where the model's context is too short for a conversation, its oldest turn is left out, and the next,
 * until it fits, as AgentBoard does; the first message, which has the instruction, and the last turn are always sent.
 * The context is too short when the server refuses the conversation, and when it cuts the reply before the limit that
 * was asked for; the latter only as long as leaving turns out makes the reply longer, as a server may have a lower
 * limit of its own. Rejects with the refusal when nothing more can be left out.
 */
export async function chatWithin(
  model: ChatModel,
  conversation: readonly ChatMessage[],
  { forgotten: before, maxTokens, sampling, ask = (all) => all }: AskOptions,
): Promise<FittingReply> {
  const most = Math.max(0, Math.ceil((conversation.length - 1) / 2) - 1);
  const bought: ChatReply[] = [];
  for (let forgotten = Math.min(before, most); ; forgotten += 1) {
    // Each turn is a reply and what was shown for it.
    const kept = [...conversation.slice(0, 1), ...conversation.slice(1 + 2 * forgotten)];
    const messages = [...ask(kept)];
    const request = sampling === undefined ? { messages } : { messages, sampling };
    const found = await replyTo(model, request, forgotten < most);
    if (found === undefined) continue;
    const last = bought.at(-1)?.usage.completionTokens ?? -1;
    bought.push(found);
    const hasRoom = found.usage.completionTokens > last && forgotten < most;
    if (hasRoom && filledContext(found, maxTokens)) continue;
    const usage = totalUsage(bought.map((each) => each.usage));
    return { reply: { ...found, usage }, messages, forgotten };
  }
}
