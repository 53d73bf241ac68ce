import type { ChatModel } from "../../model/chat-model.ts";

/** A model and how many of its calls are under way. */
export interface CountedModel {
  readonly model: ChatModel;
  readonly running: () => number;
}

/** Counts the calls of a model while they run. */
export function countedModel(model: ChatModel): CountedModel {
  let running = 0;
  const chat: ChatModel["chat"] = async (request, options) => {
    running += 1;
    try {
      return await model.chat(request, options);
    } finally {
      running -= 1;
    }
  };
  return { model: { name: model.name, chat }, running: () => running };
}
