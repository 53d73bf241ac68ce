import { Agent } from "undici";
import { makeCall } from "./call.ts";
import type { ChatModel } from "./chat-model.ts";
import type { ChatWire } from "./chat-wire.ts";
import { type Endpoint, exchange } from "./http-exchange.ts";

/** How calls over HTTP are made and bounded. */
export interface HttpSettings {
  /** Whether replies are streamed; true when not given. */
  readonly stream?: boolean;
  /** Milliseconds in which nothing arrives before a streamed call ends as `timeout`; 120,000 when not given. */
  readonly idleTimeout?: number;
  /** Milliseconds that a call without streaming may take; 600,000 when not given. */
  readonly totalTimeout?: number;
  /** Characters, reasoning included, at which a reply is cut with `finish: "length"`; 8 Mi when not given. */
  readonly maxReplyLength?: number;
}

/** What holds when a setting is not given. */
export const HTTP_DEFAULTS: Required<HttpSettings> = {
  stream: true,
  idleTimeout: 120_000,
  totalTimeout: 600_000,
  maxReplyLength: 8 * 1024 * 1024,
};

const CONNECT_TIMEOUT = 30_000;

/**
 * A model behind HTTP, whatever its protocol. Its connections are its own: they are kept for the next call
 * and closed when a call is stopped; idle ones do not keep the process alive. `secrets` never show in an error.
 */
export function httpModel(
  name: string,
  wire: ChatWire,
  settings: HttpSettings,
  secrets: readonly string[],
): ChatModel {
  const stream = settings.stream ?? HTTP_DEFAULTS.stream;
  const idle = settings.idleTimeout ?? HTTP_DEFAULTS.idleTimeout;
  const total = settings.totalTimeout ?? HTTP_DEFAULTS.totalTimeout;
  // Without streaming the headers come with the whole reply, so only the total time can bound the wait.
  const timeouts = stream
    ? { headersTimeout: idle, bodyTimeout: idle }
    : { headersTimeout: total, bodyTimeout: 0 };
  const endpoint: Endpoint = {
    wire,
    stream,
    secrets,
    host: new URL(wire.url).host,
    maxReplyLength: settings.maxReplyLength ?? HTTP_DEFAULTS.maxReplyLength,
    totalTimeout: stream ? undefined : total,
    agent: new Agent({ ...timeouts, connect: { timeout: CONNECT_TIMEOUT } }),
  };
  return {
    name,
    chat: (request, options = {}) =>
      makeCall(request, options, (call) => exchange(endpoint, call, options.signal)),
  };
}
