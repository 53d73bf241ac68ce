import { ChatError, isRepeatable } from "../model/chat-error.ts";
import type { ChatModel, ChatReply } from "../model/chat-model.ts";
import type { CostOf } from "../model/prices.ts";
import { type BoughtReply, replyFields, requestHash } from "../model/reply.ts";
import type { EpisodeKey } from "./episode.ts";
import type { EpisodeCall } from "./episode-calls.ts";

/** What the recording of an episode needs. */
export interface RecordingOptions {
  readonly episode: EpisodeKey;
  /** Replies that were bought for the episode before, in their order. */
  readonly earlier: readonly BoughtReply[];
  /** Keeps what a call has bought; its reply is used only after this has resolved. */
  readonly keep: (call: EpisodeCall) => Promise<void>;
  /** Dollars for tokens; null when the price is unknown. */
  readonly costOf: CostOf;
  /** Ends the asking: calls on the wire finish and are kept, waits end, nothing new is asked. */
  readonly stop: AbortSignal;
}

/**
 * Puts the recording of one episode around the models that it asks. A request that was answered before gets the
 * reply that was bought then; any other is asked, and what it buys is kept before it is used. A call that broke has
 * no reply, so it is asked anew. Rejects with the reason of `stop` where something would have to be bought after it.
 */
export function recordedModels(options: RecordingOptions): (model: ChatModel) => ChatModel {
  const { episode, keep, costOf, stop } = options;
  const earlier = [...options.earlier];
  let replies = 0;

  const buy = async (
    model: ChatModel,
    hash: string,
    [request, chatOptions]: Parameters<ChatModel["chat"]>,
  ): Promise<ChatReply> => {
    stop.throwIfAborted();
    const key = { ...episode, call: replies + 1, request: hash };
    try {
      const reply = await model.chat(request, {
        label: `${key.suite}/${key.task}/${key.call}`,
        ...chatOptions,
        stop,
      });
      await keep({ ...key, ...replyFields(reply), cost: costOf(reply.usage, model.name) });
      return reply;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      const { code, message, usage } = error;
      if (usage !== undefined)
        await keep({ ...key, error: { code, message }, usage, cost: costOf(usage, model.name) });
      // The call would be repeated, were it not told to stop: the episode has not failed.
      if (isRepeatable(error)) stop.throwIfAborted();
      throw error;
    }
  };

  const chat = async (model: ChatModel, ...call: Parameters<ChatModel["chat"]>): Promise<ChatReply> => {
    const [request, chatOptions] = call;
    const hash = requestHash(request);
    const place = earlier.findIndex((reply) => reply.request === hash);
    const [known] = place < 0 ? [] : earlier.splice(place, 1);
    const reply = known ?? (await buy(model, hash, call));
    if (known !== undefined) chatOptions?.watch?.()(known.text);
    replies += 1;
    return replyFields(reply);
  };

  return (model) => ({ name: model.name, chat: (...call) => chat(model, ...call) });
}
