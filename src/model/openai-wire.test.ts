import { describe, expect, test } from "vitest";
import type { ChatRequest } from "./chat-model.ts";
import { type OpenAiWireOptions, openAiWire, readOpenAiEvent } from "./openai-wire.ts";

const OPTIONS: OpenAiWireOptions = {
  baseUrl: "http://localhost:8000/v1/",
  model: "m",
  key: "k",
  stream: true,
  structured: false,
  sampling: {},
  maxTokensField: "max_tokens",
  headers: {},
  body: {},
};
const REQUEST: ChatRequest = {
  messages: [{ role: "user", content: "hi" }],
  schema: { name: "script", schema: { type: "object" }, strict: true },
};

function bodyOf(options: Partial<OpenAiWireOptions>): Record<string, unknown> {
  return JSON.parse(openAiWire({ ...OPTIONS, ...options }).body(REQUEST));
}

describe("the request", () => {
  test("has nothing that was not asked for", () => {
    expect(bodyOf({})).toEqual({
      model: "m",
      messages: REQUEST.messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(bodyOf({ stream: false })).toEqual({ model: "m", messages: REQUEST.messages });
  });

  test("has the schema only when the replies are to be structured", () => {
    expect(bodyOf({ structured: true }).response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "script", schema: { type: "object" }, strict: true },
    });
  });

  test("has the sampling under the protocol's names, and further fields over ours", () => {
    const sampling = { temperature: 0, topP: 0.5, maxTokens: 9, seed: 7, stop: ["END"] };
    const body = bodyOf({ sampling, maxTokensField: "max_completion_tokens", body: { top_k: 3, seed: 8 } });
    expect(body).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      max_completion_tokens: 9,
      stop: ["END"],
      top_k: 3,
      seed: 8,
    });
    expect(body).not.toHaveProperty("max_tokens");
  });

  test("goes to the right place with the key", () => {
    const wire = openAiWire(OPTIONS);
    expect(wire.url).toBe("http://localhost:8000/v1/chat/completions");
    expect(wire.headers.authorization).toBe("Bearer k");
    expect(openAiWire({ ...OPTIONS, key: undefined }).headers).not.toHaveProperty("authorization");
  });
});

describe("an event", () => {
  const readEvent = readOpenAiEvent;
  const delta = (fields: unknown, finish: unknown = null) =>
    readEvent(JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] }));

  test.each([
    [{ content: "a" }, { text: "a" }],
    [{ role: "assistant", content: "" }, {}],
    [{ content: null, reasoning_content: "r" }, { reasoning: "r" }],
    [{ content: "", reasoning: "r" }, { reasoning: "r" }],
    [
      {
        content: [
          { type: "thinking", thinking: [] },
          { type: "text", text: "a" },
        ],
      },
      { text: "a" },
    ],
    [{ refusal: "I cannot" }, { finish: "filter" }],
    [{ content: 7 }, {}],
    [null, {}],
  ])("%j", (fields, part) => {
    expect(delta(fields)).toEqual(part);
  });

  test.each([
    ["stop", "stop"],
    ["length", "length"],
    ["content_filter", "filter"],
    ["tool_calls", "stop"],
    ["eos_token", "stop"],
    ["constructor", "stop"],
  ])("finish reason %s is %s", (reason, finish) => {
    expect(delta({}, reason)).toEqual({ finish });
  });

  test.each(["error", "insufficient_system_resource", "abort"])("finish reason %s is a failure", (reason) => {
    expect(delta({}, reason).failure).toContain(reason);
  });

  test("usage, with the cache as OpenAI and as DeepSeek tell it", () => {
    const usage = (fields: unknown) => readEvent(JSON.stringify({ choices: [], usage: fields })).usage;
    expect(
      usage({ prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } }),
    ).toEqual({ promptTokens: 9, completionTokens: 2, cachedTokens: 4 });
    expect(usage({ prompt_tokens: 9, completion_tokens: 2, prompt_cache_hit_tokens: 5 })?.cachedTokens).toBe(
      5,
    );
    expect(usage({ prompt_tokens: -1, completion_tokens: "2" })).toEqual({});
    expect(usage(null)).toBeUndefined();
  });

  test.each(["{", "null", "[]", '"text"', ""])("%j is malformed", (data) => {
    expect(readEvent(data).malformed).toBeTypeOf("string");
  });

  test("the end marker, and an error object", () => {
    expect(readEvent("[DONE]")).toEqual({ done: true });
    expect(readEvent('{"error":{"message":"x"}}')).toEqual({ failure: '{"error":{"message":"x"}}' });
    expect(readEvent('{"error":null,"choices":[]}')).toEqual({});
  });
});

test("a whole reply without choices is malformed", () => {
  const { readReply } = openAiWire(OPTIONS);
  expect(readReply('{"choices":[]}').malformed).toBeTypeOf("string");
  expect(readReply("{}").malformed).toBeTypeOf("string");
  expect(readReply('{"error":"no"}').failure).toBeTypeOf("string");
});
