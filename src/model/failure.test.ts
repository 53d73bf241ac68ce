import { describe, expect, test } from "vitest";
import { ChatError, type ChatErrorCode } from "./chat-model.ts";
import { classifyFailure, exceedsContext, statedLimits } from "./failure.ts";

function classify(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  secrets: string[] = [],
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return classifyFailure({ status, headers, body: text }, secrets, Date.parse("2026-01-01T00:00:00Z"));
}

/** Bodies in the shape in which the providers send them. */
const CASES: readonly (readonly [string, number, unknown, ChatErrorCode])[] = [
  [
    "OpenAI, quota",
    429,
    {
      error: {
        message: "You exceeded your current quota",
        type: "insufficient_quota",
        code: "insufficient_quota",
      },
    },
    "no-credit",
  ],
  [
    "OpenAI, rate",
    429,
    { error: { message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" } },
    "rate-limited",
  ],
  [
    "OpenAI, one request beyond a minute's tokens",
    429,
    {
      error: {
        message: "Request too large for gpt-4o on tokens per min",
        type: "tokens",
        code: "rate_limit_exceeded",
      },
    },
    "rejected-request",
  ],
  [
    "OpenAI, no such model",
    404,
    {
      error: {
        message: "The model `x` does not exist",
        type: "invalid_request_error",
        code: "model_not_found",
      },
    },
    "not-found",
  ],
  [
    "LiteLLM, no such model",
    400,
    { error: { message: "/chat/completions: Invalid model name passed in model=m.", code: "400" } },
    "not-found",
  ],
  [
    "LiteLLM, a key it does not know",
    400,
    { error: { message: "?", type: "no_db_connection" } },
    "unauthorized",
  ],
  ["OpenAI, no such model, as 400", 400, { error: { message: "?", code: "model_not_found" } }, "not-found"],
  [
    "OpenAI, context",
    400,
    {
      error: {
        message: "maximum context length",
        type: "invalid_request_error",
        code: "context_length_exceeded",
      },
    },
    "rejected-request",
  ],
  [
    "OpenAI, key",
    401,
    {
      error: {
        message: "Incorrect API key provided: sk-ab***yz",
        type: "invalid_request_error",
        code: "invalid_api_key",
      },
    },
    "unauthorized",
  ],
  [
    "OpenAI, server",
    500,
    { error: { message: "The server had an error", type: "server_error" } },
    "overloaded",
  ],
  [
    "Anthropic, overloaded",
    529,
    { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
    "overloaded",
  ],
  [
    "Anthropic, rate",
    429,
    { type: "error", error: { type: "rate_limit_error", message: "slow" } },
    "rate-limited",
  ],
  [
    "Anthropic, key",
    401,
    { type: "error", error: { type: "authentication_error", message: "invalid x-api-key" } },
    "unauthorized",
  ],
  [
    "Anthropic, credit",
    400,
    {
      type: "error",
      error: {
        type: "invalid_request_error",
        message: "Your credit balance is too low to access the Anthropic API.",
      },
    },
    "no-credit",
  ],
  ["Anthropic, billing", 402, { type: "error", error: { type: "billing_error", message: "?" } }, "no-credit"],
  [
    "Anthropic, too large",
    413,
    { type: "error", error: { type: "request_too_large", message: "?" } },
    "rejected-request",
  ],
  [
    "Anthropic, inside a stream",
    200,
    { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
    "overloaded",
  ],
  [
    "OpenRouter, inside a stream",
    200,
    { error: { code: 429, message: "Provider returned error" } },
    "rate-limited",
  ],
  ["OpenRouter, credit", 402, { error: { code: 402, message: "Insufficient credits" } }, "no-credit"],
  [
    "OpenRouter, moderation",
    403,
    { error: { code: 403, message: "Your input was flagged" } },
    "rejected-request",
  ],
  [
    "DeepSeek, balance",
    402,
    { error: { message: "Insufficient Balance", type: "unknown_error" } },
    "no-credit",
  ],
  [
    "vLLM, old",
    404,
    { object: "error", message: "The model `x` does not exist.", type: "NotFoundError", code: 404 },
    "not-found",
  ],
  [
    "vLLM, inside a stream",
    200,
    { object: "error", message: "bad", type: "BadRequestError", code: 400 },
    "rejected-request",
  ],
  [
    "Gemini, key",
    400,
    [
      {
        error: {
          code: 400,
          message: "API key not valid. Please pass a valid API key.",
          status: "INVALID_ARGUMENT",
        },
      },
    ],
    "unauthorized",
  ],
  [
    "Gemini, rate",
    429,
    [{ error: { code: 429, message: "Resource exhausted", status: "RESOURCE_EXHAUSTED" } }],
    "rate-limited",
  ],
  ["FastAPI", 422, { detail: [{ loc: ["body"], msg: "field required" }] }, "rejected-request"],
  ["Ollama", 404, { error: "model 'x' not found" }, "not-found"],
  [
    "a proxy's page",
    502,
    "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
    "overloaded",
  ],
  ["a redirect", 308, "", "not-found"],
  ["nothing at all inside a stream", 200, { error: {} }, "overloaded"],
  ["request timeout", 408, "", "overloaded"],
];

test.each(CASES)("%s", (_name, status, body, code) => {
  expect(classify(status, body).code).toBe(code);
});

describe("the message", () => {
  test("is the provider's own, with the status", () => {
    expect(classify(429, { error: { message: "Slow down" } }).message).toBe("Slow down (status 429)");
    expect(classify(502, "<title>502 Bad Gateway</title>").message).toBe("502 Bad Gateway (status 502)");
    expect(classify(503, "").message).toBe("status 503");
  });

  test("of a page without an end is had at once", () => {
    for (const piece of ["<", "<title", "<title>", "<a "]) {
      const { message } = classify(500, piece.repeat(200_000));
      expect(message.length).toBeLessThan(330);
    }
  });

  test("is short, one line, and without control characters", () => {
    const { message } = classify(500, { error: { message: `a\n\u001b[31m${"b".repeat(10_000)}` } });
    expect(message.length).toBeLessThan(330);
    expect(message).not.toContain("\u001b");
    expect(message).not.toContain("\n");
  });

  test("holds no key, whole, half masked or cut", () => {
    const key = "my-private-key-of-no-known-shape";
    const body = {
      error: {
        message: `Key ${key} or sk-abcdef***wxyz or Bearer abcdef1234567890 is wrong${" ".repeat(290)}${key}`,
      },
    };
    const { message } = classify(401, body, {}, [key]);
    expect(message).not.toMatch(/my-private|sk-abc|abcdef1234/);
    const late = classify(401, { error: { message: `${"x".repeat(290)} ${key}` } }, {}, [key]);
    expect(late.message).not.toContain("my-pr");
  });
});

describe("the wait that is asked for", () => {
  const waitOf = (headers: Record<string, string>) => classify(429, "", headers).retryAfter;

  test("in seconds, in milliseconds, as a date", () => {
    expect(waitOf({ "retry-after": "7" })).toBe(7000);
    expect(waitOf({ "retry-after": "0.5" })).toBe(500);
    expect(waitOf({ "retry-after-ms": "123", "retry-after": "7" })).toBe(123);
    expect(waitOf({ "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" })).toBe(30_000);
    expect(waitOf({ "retry-after": "Thu, 01 Jan 2015 00:00:30 GMT" })).toBe(0);
  });

  test("is left out when it makes no sense, and bounded", () => {
    expect(waitOf({})).toBeUndefined();
    expect(waitOf({ "retry-after": "soon" })).toBeUndefined();
    expect(waitOf({ "retry-after": "999999999" })).toBe(24 * 60 * 60 * 1000);
  });
});

const refused = (message: string): boolean => exceedsContext(new ChatError("rejected-request", message));

describe("a request that is longer than the context", () => {
  test.each([
    "This model's maximum context length is 8192 tokens. However, you requested 9216 tokens (8192 in the messages, 1024 in the completion). Please reduce the length of the messages or completion. (status 400)",
    "This model's maximum context length is 2048 tokens and your request has 2100 input tokens (status 400)",
    "prompt is too long: 215000 tokens > 200000 maximum (status 400)",
    "input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000 (status 400)",
    "The input (9000 tokens) is longer than the model's context length (8192 tokens). (status 400)",
    "the request exceeds the available context size (4096 tokens), try increasing it (status 400)",
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8192. Given: 8000 and 1024 (status 422)",
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576). (status 400)",
    "Prompt contains 40000 tokens, too large for model with 32768 maximum context length (status 400)",
  ])("is known by %j", (message) => expect(refused(message)).toBe(true));

  test.each(["max_tokens must be at least 1 (status 400)", 'unknown field "foo" (status 400)', "status 400"])(
    "is not taken for one that is refused with %j",
    (message) => expect(refused(message)).toBe(false),
  );

  test("is a refusal, not a failure of the server", () => {
    expect(exceedsContext(new ChatError("overloaded", "maximum context length"))).toBe(false);
  });
});

test.each([
  [
    "This model's maximum context length is 8192 tokens. However, you requested 11792 tokens (3600 in the messages, 8192 in the completion).",
    { context: 8192, prompt: 3600 },
  ],
  [
    "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 8192 tokens and your request has 3600 input tokens (8192 > 8192 - 3600).",
    { context: 8192, prompt: 3600 },
  ],
  [
    "You passed 3501 input tokens and requested 8192 output tokens. However, the model's context length is only 8192 tokens",
    { context: 8192, prompt: 3501 },
  ],
  [
    "Requested token count exceeds the model's maximum context length of 8192 tokens. You requested a total of 11792 tokens: 3600 tokens from the input messages and 8192 tokens for the completion.",
    { context: 8192, prompt: 3600 },
  ],
  [
    "input length and `max_tokens` exceed context limit: 199,000 + 4096 > 200,000",
    { context: 200_000, prompt: 199_000 },
  ],
  [
    "request (4200 tokens) exceeds the available context size (4096 tokens), try increasing it",
    { context: 4096, prompt: 4200 },
  ],
  [
    "`inputs` tokens + `max_new_tokens` must be <= 8192. Given: 3600 `inputs` tokens and 8192 `max_new_tokens`",
    { context: 8192, prompt: 3600 },
  ],
  [
    "max_tokens is too large: 8192. This model supports at most 4096 completion tokens, whereas you provided 8192.",
    { output: 4096 },
  ],
  ["Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", { output: 8192 }],
  ["max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens", { output: 64_000 }],
  ["`max_tokens` must be less than or equal to `4096`, the maximum value for `max_tokens`", { output: 4096 }],
  ["flagged by moderation", {}],
])("the limits of %j", (message, limits) => {
  expect(statedLimits(message)).toEqual(limits);
});
