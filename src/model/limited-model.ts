import { type ChatModel, waitSignal } from "./chat-model.ts";
import type { Limiter } from "./limiter.ts";

/** A model whose calls wait for their turn in `limiter`; several models of one provider may share it. */
export function limitedModel(model: ChatModel, limiter: Limiter): ChatModel {
  return {
    name: model.name,
    chat: (request, options = {}) =>
      limiter.run((noteFirstText) => {
        const begin = options.watch;
        const watch = (): ((text: string) => boolean) => {
          const look = begin?.();
          return (text) => {
            noteFirstText();
            return look?.(text) ?? false;
          };
        };
        return model.chat(request, { ...options, watch });
      }, waitSignal(options)),
  };
}
