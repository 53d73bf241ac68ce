import { shortWords } from "../errors.ts";
import { type Fields, isFields } from "./call.ts";
import { ChatError, type ChatErrorCode } from "./chat-model.ts";

/** An answer that is a failure: of a status other than 2xx, or an error object inside one of status 200. */
interface FailedAnswer {
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
  // LiteLLM without a database, of a key that it does not know.
  no_db_connection: "unauthorized",
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
  [/invalid model name passed/i, "not-found"],
  [/is too large to process/i, "rejected-request"],
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
  if (status === 429) return "rate-limited";
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
export function classifyFailure(
  answer: FailedAnswer,
  secrets: readonly string[],
  now: number = Date.now(),
): ChatError {
  const { message, codes, status: innerStatus } = readProviderWords(answer.body);
  const status = answer.status < 300 ? (innerStatus ?? answer.status) : answer.status;
  // OpenAI answers 429 to a single request beyond the tokens of a whole minute: it can never pass.
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
  return new ChatError(code, words === "" ? `status ${status}` : `${words} (status ${status})`, {
    status,
    retryAfter: readRetryAfter(answer.headers, now),
  });
}

/** What a provider said about a failure: its words and the codes it gave, all that could be found. */
interface ProviderWords {
  readonly message: string;
  /** `code`, `type` and `status` of the error object, lower-case, the most particular first. */
  readonly codes: readonly string[];
  /** A status code inside the error object; proxies send it in answers of status 200. */
  readonly status: number | undefined;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A web page's title, else its text without the tags. No tag reaches over the next `<`, so that the time is linear. */
function plainWords(body: string): string {
  if (!/^\s*</.test(body)) return body;
  const title = /<title[^<>]*>([^<]*)<\/title>/i.exec(body)?.[1];
  return title ?? body.replace(/<[^<>]*>/g, " ");
}

/** The object that describes the error, wherever the provider puts it. */
function errorFields(value: unknown): Fields | undefined {
  if (Array.isArray(value)) return errorFields(value[0]);
  if (!isFields(value)) return undefined;
  if (typeof value.error === "string") return { ...value, message: value.error };
  if (isFields(value.error)) return value.error;
  if (Array.isArray(value.errors)) return errorFields(value.errors[0]) ?? value;
  return value;
}

function messageOf(fields: Fields): string | undefined {
  for (const value of [fields.message, fields.detail, fields.msg]) {
    if (typeof value === "string" && value !== "") return value;
    if (value !== undefined && value !== null) return JSON.stringify(value);
  }
  return undefined;
}

function statusOf(value: unknown): number | undefined {
  const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === "number" && status >= 400 && status <= 599 ? status : undefined;
}

/**
 * Reads the body of a failed answer: OpenAI's, Anthropic's, Gemini's (a list), FastAPI's (`detail`) and the
 * plain texts and pages of proxies.
 */
function readProviderWords(body: string): ProviderWords {
  const fields = errorFields(parse(body));
  if (fields === undefined) return { message: plainWords(body), codes: [], status: undefined };
  const codes = [fields.code, fields.type, fields.status]
    .filter((code) => typeof code === "string")
    .map((code) => code.toLowerCase());
  return {
    message: messageOf(fields) ?? body,
    codes,
    status: statusOf(fields.code) ?? statusOf(fields.status),
  };
}

/** Response headers as Node gives them: lower-case names. */
type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The longest wait that is believed: one day, in milliseconds. A longer one is a fault of the header. */
const LONGEST_WAIT = 24 * 60 * 60 * 1000;

function first(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  const one = typeof value === "string" ? value : value?.[0];
  return one?.trim();
}

function milliseconds(text: string | undefined, unit: number): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * unit : undefined;
}

/**
 * How long a provider asks to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as an
 * HTTP date. Undefined when it does not say, or says nothing that makes sense.
 */
function readRetryAfter(headers: ResponseHeaders, now: number): number | undefined {
  const asked =
    milliseconds(first(headers, "retry-after-ms"), 1) ?? milliseconds(first(headers, "retry-after"), 1000);
  if (asked !== undefined) return Math.min(asked, LONGEST_WAIT);
  const date = Date.parse(first(headers, "retry-after") ?? "");
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), LONGEST_WAIT);
}

/** What stands where a secret was. */
const MARK = "[redacted]";

/** Keys as providers write them, also half masked (`sk-ab***yz`) in their own messages, and bearer tokens. */
const LIKE_A_KEY =
  /\b(?:sk|pk|rk|gsk|xai|fw|hf|tgp|AIza)[-_][\w*.…-]{6,}|\bAIza[\w-]{20,}|\b[Bb]earer\s+[\w.~+/=*-]{8,}/g;

/** Shorter values are not keys; taking them out would only tear words apart. */
const SHORTEST_SECRET = 6;

/** A text without the secrets, and without anything that looks like a provider's key. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    clean = clean.replaceAll(secret, MARK).replaceAll(encodeURIComponent(secret), MARK);
  }
  return clean.replace(LIKE_A_KEY, MARK);
}

/**
 * How servers say that a request is longer than the model's context: OpenAI, vLLM and DeepSeek ("maximum context
 * length"), Anthropic ("prompt is too long", "exceed context limit"), SGLang ("longer than the model's context
 * length"), llama.cpp ("exceeds the available context size"), TGI ("`inputs` tokens + `max_new_tokens` must be"),
 * Gemini ("exceeds the maximum number of tokens"), Mistral ("too large for model with"); of embeddings llama.cpp ("is
 * too large to process", with status 500) and TEI ("must have less than 512 tokens").
 */
const TOO_LONG =
  /context[ _-]?(?:length|size|window|limit)|prompt is too long|input is too long|max_new_tokens. must be|exceeds the maximum number of tokens|too large for model with|too large to process|must have less than \d+ tokens|reduce the length of/i;

/** Whether a request was refused because it and the reply do not fit into the model's context. */
export function exceedsContext({ code, message }: ChatError): boolean {
  return code === "rejected-request" && TOO_LONG.test(message);
}

/** How servers state the limits that a request did not keep: the most tokens of a context and of a reply. */
const STATED: Readonly<Record<"context" | "prompt" | "output", readonly RegExp[]>> = {
  context: [
    /maximum context length (?:is|of) (\d+)/i,
    /context (?:length|size|window)[^.\d]{0,40}?\(?(\d+)/i,
    /exceed context limit: \d+ \+ \d+ > (\d+)/i,
    /must be <= (\d+)/i,
    /too large for model with (\d+) maximum context/i,
  ],
  prompt: [
    /(?:request has|contains at least|passed|contains) (\d+) (?:input )?tokens/i,
    /\((\d+) in the messages/i,
    /(\d+) tokens from the input messages/i,
    /exceed context limit: (\d+) \+/i,
    /(?:request|input) \((\d+) tokens\)/i,
    /given: (\d+)/i,
  ],
  output: [
    /at most (\d+) completion tokens/i,
    /range of max_(?:completion_)?tokens is \[\d+, ?(\d+)\]/i,
    /max_(?:completion_)?tokens`?(?::| must be less than or equal to)[^.]*?(?:>|`)\s*(\d+)/i,
  ],
};

/** The limits, in tokens, that the words of a refusal state, and how many tokens it counted in the prompt. */
export function statedLimits(message: string): {
  readonly context?: number;
  readonly prompt?: number;
  readonly output?: number;
} {
  const plain = message.replace(/(\d),(?=\d{3}\b)/g, "$1");
  const found: Record<string, number> = {};
  for (const [name, patterns] of Object.entries(STATED)) {
    const number = patterns.map((pattern) => pattern.exec(plain)?.[1]).find((text) => text !== undefined);
    if (number !== undefined) found[name] = Number(number);
  }
  return found;
}
