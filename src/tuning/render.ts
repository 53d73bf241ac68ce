import type { TrainingMessage } from "../dataset/training-example.ts";

/** A question and its answer as the text of a chat template. The turns' texts in a row are the conversation's. */
export interface RenderedTurn {
  /** What stands before the answer: the user's message and the header of the answer. Never trained. */
  readonly source: string;
  /** The answer with its end-of-turn token, in the loss when `loss` is true. */
  readonly target: string;
  /** What the template writes after the end-of-turn token, such as a line break. Never trained. */
  readonly tail: string;
  readonly loss: boolean;
}

/** Renders the messages of a training example, in which user and assistant alternate. */
export type Render = (messages: readonly TrainingMessage[]) => readonly RenderedTurn[];

/** Renders each pair of a user's and the assistant's message by itself, as most templates do. */
export function renderPairs(
  pair: (question: string, answer: string, number: number) => Omit<RenderedTurn, "loss">,
): Render {
  return (messages) =>
    messages.flatMap((message, place) => {
      const before = messages[place - 1];
      if (message.role !== "assistant" || before === undefined) return [];
      return [{ ...pair(before.content, message.content, (place - 1) / 2), loss: message.loss }];
    });
}
