import type { ChatRequest, FinishReason } from "./chat-model.ts";

/** Tokens as a provider states them, in one event or in several. */
export interface ReportedUsage {
  readonly promptTokens?: number;
  readonly cachedTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly completionTokens?: number;
}

/** What one event of a stream, or the body of a whole reply, brings. Everything may be missing. */
export interface ReplyPart {
  readonly text?: string;
  readonly reasoning?: string;
  readonly refusal?: string;
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

/** The address of a protocol's `path` below a base URL, whose query is kept (Azure's `api-version`). */
export function endpointUrl(baseUrl: string, path: string): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${path}`;
  return url.href;
}

/** A JSON object whose fields are not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON object that a text holds, or undefined. */
export function parseFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The JSON object of an event; `unread` is what to make of an event that has none: gateways keep connections alive
 * with empty events and with words, but an object that cannot be parsed is a broken one.
 */
export function parseEvent(data: string): { readonly event?: Fields; readonly unread: ReplyPart } {
  const event = parseFields(data);
  if (event !== undefined) return { event, unread: {} };
  return { unread: /^\s*\{/.test(data) ? { malformed: "an event that is not a JSON object" } : {} };
}

/** A count of tokens, or undefined when the field holds no whole number of them. */
export function readCount(fields: Fields, key: string): number | undefined {
  const value = fields[key];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A text that is not empty, or undefined. */
export function readText(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
