import { shortWords } from "../errors.ts";
import { ChatError, type ChatErrorCode } from "./chat-error.ts";
import { readProviderWords } from "./provider-words.ts";
import { redact } from "./redact.ts";
import { type ResponseHeaders, readRetryAfter } from "./retry-after.ts";

/** An answer that is a failure: of a status other than 2xx, or an error object inside one of status 200. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
}

/** Codes that say more than the status beside them. */
const PARTICULAR: Readonly<Record<string, ChatErrorCode>> = {
  insufficient_quota: "no-credit",
  insufficient_balance: "no-credit",
  insufficient_credits: "no-credit",
  billing_error: "no-credit",
  billing_not_active: "no-credit",
  billing_hard_limit_reached: "no-credit",
  model_not_found: "not-found",
  deployment_not_found: "not-found",
  deploymentnotfound: "not-found",
  invalid_api_key: "unauthorized",
  account_deactivated: "unauthorized",
  rate_limit_exceeded: "rate-limited",
  rate_limit_error: "rate-limited",
  overloaded_error: "overloaded",
  engine_overloaded: "overloaded",
  context_length_exceeded: "rejected-request",
};

/** Words that say more than the status and the codes beside them. */
const TELLING: readonly (readonly [RegExp, ChatErrorCode])[] = [
  [/credit balance is too low|insufficient (?:balance|credits|funds)/i, "no-credit"],
  [/api[ _]key not valid|api_key_invalid|invalid api key|incorrect api key/i, "unauthorized"],
];

/** Codes that only count when the status says nothing. */
const GENERAL: Readonly<Record<string, ChatErrorCode>> = {
  invalid_request_error: "rejected-request",
  request_too_large: "rejected-request",
  invalid_argument: "rejected-request",
  badrequesterror: "rejected-request",
  authentication_error: "unauthorized",
  permission_error: "unauthorized",
  permission_denied: "unauthorized",
  unauthenticated: "unauthorized",
  not_found_error: "not-found",
  notfounderror: "not-found",
  too_many_requests: "rate-limited",
  resource_exhausted: "rate-limited",
};

function codeOfStatus(status: number, message: string): ChatErrorCode | undefined {
  if (status === 429) {
    // OpenAI answers 429 to a single request beyond the tokens of a whole minute: it can never pass.
    return /request too large/i.test(message) ? "rejected-request" : "rate-limited";
  }
  if (status === 403) return /flagged|moderation/i.test(message) ? "rejected-request" : "unauthorized";
  if (status === 401) return "unauthorized";
  if (status === 402) return "no-credit";
  if (status === 404) return "not-found";
  if (status === 408 || status === 409 || status === 425 || status >= 500) return "overloaded";
  if (status >= 400) return "rejected-request";
  return status >= 300 ? "not-found" : undefined;
}

function lookUp(
  table: Readonly<Record<string, ChatErrorCode>>,
  codes: readonly string[],
): ChatErrorCode | undefined {
  for (const code of codes) if (Object.hasOwn(table, code)) return table[code];
  return undefined;
}

/**
 * The error that a failed answer stands for. A particular code (`insufficient_quota` inside a 429) goes before
 * the status, the status before a general type; an error inside a stream that says nothing at all counts as
 * `overloaded`. The message is the provider's own, shortened, without any of `secrets`.
 */
export function classifyFailure(answer: FailedAnswer, secrets: readonly string[], now: number): ChatError {
  const { message, codes, status: innerStatus } = readProviderWords(answer.body);
  const status = answer.status < 300 ? (innerStatus ?? answer.status) : answer.status;
  const tooLarge = status === 429 && /request too large/i.test(message);
  const code =
    (tooLarge ? "rejected-request" : lookUp(PARTICULAR, codes)) ??
    TELLING.find(([words]) => words.test(message))?.[1] ??
    codeOfStatus(status, message) ??
    lookUp(GENERAL, codes) ??
    "overloaded";
  const redirected =
    answer.status >= 300 && answer.status < 400 ? `redirected to ${answer.headers.location}` : "";
  const words = shortWords(redact(redirected === "" ? message : redirected, secrets));
  const retryAfter = readRetryAfter(answer.headers, now);
  return new ChatError(code, words === "" ? `status ${status}` : `${words} (status ${status})`, {
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
