import { createHash } from "node:crypto";
import type { ChatErrorCode } from "./chat-error.ts";
import type { ChatReply, ChatRequest, FinishReason, Usage } from "./chat-model.ts";

/** What is kept of every call that cost something. */
interface BoughtCall {
  /** The first 16 digits of the SHA-256 of the request; a reply is only used for the request it answered. */
  readonly request: string;
  readonly usage: Usage;
  /** Dollars; null when the price is unknown. */
  readonly cost: number | null;
}

/** A reply as it was bought, written and synced before anything is made of it. */
export interface BoughtReply extends BoughtCall {
  readonly text: string;
  readonly reasoning?: string;
  readonly finish: FinishReason;
}

/** A call that was given up without a reply; kept for what it cost. */
export interface BrokenCall extends BoughtCall {
  readonly error: { readonly code: ChatErrorCode; readonly message: string };
}

/** The hash by which a recorded reply is matched with the request it answered. */
export function requestHash({ messages }: ChatRequest): string {
  return createHash("sha256").update(JSON.stringify(messages)).digest("hex").slice(0, 16);
}

/** The part of a call's record that its reply fills. */
export function replyFields(reply: ChatReply): Pick<BoughtReply, "text" | "reasoning" | "finish" | "usage"> {
  const { text, reasoning, finish, usage } = reply;
  return { text, ...(reasoning === undefined ? {} : { reasoning }), finish, usage };
}
