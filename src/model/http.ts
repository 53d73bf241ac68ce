import { pipeline, type Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { createParser } from "eventsource-parser";
import { Agent, type Dispatcher, EnvHttpProxyAgent, errors } from "undici";
import { errorMessage } from "../errors.ts";
import { type Call, type ChatWire, makeCall, type ReadOn, type ReplyPart, takePart } from "./call.ts";
import { ChatError, type ChatModel, withUsage } from "./chat-model.ts";
import { classifyFailure, redact } from "./failure.ts";
import type { ServerLimits } from "./server-limits.ts";

/** How calls over HTTP are made and bounded. */
export interface HttpSettings {
  /** Whether replies are streamed; true when not given. */
  readonly stream?: boolean;
  /**
   * Milliseconds without text or reasoning after which a streamed call ends as `timeout`, whatever else keeps the
   * connection alive; 120,000 when not given.
   */
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
/** How long after its finish reason a stream may still bring its usage and its end marker, in milliseconds. */
const FINISHED_TIME = 5000;
/** Bytes of a refusal that are read for its words. */
const REFUSAL_LIMIT = 64 * 1024;
/** The most bytes that one character takes in JSON: a `\u` escape. */
const BYTES_PER_CHARACTER = 6;

/** Where calls go and how they are bounded. */
interface Endpoint {
  readonly wire: ChatWire;
  readonly stream: boolean;
  /** Values that no error may show. */
  readonly secrets: readonly string[];
  readonly host: string;
  /** Where `wire.url` leads, taken apart once and not for each call. */
  readonly origin: string;
  readonly path: string;
  readonly maxReplyLength: number;
  /** Milliseconds without text when replies are streamed, else those that the whole exchange may take. */
  readonly timeout: number;
  readonly agent: Dispatcher;
}

/**
 * A model behind HTTP, whatever its protocol. Its connections are its own: they are kept for the next call
 * and closed when a call is stopped; idle ones do not keep the process alive. Proxies are those of HTTP_PROXY,
 * HTTPS_PROXY and NO_PROXY. `secrets` never show in an error.
 */
export function httpModel(
  name: string,
  wire: ChatWire,
  settings: HttpSettings,
  server: ServerLimits,
  secrets: readonly string[],
): ChatModel {
  const { stream, idleTimeout, totalTimeout, maxReplyLength } = { ...HTTP_DEFAULTS, ...settings };
  const timeout = stream ? idleTimeout : totalTimeout;
  const { host, origin, pathname, search } = new URL(wire.url);
  const endpoint: Endpoint = {
    wire,
    stream,
    secrets,
    host,
    origin,
    path: `${pathname}${search}`,
    maxReplyLength,
    timeout,
    agent: openDispatcher(timeout),
  };
  return {
    name,
    chat: (request, options = {}) =>
      makeCall(request, options, server, (call) => exchange(endpoint, call, options.signal)),
  };
}

/**
 * Connections, through the proxy of the environment, on which the waits for a host and for a reply's head alone are
 * bounded, in milliseconds.
 */
export function openDispatcher(headersTimeout: number, connectTimeout: number = CONNECT_TIMEOUT): Dispatcher {
  const options = { headersTimeout, bodyTimeout: 0, connect: { timeout: connectTimeout } };
  const isProxied = ["http_proxy", "https_proxy"].some(
    (name) => process.env[name] || process.env[name.toUpperCase()],
  );
  // As curl does: a proxy is asked for http addresses themselves, and for a tunnel to https ones, which many allow only there.
  return isProxied ? new EnvHttpProxyAgent({ ...options, proxyTunnel: false }) : new Agent(options);
}

/**
 * Posts the request and reads the answer into the call. Rejects with a {@link ChatError}, or with whatever undici
 * makes of the signal's reason.
 */
async function exchange(endpoint: Endpoint, call: Call, signal: AbortSignal | undefined): Promise<void> {
  const { wire, host, timeout } = endpoint;
  let body: Readable | undefined;
  let isOver = false;
  // undici bounds the wait for the reply's head, so that no signal has to be made for each call; but its time begins
  // when the request is on the wire, and its clock is coarse, so a head may come when the time is over.
  const silence = setTimeout(() => {
    isOver = true;
    body?.destroy(timedOut(endpoint));
  }, timeout);
  try {
    const answer = await endpoint.agent.request({
      origin: endpoint.origin,
      path: endpoint.path,
      method: "POST",
      headers: { "accept-encoding": "identity", ...wire.headers },
      body: wire.body(call.request),
      ...(signal === undefined ? {} : { signal }),
    });
    body = decoded(answer, host);
    if (isOver) {
      body.on("error", () => {}).destroy();
      throw timedOut(endpoint);
    }
    await readAnswer({ endpoint, call, answer, body, silence });
  } catch (error) {
    throw transportFailure(error, endpoint);
  } finally {
    clearTimeout(silence);
  }
}

function timedOut({ host, stream, timeout }: Endpoint): ChatError {
  const what = stream ? "no text" : "no whole reply";
  return new ChatError("timeout", `${host} sent ${what} for ${timeout / 1000} s ('timeout')`);
}

/** The error that a connection's failure stands for: `timeout`, `bad-reply` (not HTTP) or `unreachable`. */
function transportFailure(error: unknown, endpoint: Endpoint): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof errors.HeadersTimeoutError) return timedOut(endpoint);
  // An error that tried several addresses has only its parts' words.
  const parts = error instanceof AggregateError ? error.errors : [error];
  const words = redact(parts.map(errorMessage).join("; "), endpoint.secrets);
  if (error instanceof errors.HTTPParserError) {
    return new ChatError("bad-reply", `${endpoint.host} does not speak HTTP: ${words}`, { cause: error });
  }
  return new ChatError("unreachable", `no reply from ${endpoint.host}: ${words}`, { cause: error });
}

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The body as it was before it was compressed; some gateways compress although they are asked not to. */
function decoded({ headers, body }: Dispatcher.ResponseData, host: string): Readable {
  const encoding = String(headers["content-encoding"] ?? "identity").toLowerCase();
  if (encoding === "identity" || encoding === "") return body;
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]?.() : undefined;
  if (decoder === undefined) {
    // Closing a body that has not ended makes an error of its own, which nobody waits for.
    body.on("error", () => {}).destroy();
    throw new ChatError(
      "bad-reply",
      `${host} sent a body compressed as ${encoding}, which was not asked for`,
    );
  }
  // Closing the decoder closes the body, and an error of one is an error of the other.
  return pipeline(body, decoder, () => {});
}

/** An answer that is being read. */
interface Reading {
  readonly endpoint: Endpoint;
  readonly call: Call;
  readonly answer: Dispatcher.ResponseData;
  readonly body: Readable;
  /** Ends the reading; begun anew with each text. */
  readonly silence: NodeJS.Timeout;
}

/** Reads a reply into the call; a refusal, and a page in place of a reply, is thrown. */
async function readAnswer(reading: Reading): Promise<void> {
  const { endpoint, call, answer, body } = reading;
  const type = String(answer.headers["content-type"] ?? "").toLowerCase();
  if (answer.statusCode < 200 || answer.statusCode > 299) {
    const refusal = await refusalOf(answer, body, endpoint.secrets);
    throw withAddress(refusal, new URL(endpoint.wire.url), ADVICE);
  }
  // A page of a proxy or of a web interface: the address is not that of an API.
  if (type.startsWith("text/html")) {
    await readBeginning(body, REFUSAL_LIMIT);
    const page = new ChatError("not-found", "a web page came instead of a reply");
    throw withAddress(page, new URL(endpoint.wire.url), ADVICE);
  }
  call.answered = true;
  // Some servers answer a request for a stream with a whole reply, and the other way round.
  const isStream =
    type.startsWith("text/event-stream") || (endpoint.stream && !type.startsWith("application/json"));
  await (isStream ? readStream(reading) : readWhole(reading));
}

const ADVICE = "check the base URL and the model's name";

/** What an answer that is a refusal stands for. */
export async function refusalOf(
  { statusCode, headers }: Dispatcher.ResponseData,
  body: Readable,
  secrets: readonly string[],
): Promise<ChatError> {
  const words = await readBeginning(body, REFUSAL_LIMIT);
  return classifyFailure({ status: statusCode, headers, body: words }, secrets);
}

/** A wrong address is the usual reason when nothing is found, so the error shows what was asked. */
export function withAddress(error: ChatError, { origin, pathname }: URL, advice: string): ChatError {
  if (error.code !== "not-found") return error;
  return withUsage(error, undefined, `${error.message}, from ${origin}${pathname}; ${advice}`);
}

/** Reads a stream. Once its finish reason has come the reply is whole, however the connection ends. */
async function readStream(reading: Reading): Promise<void> {
  const { endpoint, call, body, silence } = reading;
  const read = endpoint.wire.eventReader();
  let grace: NodeJS.Timeout | undefined;
  const onData = (data: string): ReturnType<typeof takePart> => {
    const part = read(data);
    rejectFailure(reading, part);
    const next = takePart(call, part, endpoint.maxReplyLength);
    if (part.text !== undefined || part.reasoning !== undefined) silence.refresh();
    if (call.finish !== undefined) grace ??= setTimeout(() => body.destroy(), FINISHED_TIME);
    return next;
  };
  try {
    await readEvents(body, endpoint.maxReplyLength, onData);
  } catch (error) {
    if (call.finish === undefined) throw error;
  } finally {
    clearTimeout(grace);
  }
  if (call.cut !== undefined || call.defect !== undefined) return;
  if (call.finish !== undefined) call.ended = true;
  if (!call.ended)
    throw new ChatError("unreachable", `${endpoint.host} ended the stream in the middle of a reply`);
}

/** Reads a reply that comes whole. One that can be read is whole, however the connection ends. */
async function readWhole(reading: Reading): Promise<void> {
  const { endpoint, call, body } = reading;
  const { text, end } = await readText(body, endpoint.maxReplyLength * BYTES_PER_CHARACTER + REFUSAL_LIMIT);
  if (end === "limit") throw new ChatError("bad-reply", `${endpoint.host} sent a reply without end`);
  const part = endpoint.wire.readReply(text);
  if (end !== "end" && (part.malformed !== undefined || part.failure !== undefined)) throw end;
  rejectFailure(reading, part);
  takePart(call, { ...part, done: true }, endpoint.maxReplyLength);
}

function rejectFailure({ endpoint, answer }: Reading, part: ReplyPart): void {
  if (part.malformed !== undefined) {
    throw new ChatError("bad-reply", `${endpoint.host} sent ${part.malformed}`);
  }
  if (part.failure !== undefined) {
    const failure = { status: answer.statusCode, headers: answer.headers, body: part.failure };
    throw classifyFailure(failure, endpoint.secrets);
  }
}

/**
 * A body as text, and how it ended: `limit` when it is longer than `limit` bytes (the connection is then closed),
 * else with an error. Listeners are used rather than `for await`, which costs more than all else in a short call.
 */
export function readText(
  body: Readable,
  limit: number,
): Promise<{ readonly text: string; readonly end: "end" | "limit" | Error }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (end: "end" | "limit" | Error): void =>
      resolve({
        text: Buffer.concat(chunks)
          .toString("utf8")
          .replace(/^\uFEFF/, ""),
        end,
      });
    body.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) body.destroy();
      else chunks.push(chunk);
    });
    body.on("end", () => finish("end"));
    body.on("error", (error) => finish(length > limit ? "limit" : error));
    // Only a body that was closed before its end has not settled the promise by now.
    body.on("close", () => finish(length > limit ? "limit" : new Error("the body was closed")));
  });
}

/** The beginning of a body, at most `limit` bytes; for the words of a failure, however long they are. */
export async function readBeginning(body: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      length += chunk.length;
      if (length >= limit) break;
    }
  } catch {
    // The status is known already; words that were cut off are better than none.
  }
  return Buffer.concat(chunks).toString("utf8", 0, Math.min(length, limit));
}

/** How long a connection may stay open after the protocol's end, in milliseconds, to be used again. */
const DRAIN_TIME = 250;

/**
 * Feeds `onData` with the data of each server-sent event of `body`, synchronously as bytes arrive, and
 * resolves when the body is closed. Rejects with what `onData` throws, with the body's own error, or with a
 * `bad-reply` when one event is longer than `limit` characters.
 *
 * Listeners are used rather than `for await`, which costs a promise for each of a thousand chunks.
 */
export function readEvents(body: Readable, limit: number, onData: (data: string) => ReadOn): Promise<void> {
  return new Promise((resolve, reject) => {
    let state: ReadOn = "on";
    let failure: unknown;
    let drain: NodeJS.Timeout | undefined;
    const stop = (error?: unknown): void => {
      state = "stop";
      failure ??= error;
      body.destroy();
    };
    const parser = createParser({
      maxBufferSize: limit,
      onEvent: ({ data }) => {
        if (state !== "on") return;
        state = onData(data);
      },
      onError: ({ type }) => {
        if (type !== "max-buffer-size-exceeded") return;
        throw new ChatError("bad-reply", `an event of the stream is longer than ${limit} characters`);
      },
    });
    const decoder = new StringDecoder("utf8");
    let isBeginning = true;
    const feed = (text: string): void => {
      try {
        parser.feed(isBeginning ? text.replace(/^\uFEFF/, "") : text);
        if (text !== "") isBeginning = false;
      } catch (error) {
        stop(error ?? new Error("the reader threw nothing"));
      }
    };
    const current = (): ReadOn => state;
    body.on("data", (chunk: Buffer) => {
      if (state !== "on") return;
      feed(decoder.write(chunk));
      if (current() === "stop") body.destroy();
      if (current() === "finished") drain = setTimeout(() => body.destroy(), DRAIN_TIME);
    });
    // Some servers leave out the empty line after the last event.
    body.on("end", () => {
      if (state === "on") feed("\n\n");
    });
    body.on("error", (error) => {
      // Closing a body that has not ended makes an error of its own, which says nothing new.
      if (state === "on") failure ??= error;
    });
    body.on("close", () => {
      clearTimeout(drain);
      if (failure === undefined) resolve();
      else reject(failure);
    });
  });
}
