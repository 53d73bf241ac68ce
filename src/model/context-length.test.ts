import { describe, expect, test } from "vitest";
import { ChatError } from "./chat-error.ts";
import { exceedsContext } from "./context-length.ts";

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
