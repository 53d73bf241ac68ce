import { errorMessage, shortWords } from "../errors.ts";
import { AiSdkStreamError } from "./ai-sdk-parts.ts";
import { ChatError, type ChatErrorCode } from "./chat-error.ts";
import { classifyFailure } from "./classify-failure.ts";
import { redact } from "./redact.ts";
import { type Fields, isFields } from "./wire-fields.ts";

/** What the AI SDK's own errors mean; its packages mark them by name. */
const CODES: Readonly<Record<string, ChatErrorCode>> = {
  AI_LoadAPIKeyError: "unauthorized",
  AI_NoSuchModelError: "not-found",
  AI_JSONParseError: "bad-reply",
  AI_TypeValidationError: "bad-reply",
  AI_InvalidResponseDataError: "bad-reply",
  AI_EmptyResponseBodyError: "bad-reply",
  AI_InvalidPromptError: "rejected-request",
  AI_UnsupportedFunctionalityError: "rejected-request",
};

/** What the AI SDK threw, in our words. Its errors for failed calls carry the answer's status and body. */
export function aiSdkFailure(error: unknown, secrets: readonly string[]): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof AiSdkStreamError) {
    return classifyFailure({ status: 200, headers: {}, body: error.message }, secrets, Date.now());
  }
  const words = redact(wordsOf(error), secrets);
  const fields: unknown = error;
  if (!isFields(fields)) return new ChatError("unreachable", shortWords(words));
  const { statusCode, responseBody, name } = fields;
  if (typeof statusCode === "number" && statusCode >= 300) {
    const body = typeof responseBody === "string" && responseBody !== "" ? responseBody : words;
    return classifyFailure({ status: statusCode, headers: headersOf(fields), body }, secrets, Date.now());
  }
  const known = typeof name === "string" && Object.hasOwn(CODES, name) ? CODES[name] : undefined;
  return new ChatError(known ?? (isUnreadable(fields) ? "bad-reply" : "unreachable"), shortWords(words));
}

/** A status of success beside an error that a repetition would not mend: a body that could not be read. */
function isUnreadable(fields: Fields): boolean {
  return typeof fields.statusCode === "number" && fields.isRetryable !== true;
}

function headersOf(fields: Fields): Record<string, string> {
  const headers: Record<string, string> = {};
  const given = fields.responseHeaders;
  for (const [name, value] of Object.entries(isFields(given) ? given : {})) {
    if (typeof value === "string") headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** The SDK hides the reason of a broken connection in the cause. */
function wordsOf(error: unknown): string {
  const words = errorMessage(error);
  return error instanceof Error && error.cause instanceof Error ? `${words}: ${error.cause.message}` : words;
}
