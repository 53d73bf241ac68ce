import type { ChatMessage } from "../chat-model.ts";

/** Which protocol a request came in. */
export type Dialect = "openai" | "anthropic";

/** A request as the test server received it. */
export interface ServedRequest {
  /** From 1, in the order of arrival. */
  readonly number: number;
  readonly dialect: Dialect;
  readonly model: string;
  readonly stream: boolean;
  /** Anthropic's separate system text comes first, as a system message. */
  readonly messages: readonly ChatMessage[];
  /** The whole parsed body. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What stands behind the question mark of the address; empty when there is none. */
  readonly query: string;
}

/**
 * What goes wrong after `after` deltas of a streamed reply. Without streaming, every kind but `error`,
 * `no-end` and `endless` acts before the body is written.
 * - `drop`: the connection is cut.
 * - `stall`: nothing more is sent, the connection stays open.
 * - `malformed`: something that is not JSON is sent.
 * - `error`: an error object is sent inside the stream with status 200.
 * - `no-end`: the stream ends in good order on the wire, but without a finish reason or an end marker.
 * - `endless`: after the whole reply and its end marker, the connection stays open.
 */
interface ServedFault {
  readonly kind: "drop" | "stall" | "malformed" | "error" | "no-end" | "endless";
  readonly after: number;
  /** The object sent by `error`. */
  readonly error?: Readonly<Record<string, unknown>>;
}

/** A reply with its pace. */
export interface ServedReply {
  readonly text: string;
  readonly reasoning?: string;
  readonly finish?: "stop" | "length" | "filter";
  /** Characters in each delta; 20 when not given. */
  readonly deltaLength?: number;
  /** Milliseconds before the first byte. */
  readonly latency?: number;
  /** Milliseconds between bursts; without it everything is written as fast as the client reads. */
  readonly pause?: number;
  /** Deltas in one burst, which is one write; 10 when not given. */
  readonly burst?: number;
  /** When given, each burst is cut into writes of so many bytes, in the middle of characters too. */
  readonly bytesPerWrite?: number;
  /** Prompt tokens that were read from a cache, as the reply's usage states; 0 when not given. */
  readonly cachedTokens?: number;
  /** The tokens of the prompt as the usage states them in OpenAI's protocol; counted when not given. */
  readonly promptTokens?: number;
  /** False leaves out the usage. */
  readonly usage?: boolean;
  readonly fault?: ServedFault;
}

/** A refusal with a status code. */
export interface ServedRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when a text, as JSON otherwise; without it, an error object in the request's dialect. */
  readonly body?: unknown;
  /** True keeps the connection open after the body, as if more were to come. */
  readonly unfinished?: boolean;
}

/** The request is accepted and never answered. */
interface ServedSilence {
  readonly silence: true;
}

/** What a handler answers; a text alone is a reply in full. */
export type ServedAnswer = string | ServedReply | ServedRefusal | ServedSilence;
