import type { ChatRequest, FinishReason } from "./chat-model.ts";

/** Tokens as a provider states them, in one event or in several. */
export interface ReportedUsage {
  readonly promptTokens?: number;
  readonly cachedTokens?: number;
  readonly completionTokens?: number;
}

/** What one event of a stream, or the body of a whole reply, brings. Everything may be missing. */
export interface ReplyPart {
  readonly text?: string;
  readonly reasoning?: string;
  readonly finish?: FinishReason;
  readonly usage?: ReportedUsage;
  /** The protocol's own end marker: nothing more will come. */
  readonly done?: boolean;
  /** An error that the provider sent inside an answer of status 200, as JSON text. */
  readonly failure?: string;
  /** What is wrong with an event that is not in the protocol. */
  readonly malformed?: string;
}

/** How a provider's protocol is written and read, without any I/O; one implementation a protocol. */
export interface ChatWire {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body to post, as JSON text. */
  body(request: ChatRequest): string;
  /** Begins to read a stream: the result is given the data of each of its server-sent events in order. */
  eventReader(): (data: string) => ReplyPart;
  /** Reads the body of a reply that was not streamed. */
  readReply(body: string): ReplyPart;
}

/** Settings that every protocol knows. What is not set is not sent, and the provider's default holds. */
export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  /** The most tokens that a reply may have. */
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
}
