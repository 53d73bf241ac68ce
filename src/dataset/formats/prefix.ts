import type { TrainingExample, TrainingMessage } from "../training-example.ts";

/** A message without any mask. */
export interface PlainMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** One row of `prefix`: it ends on the only turn that may be trained. */
export interface PrefixRow {
  readonly messages: readonly PlainMessage[];
}

/** One row of `prompt-completion`: the same, with the turn that is trained apart from what comes before it. */
export interface PromptCompletionRow {
  readonly prompt: readonly PlainMessage[];
  readonly completion: readonly [PlainMessage];
}

function plain({ role, content }: TrainingMessage): PlainMessage {
  return { role, content };
}

/**
 * A row for each correct turn of the assistant, with everything before it as context, error turns included. An
 * engine that trains on the last turn only then computes exactly Eq. 1, at the price of reading early turns again
 * for each later one: about half the number of turns times the tokens.
 */
export function prefixRows({ messages }: TrainingExample): readonly PrefixRow[] {
  return messages.flatMap(({ loss }, place) =>
    loss === true ? [{ messages: messages.slice(0, place + 1).map(plain) }] : [],
  );
}

/** The rows of {@link prefixRows}, each cut before its last turn. */
export function promptCompletionRows({ messages }: TrainingExample): readonly PromptCompletionRow[] {
  return messages.flatMap((message, place) =>
    message.loss === true
      ? [{ prompt: messages.slice(0, place).map(plain), completion: [plain(message)] as const }]
      : [],
  );
}
