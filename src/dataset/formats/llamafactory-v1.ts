import type { TrainingExample } from "../training-example.ts";

/** A message as LLaMA-Factory's v1 engine reads it: its content is a list of blocks, never a string. */
export interface BlockMessage {
  readonly role: "user" | "assistant";
  readonly content: readonly [{ readonly type: "text"; readonly value: string }];
  /** Always a number: the engine fails on null. */
  readonly loss_weight: 0 | 1;
}

/** One row of `llamafactory-v1`. */
export interface LlamaFactoryV1Row {
  readonly messages: readonly BlockMessage[];
}

/** A training example with the mask of Eq. 1 as the loss weight of each message. */
export function llamaFactoryV1Row({ messages }: TrainingExample): LlamaFactoryV1Row {
  return {
    messages: messages.map(({ role, content, loss }) => ({
      role,
      content: [{ type: "text", value: content }],
      loss_weight: loss === true ? 1 : 0,
    })),
  };
}
