import type { TrainingExample } from "../training-example.ts";

/**
 * A message whose mask is given twice: `train` is what axolotl reads, `loss` what ms-swift reads. The user's
 * messages carry neither, since both engines mask them anyway and read `loss` as a boolean of the assistant.
 */
export type MaskedMessage =
  | { readonly role: "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string; readonly train: boolean; readonly loss: boolean };

/** One row of `messages`. */
export interface MessagesRow {
  readonly id: string;
  readonly messages: readonly MaskedMessage[];
}

/** A training example as role and content, with the mask of Eq. 1 on each of the assistant's messages. */
export function messagesRow({ id, messages }: TrainingExample): MessagesRow {
  return {
    id,
    messages: messages.map((message) =>
      message.role === "user"
        ? { role: message.role, content: message.content }
        : { role: message.role, content: message.content, train: message.loss, loss: message.loss },
    ),
  };
}
