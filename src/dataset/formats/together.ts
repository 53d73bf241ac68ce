import type { TrainingExample } from "../training-example.ts";

/** A message of Together's fine-tuning files. */
export interface TogetherMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
  readonly weight: 0 | 1;
}

/** One row of `together`. It has no other key: Together's client refuses further columns. */
export interface TogetherRow {
  readonly messages: readonly TogetherMessage[];
}

/**
 * A training example with a weight on every message, the user's too: as soon as one message has a weight,
 * Together trains on whatever is not weighted 0.
 */
export function togetherRow({ messages }: TrainingExample): TogetherRow {
  return {
    messages: messages.map(({ role, content, loss }) => ({ role, content, weight: loss === true ? 1 : 0 })),
  };
}
