import type { Activity } from "./activity.ts";
import { type ChatModel, type ChatReply, waitSignal } from "./chat-model.ts";
import type { Limiter } from "./limiter.ts";

/**
 * A model whose calls wait for their turn in `limiter`, which several models of one provider may share, and are
 * counted in `activity` while they are on the wire.
 */
export function limitedModel(model: ChatModel, limiter: Limiter, activity: Activity): ChatModel {
  return {
    name: model.name,
    chat: (request, options = {}) => {
      const signal = waitSignal(options);
      const { priority } = options;
      const call = (): Promise<ChatReply> =>
        activity.track((sign) => {
          const progress = (characters: number): void => {
            sign(characters);
            options.progress?.(characters);
          };
          return model.chat(request, { ...options, progress });
        });
      return limiter.run(call, {
        ...(signal === undefined ? {} : { signal }),
        ...(priority === undefined ? {} : { priority }),
      });
    },
  };
}
