import type { TrainingExample } from "../training-example.ts";

/** A message of OpenAI's fine-tuning files: `weight` 0 or 1, on the assistant's messages only. */
export type WeightedMessage =
  | { readonly role: "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string; readonly weight: 0 | 1 };

/** One row of `openai`. It has no other key: the service refuses what it does not know. */
export interface OpenAiRow {
  readonly messages: readonly WeightedMessage[];
}

/** A training example with the mask of Eq. 1 as the weight of each of the assistant's messages. */
export function openAiRow({ messages }: TrainingExample): OpenAiRow {
  return {
    messages: messages.map((message) =>
      message.role === "user"
        ? { role: message.role, content: message.content }
        : { role: message.role, content: message.content, weight: message.loss ? 1 : 0 },
    ),
  };
}
