import { systemErrorCode } from "../errors.ts";
import type { Usage } from "./chat-model.ts";

/** Every {@link ChatErrorCode}. */
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
  readonly status?: number;
  /** How long the provider asks to wait, in milliseconds. */
  readonly retryAfter?: number;
  /** Tokens that were bought before the call broke (estimated). */
  readonly usage?: Usage;
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
  return new ChatError(code, message, {
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(cause === undefined ? {} : { cause }),
    ...(usage === undefined ? {} : { usage }),
  });
}
