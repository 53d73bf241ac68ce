import type { ChatMessage } from "../chat-model.ts";
import type { ServedReply } from "./served-answer.ts";

/** The body of a request, parsed. */
export type ServedBody = Readonly<Record<string, unknown>>;

/** How a protocol is written on the wire by the test server. Texts are whole server-sent events. */
export interface ServedDialect {
  messages(body: ServedBody): readonly ChatMessage[];
  start(reply: ServedReply, messages: readonly ChatMessage[]): string;
  text(delta: string): string;
  reasoning(delta: string): string;
  end(reply: ServedReply, messages: readonly ChatMessage[], body: ServedBody): string;
  readonly malformed: string;
  errorEvent(error: Readonly<Record<string, unknown>>): string;
  /** The body of a reply that is not streamed. */
  whole(reply: ServedReply, messages: readonly ChatMessage[]): unknown;
  /** The body of a refusal. */
  refusal(status: number): unknown;
}

/** Tokens as the test server counts them: one for each four characters begun. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
