import { AgentRefineError } from "../errors.ts";
import { ChatError } from "./chat-error.ts";
import {
  type ChatModel,
  type ChatOptions,
  type ChatReply,
  type ChatRequest,
  type Usage,
  waitSignal,
} from "./chat-model.ts";
import type { Ledger } from "./ledger.ts";
import { costOf, type Price } from "./prices.ts";

/** What the meter must know of a model. */
export interface MeterOptions {
  /** Undefined when it is unknown: calls then count as free, which a cap does not allow. */
  readonly price: Price | undefined;
  /** The most tokens that a reply may have. */
  readonly maxTokens: number | undefined;
}

/** Tokens that a chat template may add around one message, and around the whole, at most. */
const OVERHEAD = 16;

/**
 * The most that a call may cost, in dollars: no tokenizer that providers use makes more tokens of a text than
 * it has bytes, and a reply ends at `maxTokens`.
 */
export function worstCost(request: ChatRequest, price: Price, maxTokens: number): number {
  const schema = request.schema === undefined ? 0 : Buffer.byteLength(JSON.stringify(request.schema));
  const prompt = request.messages.reduce(
    (sum, { content }) => sum + Buffer.byteLength(content) + OVERHEAD,
    schema,
  );
  const dearest = Math.max(price.prompt, price.cachedPrompt);
  return costOf(
    { ...price, prompt: dearest },
    { promptTokens: prompt + OVERHEAD, completionTokens: maxTokens, cachedTokens: 0, estimated: true },
  );
}

/**
 * A model whose every attempt is booked in `ledger`. It belongs beneath the model that repeats broken calls,
 * so that each attempt is reserved for and settled by itself, and above the limiter, so that a call that waits
 * for money holds no place among those that run. Throws AgentRefineError for a cap that could not be kept.
 */
export function meteredModel(model: ChatModel, ledger: Ledger, options: MeterOptions): ChatModel {
  const { price, maxTokens } = options;
  if (ledger.maxCost !== undefined && price === undefined) {
    throw new AgentRefineError(`a cost limit needs the price of ${model.name}, which is not known`, {
      fix: "Give it with --price PROMPT,COMPLETION (dollars for a million tokens) or in a price list.",
    });
  }
  if (ledger.maxCost !== undefined && maxTokens === undefined) {
    throw new AgentRefineError("a cost limit needs to know how long a reply can get", {
      fix: "Set the most tokens that a reply may have.",
    });
  }
  const worstOf = (request: ChatRequest): number =>
    price === undefined || maxTokens === undefined ? 0 : worstCost(request, price, maxTokens);
  const settle = (worst: number, usage: Usage | undefined): void => {
    ledger.settle(worst, usage, price === undefined || usage === undefined ? 0 : costOf(price, usage));
  };

  const chat = async (request: ChatRequest, chatOptions: ChatOptions = {}): Promise<ChatReply> => {
    const worst = worstOf(request);
    await ledger.reserve(worst, waitSignal(chatOptions));
    try {
      const reply = await model.chat(request, chatOptions);
      settle(worst, reply.usage);
      return reply;
    } catch (error) {
      if (error instanceof ChatError) settle(worst, error.usage);
      // A call that was ended from outside says nothing of what it bought, so the cap counts the worst.
      else ledger.settle(worst, undefined, hasNotBegun(error, chatOptions) ? 0 : worst);
      throw error;
    }
  };
  return { name: model.name, chat };
}

/** Whether an error is the reason of `stop`, which only ends waits: the call was still waiting for a slot. */
function hasNotBegun(error: unknown, { signal, stop }: ChatOptions): boolean {
  return stop?.aborted === true && error === stop.reason && signal?.aborted !== true;
}
