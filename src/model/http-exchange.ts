import { type Agent, type Dispatcher, request as send } from "undici";
import { type Call, takePart } from "./call.ts";
import { ChatError } from "./chat-error.ts";
import type { ChatWire, ReplyPart } from "./chat-wire.ts";
import { classifyFailure } from "./classify-failure.ts";
import { readEvents } from "./read-events.ts";
import { readBeginning, readText } from "./read-text.ts";
import { transportFailure } from "./transport-failure.ts";

/** Where calls go and how they are bounded. */
export interface Endpoint {
  readonly wire: ChatWire;
  readonly stream: boolean;
  /** Values that no error may show. */
  readonly secrets: readonly string[];
  readonly host: string;
  readonly maxReplyLength: number;
  /** Milliseconds that a whole exchange may take; undefined when only silence ends one. */
  readonly totalTimeout: number | undefined;
  readonly agent: Agent;
}

/** Bytes of a refusal that are read for its words. */
const REFUSAL_LIMIT = 64 * 1024;
/** The most bytes that one character takes in JSON: a `\u` escape. */
const BYTES_PER_CHARACTER = 6;

/**
 * Posts the request and reads the answer into the call's draft. Rejects with a {@link ChatError}, or with
 * whatever undici makes of the signal's reason.
 */
export async function exchange(
  endpoint: Endpoint,
  call: Call,
  signal: AbortSignal | undefined,
): Promise<void> {
  const began = performance.now();
  const failed = (error: unknown): never => {
    throw transportFailure(error, endpoint.host, endpoint.secrets);
  };
  const answer = await send(endpoint.wire.url, {
    method: "POST",
    headers: endpoint.wire.headers,
    body: endpoint.wire.body(call.request),
    dispatcher: endpoint.agent,
    ...(signal === undefined ? {} : { signal }),
  }).catch(failed);
  const timer = limitBody(endpoint, answer, performance.now() - began);
  await readAnswer(endpoint, call, answer)
    .catch(failed)
    .finally(() => clearTimeout(timer));
}

/** Reads a reply into the call's draft; a refusal, and a page in place of a reply, is thrown. */
async function readAnswer(endpoint: Endpoint, call: Call, answer: Dispatcher.ResponseData): Promise<void> {
  if (answer.statusCode < 200 || answer.statusCode > 299) {
    const body = await readBeginning(answer.body, REFUSAL_LIMIT);
    const refusal = { status: answer.statusCode, headers: answer.headers, body };
    throw withAddress(classifyFailure(refusal, endpoint.secrets, Date.now()), endpoint);
  }
  if (isPage(answer)) {
    await readBeginning(answer.body, REFUSAL_LIMIT);
    throw withAddress(new ChatError("not-found", "a web page came instead of a reply"), endpoint);
  }
  call.answered = true;
  const read = comesInEvents(answer, endpoint.stream) ? readStream : readWhole;
  await read(endpoint, call, answer);
}

/** Ends the reading of a body when the exchange has taken its whole time; undici bounds the time before. */
function limitBody(
  { host, totalTimeout }: Endpoint,
  { body }: Dispatcher.ResponseData,
  elapsed: number,
): NodeJS.Timeout | undefined {
  if (totalTimeout === undefined) return undefined;
  const end = (): void => {
    body.destroy(new ChatError("timeout", `${host} sent no whole reply within ${totalTimeout / 1000} s`));
  };
  return setTimeout(end, Math.max(0, totalTimeout - elapsed));
}

/** A wrong base URL is the usual reason when nothing is found, so the error shows what was asked. */
function withAddress(error: ChatError, { wire }: Endpoint): ChatError {
  if (error.code !== "not-found") return error;
  const { origin, pathname } = new URL(wire.url);
  const { status } = error;
  const message = `${error.message}, from ${origin}${pathname}; check the base URL and the model's name`;
  return new ChatError(error.code, message, status === undefined ? {} : { status });
}

function typeOf(answer: Dispatcher.ResponseData): string {
  return String(answer.headers["content-type"] ?? "");
}

/** A page of a proxy or of a web interface: the address is not that of an API. */
function isPage(answer: Dispatcher.ResponseData): boolean {
  return typeOf(answer).startsWith("text/html");
}

/** Some servers answer a request for a stream with a whole reply, and the other way round. */
function comesInEvents(answer: Dispatcher.ResponseData, expected: boolean): boolean {
  const type = typeOf(answer);
  if (type.startsWith("text/event-stream")) return true;
  return expected && !type.startsWith("application/json");
}

async function readStream(endpoint: Endpoint, call: Call, answer: Dispatcher.ResponseData): Promise<void> {
  const read = endpoint.wire.eventReader();
  await readEvents(answer.body, endpoint.maxReplyLength, (data) => {
    const part = read(data);
    rejectFailure(endpoint, answer, part);
    return takePart(call, part, endpoint.maxReplyLength);
  });
  if (call.cut !== undefined || call.defect !== undefined) return;
  // A finish reason without an end marker is enough; some servers never send one.
  if (call.draft.finish !== undefined) call.ended = true;
  if (!call.ended)
    throw new ChatError("unreachable", `${endpoint.host} ended the stream in the middle of a reply`);
}

async function readWhole(endpoint: Endpoint, call: Call, answer: Dispatcher.ResponseData): Promise<void> {
  const body = await readText(answer.body, endpoint.maxReplyLength * BYTES_PER_CHARACTER + REFUSAL_LIMIT);
  if (body === undefined) throw new ChatError("bad-reply", `${endpoint.host} sent a reply without end`);
  const part = endpoint.wire.readReply(body);
  rejectFailure(endpoint, answer, part);
  takePart(call, { ...part, done: true }, endpoint.maxReplyLength);
}

function rejectFailure(endpoint: Endpoint, answer: Dispatcher.ResponseData, part: ReplyPart): void {
  if (part.malformed !== undefined) {
    throw new ChatError("bad-reply", `${endpoint.host} sent ${part.malformed}`);
  }
  if (part.failure !== undefined) {
    const failure = { status: answer.statusCode, headers: answer.headers, body: part.failure };
    throw classifyFailure(failure, endpoint.secrets, Date.now());
  }
}
