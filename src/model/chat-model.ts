import * as z from "zod";
import { systemErrorCode } from "../errors.ts";

/** One message of a chat. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

const texts = new WeakMap<ChatMessage, string>();

/**
 * Messages as JSON. That of each is kept as long as the message is, since a conversation is hashed and sent again with
 * every turn that is added to it.
 */
export function messagesText(messages: readonly ChatMessage[]): string {
  const written = messages.map((message) => {
    const known = texts.get(message);
    if (known !== undefined) return known;
    const text = JSON.stringify(message);
    texts.set(message, text);
    return text;
  });
  return `[${written.join(",")}]`;
}

/** What a model is asked. The same request always has the same bytes, so that providers' prompt caches hit. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /** A JSON Schema for the reply, used by servers that can bind their output to one. */
  readonly schema?: ReplySchema;
  /** How the reply to this request is drawn, over what holds for all; what the server refuses of it is left out. */
  readonly sampling?: Pick<Sampling, "temperature" | "stop">;
}

/** A named JSON Schema that a reply has to follow. */
export interface ReplySchema {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Whether the schema keeps to the subset that providers call strict. */
  readonly strict: boolean;
  /** The same and more as a grammar in GBNF, for servers that take one. */
  readonly grammar?: string | undefined;
  /** Why a part of the reply stays free that was to be bound, in words; undefined when none does. */
  readonly unbound?: string | undefined;
}

/** Tokens bought by one call. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** The part of `promptTokens` that the provider read from its cache; 0 when it does not say. */
  readonly cachedTokens: number;
  /** The part of `promptTokens` that the provider wrote to its cache at a higher price; left out when none. */
  readonly cacheWriteTokens?: number;
  /** True when the provider sent no usage (an aborted stream, say) and the counts are our estimate. */
  readonly estimated: boolean;
}

/** No tokens at all. */
export const NO_USAGE: Usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0, estimated: false };

/** The tokens of several calls together. */
export function totalUsage(usages: readonly Usage[]): Usage {
  return usages.reduce((sum, usage) => {
    const written = (sum.cacheWriteTokens ?? 0) + (usage.cacheWriteTokens ?? 0);
    return {
      promptTokens: sum.promptTokens + usage.promptTokens,
      completionTokens: sum.completionTokens + usage.completionTokens,
      cachedTokens: sum.cachedTokens + usage.cachedTokens,
      ...(written === 0 ? {} : { cacheWriteTokens: written }),
      estimated: sum.estimated || usage.estimated,
    };
  }, NO_USAGE);
}

export const FINISH_REASONS = ["stop", "length", "filter", "tool", "aborted"] as const;

/**
 * Why a reply ended: by itself, at the token limit, refused (by the model or a content filter), with a call of a
 * tool that nobody offered, or stopped by `watch`.
 */
export type FinishReason = (typeof FINISH_REASONS)[number];

/**
 * What a model answered. A reply that says nothing is one whose `text` is empty; `finish`, `reasoning` and `refusal`
 * tell why.
 */
export interface ChatReply {
  readonly text: string;
  /** Reasoning that the provider sends beside the text; kept, never parsed. */
  readonly reasoning?: string;
  /** The words with which the model refused, where the provider sends them apart; `finish` is then `filter`. */
  readonly refusal?: string;
  readonly finish: FinishReason;
  /** Tokens of this call, including those of attempts that broke and were retried. */
  readonly usage: Usage;
}

export const samplingSchema = z.object({
  temperature: z.number().exactOptional(),
  topP: z.number().exactOptional(),
  /** The most tokens that a reply may have. */
  maxTokens: z.number().exactOptional(),
  seed: z.number().exactOptional(),
  stop: z.array(z.string()).readonly().exactOptional(),
});

/**
 * How a model draws its replies; every protocol knows these. What is not set is not sent, and the provider's default
 * holds.
 */
export type Sampling = Readonly<z.infer<typeof samplingSchema>>;

/** How one call is made. */
export interface ChatOptions {
  /** Ends the call at once; `chat` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Ends the wait for a slot or for a retry, in the same way, but lets a call that is on the wire finish: its
   * tokens are bought already. Where attempts that broke have bought tokens, `chat` rejects with the last one's
   * {@link ChatError} instead, whose usage tells of them.
   */
  readonly stop?: AbortSignal;
  /**
   * Fed with each piece of text as it arrives, once and in order for each attempt. Returning true stops the
   * call: the reply then has `finish: "aborted"` and the text so far. Models that do not stream feed it the
   * whole text, and nothing is left to stop. A call that breaks and is retried starts with a new watch.
   */
  readonly watch?: () => (text: string) => boolean;
  /** Which call goes first when several wait for a slot or for money: the higher; 0 when not given. */
  readonly priority?: number;
  /** What the call is for, as a log names it. */
  readonly label?: string;
  /** Told of each piece that arrives, reasoning included: how many characters it has. */
  readonly progress?: (characters: number) => void;
}

/**
 * A language model and nothing else. `chat` rejects with a {@link ChatError} when no reply could be had, or
 * with the signal's reason when it was told to end.
 */
export interface ChatModel {
  /** The model's name, as prices and records know it. */
  readonly name: string;
  chat(request: ChatRequest, options?: ChatOptions): Promise<ChatReply>;
}

/** What ends the waits of a call: the signal that ends the whole call, or the one that ends waits only. */
export function waitSignal({ signal, stop }: ChatOptions): AbortSignal | undefined {
  if (signal === undefined || stop === undefined) return signal ?? stop;
  return AbortSignal.any([signal, stop]);
}

/** How a call waits for a slot or for money: `signal` ends the wait; the higher priority goes first, 0 when not given. */
export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  readonly priority?: number | undefined;
}

export function turnOptions(options: ChatOptions): TurnOptions {
  return { signal: waitSignal(options), priority: options.priority };
}

export const CHAT_ERROR_CODES = [
  "rate-limited",
  "overloaded",
  "unreachable",
  "timeout",
  "bad-reply",
  "rejected-request",
  "unauthorized",
  "no-credit",
  "not-found",
] as const;

/**
 * Why a call got no reply.
 * - `rate-limited`: the provider asks for fewer calls (429).
 * - `overloaded`: the provider cannot keep up (408, 409, 5xx, 529).
 * - `unreachable`: no connection, a connection that broke, a stream that stopped in the middle.
 * - `timeout`: nothing came for too long.
 * - `bad-reply`: an answer that is not in the protocol.
 * - `rejected-request`: the provider refuses this request (400, 413, 422, …); sending it again would not help.
 * - `unauthorized`: a missing or wrong key (401, 403).
 * - `no-credit`: the account cannot pay (402, `insufficient_quota`).
 * - `not-found`: no such model or address (404).
 */
export type ChatErrorCode = (typeof CHAT_ERROR_CODES)[number];

/** What a {@link ChatError} carries beside its code and words. */
interface ChatErrorOptions {
  readonly status?: number | undefined;
  /** How long the provider asks to wait, in milliseconds. */
  readonly retryAfter?: number | undefined;
  /** Tokens that were bought before the call broke (estimated). */
  readonly usage?: Usage | undefined;
  readonly cause?: unknown;
}

/** A call that got no reply. The message names the provider's words and never holds a key. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: ChatErrorCode;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly usage: Usage | undefined;

  constructor(code: ChatErrorCode, message: string, options: ChatErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.retryAfter = options.retryAfter;
    this.usage = options.usage;
  }
}

const REPEATABLE: ReadonlySet<ChatErrorCode> = new Set([
  "rate-limited",
  "overloaded",
  "unreachable",
  "timeout",
  "bad-reply",
]);

/** Whether the same request may succeed when it is sent again. */
export function isRepeatable(error: ChatError): boolean {
  return REPEATABLE.has(error.code);
}

/** Whether a server seems to be starting: it refuses connections, or says that it is not ready yet. */
export function isStarting({ code, status, cause }: ChatError): boolean {
  if (code === "overloaded") return status === 503;
  return code === "unreachable" && /ECONNREFUSED/.test(`${systemErrorCode(cause)} ${cause}`);
}

const NEEDS_THE_USER: ReadonlySet<ChatErrorCode> = new Set(["unauthorized", "no-credit", "not-found"]);

/** Whether every further call would fail in the same way until the user has done something. */
export function needsTheUser(error: ChatError): boolean {
  return NEEDS_THE_USER.has(error.code);
}

/** The same error with other counts of tokens, or other words. */
export function withUsage(
  error: ChatError,
  usage: Usage | undefined,
  message: string = error.message,
): ChatError {
  const { code, status, retryAfter, cause } = error;
  return new ChatError(code, message, { status, retryAfter, cause, usage });
}
