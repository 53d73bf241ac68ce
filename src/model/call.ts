import {
  ChatError,
  type ChatMessage,
  type ChatOptions,
  type ChatReply,
  type ChatRequest,
  type FinishReason,
  type Usage,
  withUsage,
} from "./chat-model.ts";
import type { ServerLimits } from "./server-limits.ts";

/** A call under way, whatever carries it. What has come of the reply only grows. */
export class Call {
  readonly request: ChatRequest;
  readonly watch: ((text: string) => boolean) | undefined;
  readonly progress: ((characters: number) => void) | undefined;
  text = "";
  reasoning = "";
  refusal = "";
  finish: FinishReason | undefined;
  usage: ReportedUsage = {};
  /** Whether the provider has taken the request. */
  answered = false;
  /** Whether the reply has come to its end, so that the usage stated is the whole call's. */
  ended = false;
  /** Why we stopped reading, when we did. */
  cut: FinishReason | undefined;
  /** What `watch` threw, when it did: a defect of the caller, not a failure of the provider. */
  defect: { readonly error: unknown } | undefined;

  constructor(request: ChatRequest, { watch, progress }: ChatOptions) {
    this.request = request;
    this.watch = watch?.();
    this.progress = progress;
  }
}

/** Whether to read on; `finished` is the protocol's own end, `stop` closes the connection. */
export type ReadOn = "on" | "finished" | "stop";

/** How often one call may be written anew because its server was found to want it otherwise. */
const MOST_CHANGES = 6;

/**
 * Makes one call: `read` fills it, and this turns it into the reply, or into the error that `chat` promises. A
 * request that the server refuses for a field that can be written otherwise is written so and sent again at once.
 * What a broken call bought is told with its error: all that came, and the prompt alone when the provider went
 * silent.
 */
export async function makeCall(
  request: ChatRequest,
  options: ChatOptions,
  server: ServerLimits,
  read: (call: Call) => Promise<void>,
): Promise<ChatReply> {
  for (let changes = 0; ; changes += 1) {
    options.signal?.throwIfAborted();
    const { version } = server;
    const call = new Call(request, options);
    const failure = await failureOf(read(call), call, options.signal);
    if (failure !== undefined) {
      if (changes < MOST_CHANGES && server.learn(failure, request, version)) continue;
      throw failure;
    }
    if (call.defect !== undefined) throw call.defect.error;
    const reply = replyOf(call);
    server.compare(request, reply.usage);
    return reply;
  }
}

/** The failure of a reading with what it bought; anything but a {@link ChatError} is thrown. */
async function failureOf(
  reading: Promise<void>,
  call: Call,
  signal: AbortSignal | undefined,
): Promise<ChatError | undefined> {
  try {
    await reading;
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ChatError)) throw error;
    return call.answered || error.code === "timeout" ? withUsage(error, estimatedUsage(call)) : error;
  }
}

/** Adds what came, bounds the reply, shows new text to `watch`, and says whether to read on. */
export function takePart(call: Call, part: ReplyPart, maxReplyLength: number): ReadOn {
  addPart(call, part);
  const excess = call.text.length + call.reasoning.length - maxReplyLength;
  if (excess > 0) {
    call.text = call.text.slice(0, maxReplyLength);
    call.cut = "length";
  }
  if (call.watch !== undefined && part.text !== undefined && part.text !== "") {
    try {
      // What came whole was bought whole: nothing is left to stop.
      if (call.watch(part.text) && part.done !== true) call.cut = "aborted";
    } catch (error) {
      call.defect = { error };
    }
  }
  if (call.cut !== undefined || call.defect !== undefined) return "stop";
  return part.done === true ? "finished" : "on";
}

/** Adds what came. A refusal stays one: some providers still say "stop" after it. */
function addPart(call: Call, part: ReplyPart): void {
  if (part.text !== undefined) call.text += part.text;
  if (part.reasoning !== undefined) call.reasoning += part.reasoning;
  if (part.refusal !== undefined) call.refusal += part.refusal;
  if (part.usage !== undefined) call.usage = { ...call.usage, ...part.usage };
  if (part.finish !== undefined && call.finish !== "filter") call.finish = part.finish;
  if (part.done === true) call.ended = true;
  if (call.progress !== undefined) {
    const characters = (part.text?.length ?? 0) + (part.reasoning?.length ?? 0);
    if (characters > 0) call.progress(characters);
  }
}

/** Tokens bought with a call that broke or was stopped: what the provider stated, else our estimate. */
function estimatedUsage({ request, text, reasoning, refusal, usage }: Call): Usage {
  const received = estimateTokens(text) + estimateTokens(reasoning) + estimateTokens(refusal);
  return {
    promptTokens: usage.promptTokens ?? estimatePromptTokens(request.messages),
    // A count that came with a stream that did not end is a count of its beginning.
    completionTokens: Math.max(received, usage.completionTokens ?? 0),
    ...cacheCounts(usage),
    estimated: true,
  };
}

function cacheCounts({
  cachedTokens = 0,
  cacheWriteTokens = 0,
}: ReportedUsage): Pick<Usage, "cachedTokens" | "cacheWriteTokens"> {
  return { cachedTokens, ...(cacheWriteTokens === 0 ? {} : { cacheWriteTokens }) };
}

function usageOf(call: Call): Usage {
  const { promptTokens, completionTokens } = call.usage;
  if (!call.ended || promptTokens === undefined || completionTokens === undefined)
    return estimatedUsage(call);
  return { promptTokens, completionTokens, ...cacheCounts(call.usage), estimated: false };
}

function replyOf(call: Call): ChatReply {
  const { text, reasoning, refusal, cut, finish } = call;
  return {
    text,
    ...(reasoning === "" ? {} : { reasoning }),
    ...(refusal === "" ? {} : { refusal }),
    finish: cut ?? finish ?? "stop",
    usage: usageOf(call),
  };
}

/** The reply that came whole and was read before, as of a batch. */
export function wholeReply(request: ChatRequest, part: ReplyPart, maxReplyLength: number): ChatReply {
  const call = new Call(request, {});
  takePart(call, { ...part, done: true }, maxReplyLength);
  return replyOf(call);
}

/** Tokens that chat templates add around one message, about. */
const MESSAGE_OVERHEAD = 4;

/**
 * About how many tokens a text has: a quarter of a token for each ASCII character, one for each UTF-16 unit
 * beyond (close for Chinese, high for accented Latin letters). For replies whose usage the provider did not
 * send; never for a price that is known.
 */
export function estimateTokens(text: string): number {
  let beyond = 0;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 127) beyond += 1;
  return Math.ceil((text.length - beyond) / 4) + beyond;
}

/** About how many tokens a prompt has: {@link estimateTokens} of each message, and four more for each. */
export function estimatePromptTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + estimateTokens(message.content) + MESSAGE_OVERHEAD, 0);
}

/** Tokens as a provider states them, in one event or in several. */
export interface ReportedUsage {
  readonly promptTokens?: number;
  readonly cachedTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly completionTokens?: number;
}

/** What one event of a stream, or the body of a whole reply, brings. Everything may be missing. */
export interface ReplyPart {
  readonly text?: string | undefined;
  readonly reasoning?: string | undefined;
  readonly refusal?: string | undefined;
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

/** The value of an object's own key; undefined when there is none, or the value is no JSON object. */
export function ownValue(value: unknown, key: string): unknown {
  return isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined;
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
